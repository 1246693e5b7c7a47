package io.soong.lambda;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

import com.amazonaws.services.lambda.runtime.Context;
import io.soong.Pace;
import io.soong.SharedRds;
import io.soong.jdbc.SoongConnectionException;
import io.soong.jdbc.SoongDataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Functions of several kinds, all of which would take a minute, in one environment.
 */
@Timeout(120)
@ExtendWith(OutputCaptureExtension.class)
class SoongFunctionInvokerIntegrationTests {

	private static final int ENOUGH_MILLIS = 60_000;

	private static final Duration MARGIN = Duration.ofSeconds(2);

	private static final int FEW_MILLIS = (int) MARGIN.plus(Pace.moment()).plusMillis(100).toMillis();

	@BeforeAll
	static void nameApplication() {
		System.setProperty("MAIN_CLASS", Application.class.getName());
	}

	@AfterAll
	static void forgetApplication() {
		System.clearProperty("MAIN_CLASS");
	}

	@ParameterizedTest
	@ValueSource(strings = { "plain", "mono", "flux", "monoElsewhere", "parallel" })
	void functionIsCancelledAtItsDeadlineAndWorksTheNextTime(String name) throws IOException {
		SoongFunctionInvoker invoker = new SoongFunctionInvoker(name);
		assertThat(invoke(invoker, "0", ENOUGH_MILLIS)).contains("done");
		for (int i = 0; i < 2; i++) {
			assertThatThrownBy(() -> invoke(invoker, "60", FEW_MILLIS))
				.hasStackTraceContaining("The deadline of invocation 8f-1 cancelled this statement")
				.hasRootCauseInstanceOf(SQLException.class);
			assertThat(invoke(invoker, "0", ENOUGH_MILLIS)).contains("done");
		}
	}

	@Test
	void functionThatLeaksIsCleanedUpAfterEveryTime(CapturedOutput output) throws IOException {
		SoongFunctionInvoker invoker = new SoongFunctionInvoker("leaking");
		for (int i = 0; i < 3; i++) {
			assertThat(invoke(invoker, "0", ENOUGH_MILLIS)).contains("done");
		}
		assertThat(output.getOut().split("A connection was not returned", -1)).hasSize(4);
	}

	@Test
	void functionWithoutATransactionSaysWhy() throws Exception {
		SoongFunctionInvoker invoker = new SoongFunctionInvoker("transactional");
		assertThat(invoke(invoker, "0", ENOUGH_MILLIS)).contains("done");
		SharedRds.rds().refuseLogins(1, "28P01", "no");
		SharedRds.rds().killConnections();
		assertThatThrownBy(() -> invoke(invoker, "0", ENOUGH_MILLIS))
			.isInstanceOf(CannotCreateTransactionException.class)
			.hasMessageContaining("Could not open JDBC Connection for transaction: Login to ")
			.hasCauseInstanceOf(SoongConnectionException.class);
	}

	@Test
	void functionWithoutContextOrDeadlineHasAllTheTime() throws IOException {
		SoongFunctionInvoker invoker = new SoongFunctionInvoker("plain");
		assertThat(invoke(invoker, "0", 0)).contains("done");
		ByteArrayOutputStream output = new ByteArrayOutputStream();
		invoker.handleRequest(new ByteArrayInputStream("0".getBytes(StandardCharsets.UTF_8)), output, null);
		assertThat(output.toString(StandardCharsets.UTF_8)).contains("done");
	}

	private static String invoke(SoongFunctionInvoker invoker, String event, int remainingMillis) throws IOException {
		ByteArrayOutputStream output = new ByteArrayOutputStream();
		invoker.handleRequest(new ByteArrayInputStream(event.getBytes(StandardCharsets.UTF_8)), output,
				context(remainingMillis));
		return output.toString(StandardCharsets.UTF_8);
	}

	static Context context(int remainingMillis) {
		return (Context) Proxy.newProxyInstance(Context.class.getClassLoader(), new Class<?>[] { Context.class },
				(proxy, method, args) -> switch (method.getName()) {
					case "getRemainingTimeInMillis" -> remainingMillis;
					case "getAwsRequestId" -> "8f-1";
					case "hashCode" -> 1;
					case "equals" -> proxy == args[0];
					default -> "";
				});
	}

	@SpringBootConfiguration
	@EnableAutoConfiguration
	static class Application {

		@Bean
		SoongDataSource dataSource() {
			return new SoongDataSource(SharedRds.settings().deadlineMargin(MARGIN).max(4).build(), SharedRds.iam());
		}

		@Bean
		Function<Integer, String> plain(JdbcTemplate jdbcTemplate) {
			return (seconds) -> sleep(jdbcTemplate, seconds);
		}

		@Bean
		Function<Mono<Integer>, Mono<String>> mono(JdbcTemplate jdbcTemplate) {
			return (seconds) -> seconds.map((s) -> sleep(jdbcTemplate, s));
		}

		@Bean
		Function<Flux<Integer>, Flux<String>> flux(JdbcTemplate jdbcTemplate) {
			return (seconds) -> seconds.map((s) -> sleep(jdbcTemplate, s));
		}

		@Bean
		Function<Integer, Mono<String>> monoElsewhere(JdbcTemplate jdbcTemplate) {
			return (seconds) -> Mono.fromCallable(() -> sleep(jdbcTemplate, seconds))
				.subscribeOn(Schedulers.boundedElastic());
		}

		@Bean
		Function<Integer, String> parallel(JdbcTemplate jdbcTemplate) {
			return (seconds) -> {
				List<String> done = IntStream.range(0, 3)
					.parallel()
					.mapToObj((i) -> sleep(jdbcTemplate, seconds))
					.toList();
				return done.get(0);
			};
		}

		@Bean
		Function<Integer, String> transactional(JdbcTemplate jdbcTemplate, PlatformTransactionManager transactions) {
			TransactionTemplate transaction = new TransactionTemplate(transactions);
			return (seconds) -> transaction.<String>execute((status) -> sleep(jdbcTemplate, seconds));
		}

		@Bean
		Function<Integer, String> leaking(SoongDataSource dataSource, JdbcTemplate jdbcTemplate) {
			return (seconds) -> {
				try {
					dataSource.getConnection().createStatement().execute("SELECT " + seconds);
					return sleep(jdbcTemplate, seconds);
				}
				catch (SQLException ex) {
					throw new IllegalStateException(ex);
				}
			};
		}

		private static String sleep(JdbcTemplate jdbcTemplate, int seconds) {
			return String.valueOf(jdbcTemplate.queryForObject("SELECT 'done' FROM pg_sleep(?)", String.class, seconds));
		}

	}

}
