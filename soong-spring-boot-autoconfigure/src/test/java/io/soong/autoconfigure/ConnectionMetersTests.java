package io.soong.autoconfigure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.soong.auth.DatabaseEndpoint;
import io.soong.jdbc.ConnectionObserver.Connect;
import io.soong.jdbc.ConnectionObserver.Deadline;
import io.soong.jdbc.ConnectionObserver.Kind;
import io.soong.jdbc.ConnectionObserver.Operation;
import io.soong.jdbc.ConnectionObserver.Reason;
import io.soong.jdbc.ConnectionObserver.Step;
import io.soong.jdbc.ConnectionObserver.StepTime;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ConnectionMetersTests {

	private static final Set<String> COMMON = Set.of("db.system.name", "db.namespace", "server.address", "server.port");

	private final MeterRegistry registry = new SimpleMeterRegistry();

	private final ConnectionMeters meters = new ConnectionMeters(this.registry,
			new DatabaseEndpoint("db.example.com", 5432, "gizmos", "jane_doe"));

	@Test
	void countersOfRareThingsAreThereFromTheStart() {
		assertThat(this.registry.getMeters()).extracting((meter) -> meter.getId().getName())
			.containsExactlyInAnyOrder("soong.statements.cancelled", "soong.statements.cut",
					"soong.statements.unknown");
	}

	@Test
	void connectIsTimedAsAWholeAndByStep() {
		this.meters.connected(new Connect(Kind.RECONNECT, Reason.MAX_LIFETIME,
				List.of(new StepTime(Step.TOKEN, Duration.ofMillis(1), true),
						new StepTime(Step.TCP, Duration.ofMillis(2), false),
						new StepTime(Step.TCP, Duration.ofMillis(3), true)),
				Duration.ofMillis(50), null));
		assertThat(this.registry.get("soong.connection.connect")
			.tags("kind", "reconnect", "outcome", "success", "error.type", "none")
			.timer()
			.totalTime(TimeUnit.MILLISECONDS)).isEqualTo(50);
		assertThat(this.registry.get("soong.connection.connect.step")
			.tags("kind", "reconnect", "step", "tcp", "outcome", "error")
			.timer()
			.totalTime(TimeUnit.MILLISECONDS)).isEqualTo(2);
		assertThat(this.registry.get("soong.connection.connect.step")
			.tags("kind", "reconnect", "step", "tcp", "outcome", "success")
			.timer()
			.totalTime(TimeUnit.MILLISECONDS)).isEqualTo(3);
		assertThat(this.registry.get("soong.connection.connect.step").tag("step", "token").timer().count())
			.isEqualTo(1);
		assertThat(this.registry.get("soong.connection.reconnects").tag("reason", "max-lifetime").counter().count())
			.isEqualTo(1);
	}

	@Test
	void connectThatFailsIsNoReconnect() {
		this.meters.connected(new Connect(Kind.RECONNECT, Reason.PROBE, List.of(), Duration.ofMillis(50), "28P01"));
		assertThat(this.registry.get("soong.connection.connect")
			.tags("outcome", "error", "error.type", "28P01")
			.timer()
			.count()).isEqualTo(1);
		assertThat(this.registry.find("soong.connection.reconnects").meters()).isEmpty();
	}

	@Test
	void connectThatReplacesNothingIsNoReconnect() {
		this.meters.connected(new Connect(Kind.COLD, null, List.of(), Duration.ofMillis(50), null));
		assertThat(this.registry.get("soong.connection.connect")
			.tags("kind", "cold", "outcome", "success")
			.timer()
			.totalTime(TimeUnit.MILLISECONDS)).isEqualTo(50);
		assertThat(this.registry.find("soong.connection.reconnects").meters()).isEmpty();
	}

	@Test
	void waitIsTimedByItsOutcome() {
		this.meters.waited(Duration.ofMillis(7), true);
		this.meters.waited(Duration.ofMillis(3), true);
		this.meters.waited(Duration.ofMillis(9), false);
		assertThat(this.registry.get("soong.connection.wait")
			.tag("outcome", "success")
			.timer()
			.totalTime(TimeUnit.MILLISECONDS)).isEqualTo(10);
		assertThat(this.registry.get("soong.connection.wait")
			.tag("outcome", "error")
			.timer()
			.totalTime(TimeUnit.MILLISECONDS)).isEqualTo(9);
	}

	@Test
	void operationIsTimedByOpenTelemetrysNames() {
		execute("SELECT", null, Deadline.KEPT);
		execute("SELECT", null, Deadline.KEPT);
		execute("COMMIT", "08007", Deadline.CUT);
		assertThat(this.registry.get("db.client.operation.duration")
			.tags("db.system.name", "postgresql", "db.namespace", "gizmos", "server.address", "db.example.com",
					"server.port", "5432", "db.operation.name", "SELECT", "error.type", "none",
					"db.response.status_code", "none")
			.timer()
			.count()).isEqualTo(2);
		assertThat(this.registry.get("db.client.operation.duration")
			.tags("db.operation.name", "COMMIT", "error.type", "08007", "db.response.status_code", "08007")
			.timer()
			.totalTime(TimeUnit.MILLISECONDS)).isEqualTo(1);
		assertThat(count("soong.statements.cut")).isEqualTo(1);
		assertThat(count("soong.statements.unknown")).isEqualTo(1);
		assertThat(count("soong.statements.cancelled")).isZero();
	}

	@Test
	void metersHoldNoSql() {
		this.meters
			.executed(new Operation("SELECT", "SELECT 's3cret'", Duration.ofMillis(1), "22P02", Deadline.CANCELLED));
		assertThat(this.registry.getMeters().toString()
				+ this.registry.getMeters().stream().map((meter) -> meter.getId().toString()).toList())
			.doesNotContain("s3cret");
		assertThat(count("soong.statements.cancelled")).isEqualTo(1);
	}

	@Test
	void tagsOfAServerThatInventsSqlStatesStayFew() {
		execute("SELECT", "x'\n", Deadline.KEPT);
		execute("SELECT", "", Deadline.KEPT);
		for (int i = 0; i < 1000; i++) {
			execute("SELECT", "X" + (1000 + i), Deadline.KEPT);
		}
		execute("SELECT", "X1000", Deadline.KEPT);
		assertThat(this.registry.get("db.client.operation.duration").timers()).hasSize(101);
		assertThat(this.registry.get("db.client.operation.duration").tag("error.type", "other").timer().count())
			.isEqualTo(902);
		assertThat(this.registry.get("db.client.operation.duration").tag("error.type", "X1000").timer().count())
			.isEqualTo(2);
	}

	@Test
	void metersInTheGuideAreThoseOfTheCode() throws IOException {
		this.meters.connected(new Connect(Kind.RECONNECT, Reason.PROBE,
				List.of(new StepTime(Step.DNS, Duration.ofMillis(1), true)), Duration.ofMillis(50), null));
		this.meters.waited(Duration.ofMillis(1), true);
		execute("SELECT", null, Deadline.KEPT);
		Map<String, String> known = new TreeMap<>();
		for (Meter meter : this.registry.getMeters()) {
			Set<String> tags = new TreeSet<>();
			for (Tag tag : meter.getId().getTags()) {
				tags.add(tag.getKey());
			}
			assertThat(tags).containsAll(COMMON);
			tags.removeAll(COMMON);
			known.put(meter.getId().getName(), meter.getId().getType().name().toLowerCase(Locale.ROOT) + tags);
		}
		Map<String, String> described = new TreeMap<>();
		Matcher row = Pattern.compile("^\\| `([a-z._]+)` \\| (timer|counter) \\| (.*?) \\|", Pattern.MULTILINE)
			.matcher(guide());
		while (row.find()) {
			described.put(row.group(1), row.group(2) + new TreeSet<>(words(row.group(3))));
		}
		assertThat(described).isEqualTo(known);
		assertThat(words(guide())).containsAll(COMMON);
	}

	@Test
	void reasonsAndKindsInTheGuideAreThoseOfTheCode() throws IOException {
		List<String> words = words(guide());
		for (Enum<?> value : List.<Enum<?>>copyOf(values())) {
			assertThat(words).contains(value.name().toLowerCase(Locale.ROOT).replace('_', '-'));
		}
	}

	private static List<Enum<?>> values() {
		List<Enum<?>> values = new ArrayList<>(List.of(Reason.values()));
		values.addAll(List.of(Kind.values()));
		values.addAll(List.of(Step.values()));
		return values;
	}

	/** In code. */
	private static List<String> words(String text) {
		return Pattern.compile("`([^`\n]+)`").matcher(text).results().map((match) -> match.group(1)).toList();
	}

	private static String guide() throws IOException {
		return Files.readString(Path.of("..", "docs", "observability.md"));
	}

	private void execute(String name, @Nullable String sqlState, Deadline deadline) {
		this.meters.executed(new Operation(name, name, Duration.ofMillis(1), sqlState, deadline));
	}

	private double count(String name) {
		return this.registry.get(name).counter().count();
	}

}
