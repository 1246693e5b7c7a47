package io.soong.reliability;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

import io.soong.jdbc.SettableClock;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Thousands of invocations of one environment, with a random fault between or within
 * them. How many is {@code soong.reliability.invocations}; the faults follow from
 * {@code soong.reliability.seed}.
 */
class RandomFaultsIntegrationTests {

	private static final int INVOCATIONS = Integer.getInteger("soong.reliability.invocations", 100);

	private static final long SEED = Long.getLong("soong.reliability.seed", 20261122);

	private static final Duration DEADLINE = Duration.ofSeconds(15);

	/** For invocations that may get no answer. */
	private static final Duration SHORT_DEADLINE = Duration.ofSeconds(2);

	private static Server server;

	private static Journal journal;

	private final SettableClock clock = new SettableClock();

	private final Random random = new Random(SEED);

	private final Map<Trouble, Integer> faults = new EnumMap<>(Trouble.class);

	@BeforeAll
	static void start() throws SQLException {
		System.out.println("Random faults: -Dsoong.reliability.seed=" + SEED);
		server = new Server();
		journal = server.journal();
	}

	@AfterEach
	void clearFaults() throws IOException {
		server.clearFaults();
	}

	@AfterAll
	static void stop() {
		server.close();
	}

	@Test
	void invocationAfterAFaultInTheFreezeSucceeds() throws Exception {
		try (Environment environment = new Environment(server.rds(), this.clock)) {
			for (int i = 0; i < INVOCATIONS; i++) {
				write(environment, DEADLINE, anyOf(Stage.values()));
				thawAt(this.random.nextBoolean() ? Duration.ofDays(1) : Duration.ofMinutes(-10));
				Trouble trouble = anyTrouble();
				count(trouble);
				trouble.idle(server);
			}
		}
		assertThat(journal.acknowledged()).isEqualTo(INVOCATIONS);
		report("between invocations", INVOCATIONS, 0);
	}

	@Test
	void invocationHitByAFaultReportsIt() throws Exception {
		int failures = 0;
		try (Environment environment = new Environment(server.rds(), this.clock)) {
			for (int i = 0; i < INVOCATIONS; i++) {
				Stage stage = anyOf(Stage.values());
				boolean hit = stage.moment() != null && this.random.nextInt(3) == 0;
				if (hit) {
					// The first client to connect must not be the one that is hit
					environment.invoke(DEADLINE, (connection) -> {
					});
					Trouble trouble = anyTrouble();
					count(trouble);
					trouble.at(stage.moment(), server);
				}
				try {
					write(environment, hit ? SHORT_DEADLINE : DEADLINE, stage);
				}
				catch (SQLException ex) {
					failures++;
				}
				thawAt(Duration.ofMinutes(5));
			}
		}
		assertThat(failures).isPositive();
		report("within invocations", INVOCATIONS, failures);
	}

	private static void write(Environment environment, Duration deadline, Stage stage) throws SQLException {
		journal.write((id) -> environment.invoke(deadline, (connection) -> stage.write(connection, id)));
	}

	private void thawAt(Duration later) {
		this.clock.advance(later);
	}

	/**
	 * Returns a fault, except those that last until they are fixed and those that stop
	 * the server. Faults of a second or more are rarer.
	 */
	private Trouble anyTrouble() {
		List<Trouble> all = Stream.of(Trouble.values())
			.filter((trouble) -> !trouble.lasts() && trouble != Trouble.DNS_MOVED)
			.toList();
		int dice = this.random.nextInt(50);
		List<Trouble> candidates = (dice == 0) ? all
				: (dice < 5) ? List.of(Trouble.SERVER_STARTING) : List.of(Trouble.BACKEND_KILLED, Trouble.SOCKET_CUT);
		return candidates.get(this.random.nextInt(candidates.size()));
	}

	private Stage anyOf(Stage[] stages) {
		return stages[this.random.nextInt(stages.length)];
	}

	private void count(Trouble trouble) {
		this.faults.merge(trouble, 1, Integer::sum);
	}

	private void report(String where, int invocations, int failures) throws SQLException {
		int acknowledged = journal.acknowledged();
		int unknown = journal.unknown();
		journal.verifyAndClear();
		System.out.printf(
				"Random faults %s: %d invocations, faults %s, %d failed, %d acknowledged, %d unknown, seed %d%n", where,
				invocations, this.faults, failures, acknowledged, unknown, SEED);
	}

}
