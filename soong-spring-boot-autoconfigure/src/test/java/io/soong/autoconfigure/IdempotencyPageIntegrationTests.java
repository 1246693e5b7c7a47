package io.soong.autoconfigure;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.function.Function;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse.BatchItemFailure;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.soong.auth.DatabaseCredentials;
import io.soong.jdbc.ConnectionSettings;
import io.soong.jdbc.SoongDataSource;
import io.soong.lambda.SoongFunctionInvoker;
import io.soong.sql.SoongTemplate;
import io.soong.test.Moment;
import io.soong.test.RdsLookalike;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.core.io.FileSystemResource;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;

import static io.soong.sql.Expression.minus;
import static io.soong.sql.JsonValue.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Runs what the page about events that come twice shows, with the tables that it shows.
 */
@Timeout(120)
class IdempotencyPageIntegrationTests {

	private static final String PASSWORD = "s3cret-of-bob";

	private static final int MILLIS = 1_500;

	private static RdsLookalike rds;

	private static SoongDataSource dataSource;

	private static SoongTemplate soong;

	@BeforeAll
	static void start() throws IOException, SQLException {
		rds = RdsLookalike.builder().passwordUser("bob", PASSWORD).start();
		for (String tables : Page.read("idempotency.md").blocks("sql")) {
			rds.execute(tables);
		}
		rds.execute("CREATE TABLE stock (id int PRIMARY KEY, count int NOT NULL CHECK (count >= 0))");
		rds.execute("CREATE TABLE orders (id int PRIMARY KEY, status text NOT NULL DEFAULT 'new')");
		rds.execute("GRANT ALL ON ALL TABLES IN SCHEMA public TO bob");
		dataSource = newDataSource();
		soong = new SoongTemplate(new JdbcTemplate(dataSource), new JdbcTransactionManager(dataSource));
		System.setProperty("MAIN_CLASS", Application.class.getName());
	}

	@AfterAll
	static void stop() throws SQLException {
		System.clearProperty("MAIN_CLASS");
		dataSource.close();
		rds.close();
	}

	@BeforeEach
	void fill() throws SQLException {
		rds.clearFaults();
		rds.execute("TRUNCATE events, stock, orders, outbox, steps");
		rds.execute("INSERT INTO stock VALUES (1, 10), (2, 10), (3, 0), (42, 10)");
	}

	@Test
	void eventThatIsDeliveredTwiceIsHandledOnce() {
		assertThat(List.of(take("a"), take("b"), take("a"))).containsExactly(true, true, false);
		assertThat(soong.get("stock", 42).orElseThrow()).containsEntry("count", 8);
	}

	@Test
	void stateThatWasLeftIsNotLeftAgain() throws SQLException {
		rds.execute("INSERT INTO orders VALUES (7)");
		List<Integer> changes = new ArrayList<>();
		for (int i = 0; i < 2; i++) {
			int changed = soong.update("orders", Map.of("id", 7, "status", "new"), Map.of("status", "shipped"));
			changes.add(changed);
		}
		assertThat(changes).containsExactly(1, 0);
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void commitWhoseOutcomeIsUnknownIsFoundOutByDoingItAgain(boolean committed) {
		rds.when(committed ? Moment.commitAnswer() : Moment.commit()).cut();
		assertThatExceptionOfType(DataAccessException.class).isThrownBy(() -> take("a"))
			.satisfies((ex) -> assertThat(isOutcomeUnknown(ex)).isTrue());
		rds.clearFaults();
		assertThat(take("a")).isEqualTo(!committed);
		assertThat(soong.get("stock", 42).orElseThrow()).containsEntry("count", 9);
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void eventWhoseOutcomeIsUnknownIsHandledOnceMore(boolean committed) {
		rds.when(committed ? Moment.commitAnswer() : Moment.commit()).cut();
		assertThat(takeAndAskAgain("a")).isEqualTo(!committed);
		assertThat(soong.get("stock", 42).orElseThrow()).containsEntry("count", 9);
	}

	@Test
	void eventWhoseCommitIsStillToComeIsWaitedFor() throws Exception {
		try (Connection other = rds.openAdminConnection(); Statement statement = other.createStatement()) {
			other.setAutoCommit(false);
			statement.execute("INSERT INTO events VALUES ('a')");
			assertThat(soong.select("events").where("id", "a").exists()).isFalse();
			FutureTask<Boolean> again = new FutureTask<>(() -> take("a"));
			new Thread(again).start();
			awaitLock(statement, again);
			assertThat(again).isNotDone();
			other.commit();
			assertThat(again.get()).isFalse();
		}
		assertThat(soong.get("stock", 42).orElseThrow()).containsEntry("count", 10);
	}

	@ParameterizedTest
	@ValueSource(strings = { "takeAll", "takeAllTyped" })
	void batchIsAnsweredWithWhatFailed(String function) throws IOException {
		String event = batch(1, 3, 2);
		assertThat(invoke(function, event, 0))
			.isEqualTo("{\"batchItemFailures\":[{\"itemIdentifier\":\"message-3\"}]}");
		assertThat(invoke(function, event, 0))
			.isEqualTo("{\"batchItemFailures\":[{\"itemIdentifier\":\"message-3\"}]}");
		assertThat(soong.select("stock").orderBy("id").columns("count").list(Integer.class)).containsExactly(9, 9, 0,
				10);
		assertThat(invoke(function, batch(1), 0)).isEqualTo("{\"batchItemFailures\":[]}");
	}

	@Test
	void batchThatRunsIntoTheDeadlineIsAnsweredInTime() throws IOException, SQLException {
		try (Connection other = rds.openAdminConnection(); Statement statement = other.createStatement()) {
			other.setAutoCommit(false);
			statement.execute("SELECT * FROM stock WHERE id = 2 FOR UPDATE");
			assertThat(invoke("takeAll", batch(2, 1), MILLIS)).isEqualTo(
					"{\"batchItemFailures\":[{\"itemIdentifier\":\"message-2\"},{\"itemIdentifier\":\"message-1\"}]}");
			other.rollback();
		}
		assertThat(soong.select("events").count()).isZero();
	}

	@Test
	void messageIsWrittenWithWhatItTellsOfOrNotAtAll() {
		place(7);
		assertThatExceptionOfType(DataAccessException.class).isThrownBy(() -> place(7));
		assertThat(soong.select("outbox").columns("body").list(JsonNode.class)).singleElement()
			.hasToString("{\"order\":7}");
		assertThat(soong.select("orders").count()).isOne();
	}

	@Test
	void stepThatRunsTwiceReturnsItsFirstResult() {
		assertThat(reserve("execution-1", "reserve")).isEqualTo(9);
		assertThat(reserve("execution-1", "reserve")).isEqualTo(9);
		assertThat(reserve("execution-2", "reserve")).isEqualTo(8);
	}

	private static void awaitLock(Statement statement, Future<?> waiting) throws SQLException {
		boolean waits = false;
		while (!waits && !waiting.isDone()) {
			try (ResultSet locks = statement.executeQuery("SELECT count(*) > 0 FROM pg_locks WHERE NOT granted")) {
				waits = locks.next() && locks.getBoolean(1);
			}
		}
	}

	private static boolean take(String messageId) {
		boolean first = soong.inTransaction(() -> {
			if (!soong.insertIfAbsent("events", Map.of("id", messageId), "id")) {
				return false;
			}
			soong.update("stock", 42, Map.of("count", minus(1)));
			return true;
		});
		return first;
	}

	private static boolean takeAndAskAgain(String messageId) {
		try {
			return take(messageId);
		}
		catch (DataAccessException ex) {
			if (!isOutcomeUnknown(ex)) {
				throw ex;
			}
			// On a new connection: false if the first attempt was committed after all
			return take(messageId);
		}
	}

	private static boolean isOutcomeUnknown(Throwable failure) {
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			if (cause instanceof SQLException ex && "08007".equals(ex.getSQLState())) {
				return true;
			}
		}
		return false;
	}

	private static void place(int orderId) {
		soong.inTransaction(() -> {
			soong.insert("orders", Map.of("id", orderId));
			soong.insert("outbox", Map.of("body", json(Map.of("order", orderId))));
		});
	}

	private static int reserve(String execution, String step) {
		return soong.inTransaction(() -> {
			Map<String, String> key = Map.of("execution", execution, "step", step);
			if (!soong.insertIfAbsent("steps", key, "execution", "step")) {
				return soong.select("steps", key, Reserved.class).get(0).result();
			}
			soong.update("stock", 42, Map.of("count", minus(1)));
			int left = soong.queryOne(Integer.class, "SELECT count FROM stock WHERE id = ?", 42).orElseThrow();
			soong.update("steps", key, Map.of("result", left));
			return left;
		});
	}

	record Reserved(int result) {
	}

	private static String batch(int... stocks) {
		List<String> records = new ArrayList<>();
		for (int stock : stocks) {
			records.add("{\"messageId\": \"message-%d\", \"body\": \"%d\", \"eventSource\": \"aws:sqs\"}"
				.formatted(stock, stock));
		}
		return "{\"Records\": " + records + "}";
	}

	private static String invoke(String function, String event, int remainingMillis) throws IOException {
		ByteArrayOutputStream output = new ByteArrayOutputStream();
		new SoongFunctionInvoker(function).handleRequest(
				new ByteArrayInputStream(event.getBytes(StandardCharsets.UTF_8)), output, context(remainingMillis));
		return output.toString(StandardCharsets.UTF_8);
	}

	private static Context context(int remainingMillis) {
		return (Context) Proxy.newProxyInstance(Context.class.getClassLoader(), new Class<?>[] { Context.class },
				(proxy, method, args) -> switch (method.getName()) {
					case "getRemainingTimeInMillis" -> remainingMillis;
					case "hashCode" -> 1;
					case "equals" -> proxy == args[0];
					default -> "";
				});
	}

	private static SoongDataSource newDataSource() {
		return new SoongDataSource(ConnectionSettings.builder(rds.endpoint())
			.hostaddr(rds.address())
			.port(rds.port())
			.dbname(rds.database())
			.user("bob")
			.rootCert(new FileSystemResource(rds.caCertificate()))
			.build(), (endpoint) -> new DatabaseCredentials("bob", PASSWORD));
	}

	@SpringBootConfiguration
	@EnableAutoConfiguration
	static class Application {

		@Bean
		SoongDataSource dataSource() {
			return newDataSource();
		}

		@Bean
		Function<Batch, BatchResponse> takeAll(SoongTemplate soong) {
			return (batch) -> {
				List<Failure> failures = new ArrayList<>();
				for (QueueMessage message : batch.records()) {
					try {
						soong.inTransaction(() -> take(soong, message.messageId(), message.body()));
					}
					catch (RuntimeException ex) {
						failures.add(new Failure(message.messageId()));
					}
				}
				return new BatchResponse(failures);
			};
		}

		record Batch(@JsonProperty("Records") List<QueueMessage> records) {
		}

		record QueueMessage(String messageId, String body) {
		}

		record BatchResponse(List<Failure> batchItemFailures) {
		}

		record Failure(String itemIdentifier) {
		}

		@Bean
		Function<SQSEvent, SQSBatchResponse> takeAllTyped(SoongTemplate soong) {
			return (event) -> {
				List<BatchItemFailure> failures = new ArrayList<>();
				for (SQSMessage message : event.getRecords()) {
					try {
						soong.inTransaction(() -> take(soong, message.getMessageId(), message.getBody()));
					}
					catch (RuntimeException ex) {
						failures.add(new BatchItemFailure(message.getMessageId()));
					}
				}
				return new SQSBatchResponse(failures);
			};
		}

		private static void take(SoongTemplate soong, String messageId, String body) {
			if (soong.insertIfAbsent("events", Map.of("id", messageId), "id")) {
				soong.update("stock", Integer.parseInt(body), Map.of("count", minus(1)));
			}
		}

	}

}
