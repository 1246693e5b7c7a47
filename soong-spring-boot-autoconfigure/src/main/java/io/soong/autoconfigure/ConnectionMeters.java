package io.soong.autoconfigure;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

import io.micrometer.common.KeyValue;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.soong.auth.DatabaseEndpoint;
import io.soong.jdbc.ConnectionObserver;
import org.jspecify.annotations.Nullable;

/**
 * The meters of one data source. Their tags take few values: none holds SQL, a bound
 * value, or what an event brings. Thread-safe.
 */
final class ConnectionMeters implements ConnectionObserver {

	static final String CONNECT = "soong.connection.connect";

	static final String CONNECT_STEP = "soong.connection.connect.step";

	static final String RECONNECTS = "soong.connection.reconnects";

	static final String WAIT = "soong.connection.wait";

	static final String CANCELLED = "soong.statements.cancelled";

	static final String CUT = "soong.statements.cut";

	static final String UNKNOWN = "soong.statements.unknown";

	/** OpenTelemetry's, as are its tags. */
	static final String OPERATION = "db.client.operation.duration";

	/** Micrometer's value for an absent one: all timers of a name need the same tags. */
	private static final String NONE = KeyValue.NONE_VALUE;

	private static final String OTHER = "other";

	private static final Pattern SQL_STATE = Pattern.compile("[0-9A-Z]{5}");

	/** What raises errors chooses their SQLState, and each one is a time series. */
	private static final int MOST_STATES = 100;

	private static final String OUTCOME = "outcome";

	private static final String ERROR_TYPE = "error.type";

	private final MeterRegistry registry;

	private final Tags common;

	private final Map<List<String>, Timer> timers = new ConcurrentHashMap<>();

	private final Set<String> states = ConcurrentHashMap.newKeySet();

	private final Counter cancelled;

	private final Counter cut;

	private final Counter unknown;

	ConnectionMeters(MeterRegistry registry, DatabaseEndpoint endpoint) {
		this.registry = registry;
		this.common = Tags.of("db.system.name", "postgresql", "db.namespace", endpoint.dbname(), "server.address",
				endpoint.host(), "server.port", String.valueOf(endpoint.port()));
		// From the start, so that an alarm on them has data
		this.cancelled = counter(CANCELLED, "Statements that the server cancelled at the invocation's deadline");
		this.cut = counter(CUT, "Statements whose connection was closed at the invocation's deadline");
		this.unknown = counter(UNKNOWN,
				"Statements and commits whose outcome is unknown, because the connection broke");
	}

	private Counter counter(String name, String description, String... tags) {
		return Counter.builder(name).description(description).tags(this.common.and(tags)).register(this.registry);
	}

	@Override
	public void connected(Connect connect) {
		String kind = tag(connect.kind());
		timer(CONNECT, "Opening of connections, retries included", "kind", kind, OUTCOME, outcome(connect.isOpen()),
				ERROR_TYPE, error(connect.sqlState()))
			.record(connect.taken());
		for (StepTime step : connect.steps()) {
			timer(CONNECT_STEP, "Steps of each attempt to open a connection", "kind", kind, "step", tag(step.step()),
					OUTCOME, outcome(step.completed()))
				.record(step.taken());
		}
		if (connect.isOpen() && connect.reason() != null) {
			counter(RECONNECTS, "Connections that replaced one that had ended", "reason", tag(connect.reason()))
				.increment();
		}
	}

	@Override
	public void waited(Duration waited, boolean served) {
		timer(WAIT, "Waits for a connection that other threads held", OUTCOME, outcome(served)).record(waited);
	}

	@Override
	public void executed(Operation operation) {
		String error = error(operation.sqlState());
		timer(OPERATION, "Duration of database client operations", "db.operation.name", operation.name(),
				"db.response.status_code", error, ERROR_TYPE, error)
			.record(operation.taken());
		switch (operation.deadline()) {
			case KEPT -> {
			}
			case CANCELLED -> this.cancelled.increment();
			case CUT -> this.cut.increment();
		}
		if (operation.isUnknown()) {
			this.unknown.increment();
		}
	}

	/** Asks the registry once, which looks at every tag. */
	private Timer timer(String name, String description, String... tags) {
		return this.timers.computeIfAbsent(List.of(name, String.join("\n", Arrays.asList(tags))),
				(key) -> Timer.builder(name)
					.description(description)
					.tags(this.common.and(tags))
					.register(this.registry));
	}

	private static String outcome(boolean successful) {
		return successful ? "success" : "error";
	}

	private String error(@Nullable String sqlState) {
		if (sqlState == null || this.states.contains(sqlState)) {
			return (sqlState != null) ? sqlState : NONE;
		}
		if (this.states.size() >= MOST_STATES || !SQL_STATE.matcher(sqlState).matches()) {
			return OTHER;
		}
		this.states.add(sqlState);
		return sqlState;
	}

	private static String tag(Enum<?> value) {
		return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

}
