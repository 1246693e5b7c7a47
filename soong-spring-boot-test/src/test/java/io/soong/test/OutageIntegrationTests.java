package io.soong.test;

import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.security.SignatureException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateExpiredException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.postgresql.PGConnection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for the faults of {@link RdsLookalike} that affect the server as a whole.
 */
class OutageIntegrationTests {

	private static RdsLookalike rds;

	@BeforeAll
	static void start() throws SQLException {
		rds = RdsLookalike.start();
		rds.execute("CREATE TABLE gizmos (id serial); GRANT ALL ON gizmos, gizmos_id_seq TO jane_doe");
	}

	@AfterAll
	static void stop() {
		rds.close();
	}

	@AfterEach
	void clearFaults() {
		rds.clearFaults();
		rds.cutConnections();
	}

	@Test
	void demoteMakesAHotStandbyAndPromoteAWriter() throws Exception {
		try (Connection connection = Client.connect(rds)) {
			assertThat(inHotStandby(connection)).isEqualTo("off");
			insert(connection);
			rds.demote();
			rds.demote();
			assertFails("57P01", () -> insert(connection));
		}
		try (Connection connection = Client.connect(rds)) {
			assertThat(inHotStandby(connection)).isEqualTo("on");
			assertThat(Client.query(connection, "SELECT count(*) FROM gizmos")).isNotEqualTo("0");
			assertFails("25006", () -> insert(connection));
			rds.promote();
			rds.promote();
			insert(connection);
			Client.await().untilAsserted(() -> {
				Client.query(connection, "SELECT 1");
				assertThat(inHotStandby(connection)).isEqualTo("off");
			});
		}
	}

	@Test
	void readOnlyRefusesWritesInOpenSessions() throws Exception {
		try (Connection connection = Client.connect(rds)) {
			insert(connection);
			rds.readOnly(true);
			assertFails("25006", () -> insert(connection));
			rds.execute("INSERT INTO gizmos DEFAULT VALUES");
			assertFails("25006", () -> insert(connection));
			rds.readOnly(false);
			insert(connection);
		}
	}

	@Test
	void restartEndsSessionsAndKeepsData() throws Exception {
		try (Connection connection = Client.connect(rds)) {
			insert(connection);
			String before = Client.query(connection, "SELECT count(*) FROM gizmos");
			rds.restart();
			assertFails("57P01", () -> insert(connection));
			try (Connection other = Client.connect(rds)) {
				assertThat(Client.query(other, "SELECT count(*) FROM gizmos")).isEqualTo(before);
			}
		}
	}

	@Test
	void shutDownRefusesConnectionsUntilFaultsAreCleared() throws Exception {
		rds.shutDown();
		rds.shutDown();
		assertThatExceptionOfType(SQLException.class).isThrownBy(() -> Client.connect(rds))
			.withCauseInstanceOf(ConnectException.class);
		rds.clearFaults();
		Client.connect(rds).close();
	}

	@Test
	void crashEndsSessionsAndKeepsWhatWasCommitted() throws Exception {
		try (Connection connection = Client.connect(rds); Connection open = Client.connect(rds)) {
			insert(connection);
			String committed = Client.query(connection, "SELECT count(*) FROM gizmos");
			open.setAutoCommit(false);
			insert(open);
			rds.crash();
			assertThatExceptionOfType(SQLException.class).isThrownBy(() -> insert(connection));
			try (Connection other = Client.connect(rds)) {
				assertThat(Client.query(other, "SELECT count(*) FROM gizmos")).isEqualTo(committed);
			}
		}
	}

	@Test
	void ignoreConnectionsLeavesThemUnanswered() throws Exception {
		rds.ignoreConnections(true);
		rds.ignoreConnections(true);
		assertThatExceptionOfType(SQLException.class)
			.isThrownBy(() -> Client.connect(rds, Map.of("connectTimeout", "1")))
			.withCauseInstanceOf(SocketTimeoutException.class);
		rds.ignoreConnections(false);
		rds.ignoreConnections(false);
		Client.connect(rds).close();
	}

	@Test
	void presentShowsCertificatesThatAreRefused() throws SQLException {
		rds.present(ServerCertificate.EXPIRED);
		assertThatExceptionOfType(SQLException.class).isThrownBy(() -> Client.connect(rds))
			.withRootCauseInstanceOf(CertificateExpiredException.class);
		rds.present(ServerCertificate.UNKNOWN_AUTHORITY);
		assertThatExceptionOfType(SQLException.class).isThrownBy(() -> Client.connect(rds))
			.havingRootCause()
			.isInstanceOfAny(CertPathValidatorException.class, SignatureException.class);
		rds.present(ServerCertificate.OTHER_NAME);
		assertThatExceptionOfType(SQLException.class).isThrownBy(() -> Client.connect(rds))
			.withMessageContaining("could not be verified by hostnameverifier");
		rds.present(ServerCertificate.TRUSTED);
		Client.connect(rds).close();
	}

	@ParameterizedTest
	@EnumSource
	void scaleToZeroServesNobodyUntilItIsAwake(Waking answer) throws SQLException {
		try (Connection open = Client.connect(rds)) {
			rds.scaleToZero(Duration.ofHours(1), answer);
			assertFails(switch (answer) {
				case NO_ENTRY -> "28000";
				case STARTING -> "57P03";
				case SILENCE -> "08001";
			}, () -> Client.connect(rds, Map.of("connectTimeout", "1")));
			assertThat(Client.query(open, "SELECT 'open'")).isEqualTo("open");
		}
		rds.scaleToZero(Duration.ofMillis(300), answer);
		Client.await().ignoreExceptions().until(() -> {
			Client.connect(rds, Map.of("connectTimeout", "1")).close();
			return true;
		});
		rds.scaleToZero(Duration.ofHours(1), answer);
		rds.clearFaults();
		Client.connect(rds).close();
	}

	@Test
	void scaleToZeroSaysWhatAuroraSays() {
		rds.scaleToZero(Duration.ofHours(1), Waking.NO_ENTRY);
		assertThatExceptionOfType(SQLException.class).isThrownBy(() -> Client.connect(rds))
			.withMessageContaining(
					"no pg_hba.conf entry for host \"127.0.0.1\", user \"jane_doe\", database \"gizmos\", "
							+ "SSL encryption");
	}

	@Test
	void switchOverShowsTheOtherNameAndAcceptsItsTokensOnly() throws SQLException {
		assertThat(rds.greenEndpoint()).startsWith("gizmos-green-abc123.c0ffee123456.");
		try (Connection open = Client.connect(rds)) {
			rds.switchOver(Duration.ofHours(1), Duration.ZERO);
			assertFails("57P01", () -> Client.query(open, "SELECT 1"));
		}
		assertThatExceptionOfType(SQLException.class).isThrownBy(() -> Client.connect(rds))
			.withMessageContaining("could not be verified by hostnameverifier");
		rds.switchOver(Duration.ZERO, Duration.ofHours(1));
		assertFails("28000", () -> Client.connect(rds));
		Map<String, String> green = new HashMap<>(rds.environment());
		green.put("PG_HOST", rds.greenEndpoint());
		Client.connect(rds, Map.of("password", Client.token(green))).close();
		rds.switchOver(Duration.ZERO, Duration.ZERO);
		Client.connect(rds).close();
		rds.switchOver(Duration.ofHours(1), Duration.ofHours(1));
		rds.clearFaults();
		Client.connect(rds).close();
	}

	@Test
	void limitLoginsRefusesValidTokensBeyondIt() throws SQLException {
		rds.limitLogins(2);
		Client.connect(rds).close();
		Client.connect(rds).close();
		rds.limitLogins(1);
		Client.connect(rds).close();
		assertFails("28000", () -> {
			// One a second is allowed. The limit itself is tested without a server
			for (int i = 0; i < 100; i++) {
				Client.connect(rds).close();
			}
		});
		Login last = rds.logins().get(rds.logins().size() - 1);
		assertThat(last.reason()).isEqualTo("the token is valid, but there were too many logins within a second");
		rds.limitLogins(0);
		Client.connect(rds).close();
	}

	private static String inHotStandby(Connection connection) throws SQLException {
		return String.valueOf(connection.unwrap(PGConnection.class).getParameterStatus("in_hot_standby"));
	}

	private static void insert(Connection connection) throws SQLException {
		Client.execute(connection, "INSERT INTO gizmos DEFAULT VALUES");
	}

	private static void assertFails(String sqlState, ThrowingCallable code) {
		assertThatExceptionOfType(SQLException.class).isThrownBy(code)
			.satisfies((ex) -> assertThat(ex.getSQLState()).isEqualTo(sqlState));
	}

}
