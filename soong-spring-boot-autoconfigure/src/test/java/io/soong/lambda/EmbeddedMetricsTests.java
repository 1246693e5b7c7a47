package io.soong.lambda;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.amazonaws.services.lambda.runtime.Context;
import io.soong.jdbc.ConnectionObserver.Connect;
import io.soong.jdbc.ConnectionObserver.Deadline;
import io.soong.jdbc.ConnectionObserver.Kind;
import io.soong.jdbc.ConnectionObserver.Operation;
import io.soong.jdbc.ConnectionObserver.Reason;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class EmbeddedMetricsTests {

	private static final Instant NOW = Instant.parse("2026-11-27T10:00:00.123Z");

	private final InvocationSummary summary = new InvocationSummary();

	@Test
	void lineOfAnInvocationHoldsItsMetrics() {
		for (Reason reason : List.of(Reason.MAX_LIFETIME, Reason.PROBE, Reason.MAX_LIFETIME)) {
			this.summary.connected(new Connect(Kind.RECONNECT, reason, List.of(), Duration.ofNanos(10_234_567), null));
		}
		this.summary.connected(new Connect(Kind.COLD, null, List.of(), Duration.ofMillis(1), null));
		this.summary.lent(true);
		for (int i = 0; i < 4; i++) {
			this.summary.connected(new Connect(Kind.RECONNECT, Reason.PROBE, List.of(), Duration.ofMillis(1), "08001"));
		}
		this.summary.lent(false);
		for (int i = 0; i < 6; i++) {
			this.summary.waited(Duration.ofMillis(7), i > 0);
		}
		execute("SELECT", Duration.ofMillis(2), null, Deadline.KEPT);
		execute("UPDATE", Duration.ofMillis(900), "57014", Deadline.CANCELLED);
		execute("COMMIT", Duration.ofMillis(100), "08007", Deadline.CUT);
		execute("COMMIT", Duration.ofMillis(100), "08007", Deadline.CUT);
		execute("COMMIT", Duration.ofMillis(100), "08007", Deadline.KEPT);
		JsonNode root = line(context("get\"Gizmo\n", "$LATEST", "8f-1"));
		assertThat(root.path("_aws").path("Timestamp").asLong()).isEqualTo(NOW.toEpochMilli());
		assertThat(root.path("FunctionName").asString()).isEqualTo("get\"Gizmo_");
		assertThat(root.path("FunctionVersion").asString()).isEqualTo("$LATEST");
		assertThat(root.path("RequestId").asString()).isEqualTo("8f-1");
		assertThat(root.path("ReconnectReason").asString()).isEqualTo("probe,max-lifetime");
		assertThat(root.path("ConnectionsNew").asInt()).isEqualTo(2);
		assertThat(root.path("ConnectionsReused").asInt()).isEqualTo(1);
		assertThat(root.path("Reconnects").asInt()).isEqualTo(3);
		assertThat(root.path("ConnectErrors").asInt()).isEqualTo(4);
		assertThat(root.path("ConnectTime").asDouble()).isEqualTo(35.703);
		assertThat(root.path("Waits").asInt()).isEqualTo(6);
		assertThat(root.path("WaitTime").asDouble()).isEqualTo(42);
		assertThat(root.path("Statements").asInt()).isEqualTo(5);
		assertThat(root.path("StatementErrors").asInt()).isEqualTo(4);
		assertThat(root.path("StatementsCancelled").asInt()).isEqualTo(1);
		assertThat(root.path("StatementsCut").asInt()).isEqualTo(2);
		assertThat(root.path("StatementsUnknown").asInt()).isEqualTo(3);
		assertThat(root.path("StatementTime").asDouble()).isEqualTo(1202);
		assertThat(root.path("SlowestStatement").asDouble()).isEqualTo(900);
	}

	@Test
	void lineOfAnInvocationWithoutStatementsHasNoTimes() {
		JsonNode root = line(context("gizmo", "1", "8f-1"));
		assertThat(root.path("Statements").asInt(-1)).isZero();
		assertThat(root.propertyNames()).doesNotContain("ConnectTime", "WaitTime", "StatementTime", "SlowestStatement",
				"ReconnectReason");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "caf\u00e9 \ud83d\ude00 \u0000" })
	void lineIsValidWhateverTheContextSays(String text) {
		line(context(text, text, text));
		// CloudWatch takes no other characters in a dimension
		assertThat(line(context(text.repeat(2000), text, text)).path("FunctionName").asString())
			.matches("[!-~]{1,1024}");
	}

	@Test
	void lineHoldsWhatTheContextSays() {
		JsonNode root = line(context("a\\u0041\"~", "1\\n", "8f-1"));
		assertThat(root.path("_aws").path("CloudWatchMetrics").path(0).path("Dimensions").toString())
			.isEqualTo("[[\"FunctionName\"]]");
		assertThat(root.path("FunctionName").asString()).isEqualTo("a\\u0041\"~");
		assertThat(root.path("FunctionVersion").asString()).isEqualTo("1\\n");
		assertThat(root.path("RequestId").asString()).isEqualTo("8f-1");
	}

	@Test
	void lineHoldsNoEmptyDimensionAndNoneThatIsTooLong() {
		assertThat(line(context("", " ", "\t")).toString()).contains("\"FunctionName\":\"unknown\"",
				"\"FunctionVersion\":\"unknown\"", "\"RequestId\":\"unknown\"");
		assertThat(line(context("x".repeat(1025), "1", "8f-1")).path("FunctionName").asString())
			.isEqualTo("x".repeat(1024));
	}

	@Test
	void lineWithoutAContextIsValid() {
		JsonNode root = line(null);
		assertThat(root.path("FunctionName").asString()).isEqualTo("unknown");
		assertThat(root.propertyNames()).doesNotContain("FunctionVersion", "RequestId");
	}

	@Test
	void lineHoldsNoSql() {
		execute("SELECT", Duration.ofMillis(2), null, Deadline.KEPT);
		assertThat(EmbeddedMetrics.line(this.summary, null, NOW)).doesNotContain("s3cret");
	}

	@ParameterizedTest
	@ValueSource(strings = { "\"Timestamp\":1795773600123|\"Timestamp\":1795773600",
			"\"Namespace\":\"Soong\"|\"Namespace\":\"\"", "\"Unit\":\"Count\"|\"Unit\":\"Pieces\"",
			"\"FunctionName\":\"gizmo\"|\"FunctionName\":42", "\"Statements\":0|\"Statements\":\"0\"",
			"[[\"FunctionName\"]]|[]", "\"Name\":\"Waits\"|\"Name\":\"Statements\"" })
	void lineThatIsNotInTheFormatIsNoticed(String change) {
		String line = EmbeddedMetrics.line(this.summary, context("gizmo", "1", "8f-1"), NOW);
		String[] fromTo = change.split("\\|");
		assertThat(line).contains(fromTo[0]);
		assertThatExceptionOfType(AssertionError.class)
			.isThrownBy(() -> EmbeddedMetricFormat.check(line.replace(fromTo[0], fromTo[1])));
	}

	@Test
	void metricsInTheGuideAreThoseOfALine() throws IOException {
		this.summary.connected(new Connect(Kind.COLD, null, List.of(), Duration.ofMillis(1), null));
		this.summary.waited(Duration.ofMillis(7), true);
		execute("SELECT", Duration.ofMillis(2), null, Deadline.KEPT);
		Map<String, String> written = new TreeMap<>();
		for (JsonNode metric : line(null).path("_aws").path("CloudWatchMetrics").path(0).path("Metrics")) {
			written.put(metric.path("Name").asString(), metric.path("Unit").asString());
		}
		Map<String, String> described = new TreeMap<>();
		Matcher row = Pattern.compile("^\\| `([A-Za-z]+)` \\| (Count|Milliseconds) \\|", Pattern.MULTILINE)
			.matcher(Files.readString(Path.of("..", "docs", "observability.md")));
		while (row.find()) {
			described.put(row.group(1), row.group(2));
		}
		assertThat(described).isEqualTo(written);
		assertThat(Set.copyOf(written.values())).containsExactlyInAnyOrder("Count", "Milliseconds");
	}

	private JsonNode line(@Nullable Context context) {
		return EmbeddedMetricFormat.check(EmbeddedMetrics.line(this.summary, context, NOW));
	}

	private void execute(String name, Duration taken, @Nullable String sqlState, Deadline deadline) {
		this.summary.executed(new Operation(name, name + " 's3cret'", taken, sqlState, deadline));
	}

	static Context context(String function, String version, String id) {
		return (Context) Proxy.newProxyInstance(Context.class.getClassLoader(), new Class<?>[] { Context.class },
				(proxy, method, args) -> switch (method.getName()) {
					case "getFunctionName" -> function;
					case "getFunctionVersion" -> version;
					case "getAwsRequestId" -> id;
					case "getRemainingTimeInMillis" -> 60_000;
					default -> throw new UnsupportedOperationException(method.getName());
				});
	}

}
