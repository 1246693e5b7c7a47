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

	private static final int INVOCATIONS = Integer.getInteger("soong.reliability.invocations", 200);

	private static final long SEED = Long.getLong("soong.reliability.seed", 20261122);

	private static final Duration DEADLINE = Duration.ofSeconds(15);

	private static Server server;

	private static Journal journal;

	private final SettableClock clock = new SettableClock();

	private final Random random = new Random(SEED);

	private final Map<Trouble, Integer> faults = new EnumMap<>(Trouble.class);

	@BeforeAll
	static void start() throws SQLException {
		server = new Server();
		journal = server.journal();
	}

	@AfterEach
	void heal() throws IOException {
		server.heal();
	}

	@AfterAll
	static void stop() {
		server.close();
	}

	@Test
	void invocationAfterAFaultInTheFreezeSucceeds() throws Exception {
		try (Environment environment = new Environment(server.rds(), this.clock)) {
			for (int i = 0; i < INVOCATIONS; i++) {
				write(environment, anyOf(Stage.values()));
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
				if (stage.moment() != null && this.random.nextInt(3) == 0) {
					Trouble trouble = anyTrouble();
					count(trouble);
					trouble.at(stage.moment(), server);
				}
				try {
					write(environment, stage);
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

	private static void write(Environment environment, Stage stage) throws SQLException {
		journal.write((id) -> environment.invoke(DEADLINE, (connection) -> stage.write(connection, id)));
	}

	private void thawAt(Duration later) {
		this.clock.advance(later);
	}

	/**
	 * Leaves out what lasts until it is mended, and what takes the server away. What
	 * takes a second or more is rarer.
	 */
	private Trouble anyTrouble() {
		List<Trouble> quick = List.of(Trouble.BACKEND_KILLED, Trouble.SOCKET_CUT, Trouble.SERVER_FULL,
				Trouble.SERVER_STARTING);
		List<Trouble> all = Stream.of(Trouble.values())
			.filter((trouble) -> !trouble.lasts() && trouble != Trouble.DNS_MOVED)
			.toList();
		List<Trouble> candidates = (this.random.nextInt(25) == 0) ? all : quick;
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
