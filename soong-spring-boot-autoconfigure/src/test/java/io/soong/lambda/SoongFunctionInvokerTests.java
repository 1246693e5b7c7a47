package io.soong.lambda;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLTimeoutException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

import io.soong.auth.DatabaseCredentials;
import io.soong.jdbc.ConnectionSettings;
import io.soong.jdbc.SoongConnectionException;
import io.soong.jdbc.SoongDataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Which threads an invocation applies to. Its remaining time is shorter than the deadline
 * margin, so that a borrower within it gets a timeout, and any other a refused
 * connection.
 */
class SoongFunctionInvokerTests {

	private static final AtomicReference<Runnable> TASK = new AtomicReference<>(() -> {
	});

	private SoongDataSource dataSource = dataSource(1);

	@BeforeEach
	void prepare() throws IOException {
		System.setProperty("MAIN_CLASS", Application.class.getName());
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			this.dataSource = dataSource(socket.getLocalPort());
		}
	}

	@AfterEach
	void cleanUp() {
		System.clearProperty("MAIN_CLASS");
		this.dataSource.close();
	}

	@Test
	void invocationEndsWhenTheFunctionFails() {
		SoongFunctionInvoker invoker = new SoongFunctionInvoker();
		TASK.set(() -> {
			assertThat(borrow()).isInstanceOf(SQLTimeoutException.class);
			throw new IllegalStateException("as it must");
		});
		assertThatIllegalStateException().isThrownBy(() -> invoke(invoker)).withMessage("as it must");
		assertThat(borrow()).isInstanceOf(SoongConnectionException.class);
		assertThat(CompletableFuture.supplyAsync(this::borrow).join()).isInstanceOf(SoongConnectionException.class);
	}

	@Test
	void invocationCountsForAllThreadsWhereItIsTheOnlyOne() throws IOException {
		TASK.set(() -> assertThat(CompletableFuture.supplyAsync(this::borrow).join())
			.isInstanceOf(SQLTimeoutException.class));
		invoke(new SoongFunctionInvoker(null, Map.<String, String>of()::get));
	}

	@Test
	void invocationCountsForItsThreadAloneOnManagedInstances() throws IOException {
		Map<String, String> variables = Map.of("AWS_LAMBDA_RUNTIME_API", "127.0.0.1:9001",
				"AWS_LAMBDA_INITIALIZATION_TYPE", "lambda-managed-instances", "AWS_LAMBDA_MAX_CONCURRENCY", "2");
		TASK.set(() -> {
			assertThat(borrow()).isInstanceOf(SQLTimeoutException.class);
			assertThat(CompletableFuture.supplyAsync(this::borrow).join()).isInstanceOf(SoongConnectionException.class);
		});
		invoke(new SoongFunctionInvoker(null, variables::get));
	}

	private Throwable borrow() {
		return catchThrowable(() -> {
			try (Connection connection = this.dataSource.getConnection()) {
				assertThat(connection).isNull();
			}
		});
	}

	private static void invoke(SoongFunctionInvoker invoker) throws IOException {
		invoker.handleRequest(new ByteArrayInputStream("\"x\"".getBytes(StandardCharsets.UTF_8)),
				new ByteArrayOutputStream(), SoongFunctionInvokerIntegrationTests.context(1));
	}

	private static SoongDataSource dataSource(int port) {
		return new SoongDataSource(ConnectionSettings.builder("localhost")
			.port(port)
			.user("jane_doe")
			.connectTimeout(Duration.ofMillis(1))
			.build(), (endpoint) -> new DatabaseCredentials("jane_doe", null));
	}

	@SpringBootConfiguration
	@EnableAutoConfiguration
	static class Application {

		@Bean
		Function<String, String> run() {
			return (event) -> {
				Objects.requireNonNull(TASK.get()).run();
				return "done";
			};
		}

	}

}
