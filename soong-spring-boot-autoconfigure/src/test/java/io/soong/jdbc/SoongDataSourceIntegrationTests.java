package io.soong.jdbc;

import java.net.Socket;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLClientInfoException;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLTransientConnectionException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import io.soong.SharedRds;
import io.soong.test.Login;
import io.soong.test.RdsLookalike;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.PGConnection;
import org.postgresql.jdbc.AutoSave;
import org.postgresql.jdbc.PgConnection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

class SoongDataSourceIntegrationTests {

	private final RdsLookalike rds = SharedRds.rds();

	private final SettableClock clock = new SettableClock();

	private SoongDataSource dataSource = dataSource(SharedRds.settings());

	private SoongDataSource dataSource(ConnectionSettings.Builder settings) {
		return new SoongDataSource(settings.build(), SharedRds.iam(), this.clock);
	}

	@AfterEach
	void close() {
		this.dataSource.close();
	}

	@Test
	void loginIsByFreshTokenOverVerifiedTls() throws SQLException {
		int before = this.rds.logins().size();
		assertThat(query("SELECT current_user")).isEqualTo("jane_doe");
		this.rds.killConnections();
		this.clock.advance(Duration.ofSeconds(2));
		assertThat(query("SELECT current_user")).isEqualTo("jane_doe");
		List<Login> logins = this.rds.logins().subList(before, this.rds.logins().size());
		assertThat(logins).hasSize(2).allSatisfy((login) -> {
			assertThat(login.accepted()).isTrue();
			assertThat(login.method()).isEqualTo(Login.Method.IAM_TOKEN);
			assertThat(login.tlsProtocol()).isEqualTo("TLSv1.3");
		});
	}

	@Test
	void connectionWhenReturnedIsLentAgain() throws SQLException {
		String backend = query("SELECT pg_backend_pid()");
		assertThat(query("SELECT pg_backend_pid()")).isEqualTo(backend);
	}

	@Test
	void connectionWhenIdleForLongIsProbedAndReused() throws SQLException {
		String backend = query("SELECT pg_backend_pid()");
		this.clock.advance(Duration.ofDays(1));
		this.dataSource.close();
		this.dataSource = dataSource(SharedRds.settings().maxLifetime(Duration.ZERO));
		backend = query("SELECT pg_backend_pid()");
		this.clock.advance(Duration.ofDays(1));
		assertThat(query("SELECT pg_backend_pid()")).isEqualTo(backend);
	}

	@Test
	void connectionWhenKilledWhileIdleIsReplacedAtOnce() throws SQLException {
		String backend = query("SELECT pg_backend_pid()");
		assertThat(this.rds.killConnections()).isPositive();
		assertThat(query("SELECT pg_backend_pid()")).isNotEqualTo(backend);
	}

	@Test
	void connectionWhenCutWhileIdleForLongIsReplaced() throws SQLException {
		String backend = query("SELECT pg_backend_pid()");
		this.rds.cutConnections();
		this.clock.advance(Duration.ofSeconds(1));
		assertThat(query("SELECT pg_backend_pid()")).isNotEqualTo(backend);
	}

	@Test
	void connectionWhenClockWentBackIsProbed() throws SQLException {
		String backend = query("SELECT pg_backend_pid()");
		this.rds.cutConnections();
		this.clock.advance(Duration.ofMinutes(-10));
		assertThat(query("SELECT pg_backend_pid()")).isNotEqualTo(backend);
	}

	@Test
	void connectionWhenKilledInUseFailsOnceAndIsReplaced() throws SQLException {
		try (Connection connection = this.dataSource.getConnection();
				Statement statement = connection.createStatement()) {
			this.rds.killConnections();
			assertThatThrownBy(() -> statement.execute("SELECT 1")).isInstanceOf(SQLException.class);
		}
		assertThat(query("SELECT 1")).isEqualTo("1");
	}

	@Test
	void connectionWhenWornOutIsReplaced() throws SQLException {
		String backend = query("SELECT pg_backend_pid()");
		this.clock.advance(Duration.ofMinutes(59));
		assertThat(query("SELECT pg_backend_pid()")).isEqualTo(backend);
		this.clock.advance(Duration.ofMinutes(2));
		assertThat(query("SELECT pg_backend_pid()")).isNotEqualTo(backend);
	}

	@Test
	void connectionWhenWornOutIsReplacedAfterTheInvocation() throws SQLException {
		String backend;
		try (Invocation invocation = Invocation.open("1", null)) {
			assertThat(invocation.hasEnded()).isFalse();
			backend = query("SELECT pg_backend_pid()");
			this.clock.advance(Duration.ofHours(2));
			assertThat(query("SELECT pg_backend_pid()")).isEqualTo(backend);
		}
		try (Invocation invocation = Invocation.open("2", null)) {
			assertThat(invocation.hasEnded()).isFalse();
			assertThat(query("SELECT pg_backend_pid()")).isNotEqualTo(backend);
		}
	}

	@Test
	void connectionWhenServerOnlyReadsIsReplaced() throws SQLException {
		this.rds.execute("CREATE TABLE IF NOT EXISTS written(id int); GRANT ALL ON written TO jane_doe");
		String backend;
		try (Connection connection = this.dataSource.getConnection();
				Statement statement = connection.createStatement()) {
			backend = query(connection, "SELECT pg_backend_pid()");
			statement.execute("SET default_transaction_read_only = on");
			assertThatThrownBy(() -> statement.execute("INSERT INTO written VALUES (1)"))
				.satisfies((ex) -> assertThat(((SQLException) ex).getSQLState()).isEqualTo("25006"));
		}
		assertThat(query("SELECT pg_backend_pid()")).isNotEqualTo(backend);
	}

	@ParameterizedTest
	@ValueSource(strings = { "BEGIN READ ONLY", "START TRANSACTION READ ONLY", "BEGIN; SET TRANSACTION READ ONLY",
			"BEGIN; SET LOCAL transaction_read_only = on" })
	void connectionWhenReadOnlyWasAskedForBySqlIsKept(String sql) throws SQLException {
		this.rds.execute("CREATE TABLE IF NOT EXISTS written(id int); GRANT ALL ON written TO jane_doe");
		String backend = query("SELECT pg_backend_pid()");
		try (Connection connection = this.dataSource.getConnection();
				Statement statement = connection.createStatement()) {
			statement.execute(sql);
			assertThatThrownBy(() -> statement.execute("INSERT INTO written VALUES (1)"))
				.satisfies((ex) -> assertThat(((SQLException) ex).getSQLState()).isEqualTo("25006"));
		}
		assertThat(query("SELECT pg_backend_pid()")).isEqualTo(backend);
	}

	@Test
	void connectionWhenServerOnlyReadsInATransactionIsReplaced() throws SQLException {
		this.rds.execute("CREATE TABLE IF NOT EXISTS written(id int); GRANT ALL ON written TO jane_doe");
		String backend;
		try (Connection connection = this.dataSource.getConnection();
				Statement statement = connection.createStatement()) {
			backend = query(connection, "SELECT pg_backend_pid()");
			statement.execute("SET default_transaction_read_only = on");
			connection.setAutoCommit(false);
			assertThatThrownBy(() -> statement.execute("INSERT INTO written VALUES (1)"))
				.satisfies((ex) -> assertThat(((SQLException) ex).getSQLState()).isEqualTo("25006"));
		}
		assertThat(this.dataSource.idleConnections()).isZero();
		assertThat(query("SELECT pg_backend_pid()")).isNotEqualTo(backend);
	}

	@Test
	void connectionWhenReadOnlyWasAskedForIsKept() throws SQLException {
		this.rds.execute("CREATE TABLE IF NOT EXISTS written(id int); GRANT ALL ON written TO jane_doe");
		String backend = query("SELECT pg_backend_pid()");
		try (Connection connection = this.dataSource.getConnection();
				Statement statement = connection.createStatement()) {
			connection.setReadOnly(true);
			connection.setAutoCommit(false);
			assertThatThrownBy(() -> statement.execute("INSERT INTO written VALUES (1)"))
				.satisfies((ex) -> assertThat(((SQLException) ex).getSQLState()).isEqualTo("25006"));
		}
		assertThat(query("SELECT pg_backend_pid()")).isEqualTo(backend);
	}

	@Test
	void loanWhenClosedIsRolledBackAndReset() throws SQLException {
		this.rds.execute("CREATE TABLE IF NOT EXISTS kept(id int); GRANT ALL ON kept TO jane_doe");
		String backend;
		String path = query("SHOW search_path");
		try (Connection connection = this.dataSource.getConnection();
				Statement statement = connection.createStatement()) {
			backend = query(connection, "SELECT pg_backend_pid()");
			connection.setNetworkTimeout(Runnable::run, 5000);
			connection.setSchema("pg_catalog");
			connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
			connection.setReadOnly(true);
			connection.setReadOnly(false);
			connection.setAutoCommit(false);
			statement.execute("INSERT INTO public.kept VALUES (1)");
		}
		try (Connection connection = this.dataSource.getConnection()) {
			assertThat(connection.getAutoCommit()).isTrue();
			assertThat(connection.isReadOnly()).isFalse();
			assertThat(connection.getTransactionIsolation()).isEqualTo(Connection.TRANSACTION_READ_COMMITTED);
			assertThat(connection.getNetworkTimeout()).isZero();
			assertThat(query(connection, "SHOW search_path")).isEqualTo(path);
			assertThat(query(connection, "SELECT count(*) FROM kept")).isEqualTo("0");
			assertThat(query(connection, "SELECT pg_backend_pid()")).isEqualTo(backend);
		}
	}

	@Test
	void loanWhenTransactionWasBegunInSqlIsRolledBack() throws SQLException {
		this.rds.execute("CREATE TABLE IF NOT EXISTS begun(id int); GRANT ALL ON begun TO jane_doe");
		try (Connection connection = this.dataSource.getConnection();
				Statement statement = connection.createStatement()) {
			statement.execute("BEGIN");
			statement.execute("INSERT INTO begun VALUES (1)");
			assertThatThrownBy(() -> statement.execute("SELECT no_such_column")).isInstanceOf(SQLException.class);
		}
		assertThat(query("SELECT count(*) FROM begun")).isEqualTo("0");
	}

	@Test
	void loanWhenClosedRefusesFurtherUseAndClosesItsStatements() throws SQLException {
		Connection connection = this.dataSource.getConnection();
		Statement statement = connection.createStatement();
		connection.close();
		connection.close();
		assertThat(connection.isClosed()).isTrue();
		assertThat(connection.isValid(1)).isFalse();
		assertThat(statement.isClosed()).isTrue();
		assertThatThrownBy(connection::createStatement).isInstanceOf(SQLException.class).hasMessageContaining("closed");
	}

	@Test
	void loanIsTheConnectionOfItsStatements() throws SQLException {
		try (Connection connection = this.dataSource.getConnection();
				PreparedStatement prepared = connection.prepareStatement("SELECT 1");
				CallableStatement call = connection.prepareCall("SELECT 1")) {
			assertThat(prepared.getConnection()).isSameAs(connection);
			assertThat(call.getConnection()).isSameAs(connection);
			assertThat(connection.unwrap(PGConnection.class)).isInstanceOf(PgConnection.class);
			assertThat(connection.isWrapperFor(PGConnection.class)).isTrue();
			assertThat(connection.unwrap(Connection.class)).isSameAs(connection);
			assertThat(connection).isEqualTo(prepared.getConnection())
				.isNotEqualTo(connection.unwrap(PGConnection.class));
			assertThat(connection.toString()).contains(this.rds.endpoint(), "backend").doesNotContain("X-Amz");
		}
	}

	@Test
	void threadWhenItHoldsALoanMayBorrowAgain() throws SQLException {
		try (Connection outer = this.dataSource.getConnection()) {
			String backend = query(outer, "SELECT pg_backend_pid()");
			assertThat(query("SELECT pg_backend_pid()")).isEqualTo(backend);
			assertThat(query(outer, "SELECT pg_backend_pid()")).isEqualTo(backend);
		}
	}

	@Test
	void nestedLoanWhenClosedUndoesOnlyItsOwnChanges() throws SQLException {
		try (Connection outer = this.dataSource.getConnection()) {
			outer.setReadOnly(true);
			outer.setNetworkTimeout(Runnable::run, 7000);
			try (Connection inner = this.dataSource.getConnection()) {
				inner.setNetworkTimeout(Runnable::run, 9000);
				inner.setAutoCommit(false);
				assertThat(query(inner, "SELECT 1")).isEqualTo("1");
			}
			assertThat(outer.getAutoCommit()).isTrue();
			assertThat(outer.isReadOnly()).isTrue();
			assertThat(outer.getNetworkTimeout()).isEqualTo(7000);
		}
	}

	@Test
	void threadWhenTransactionIsOpenIsRefusedAtOnce() throws SQLException {
		try (Connection outer = this.dataSource.getConnection()) {
			outer.setAutoCommit(false);
			assertThatThrownBy(this.dataSource::getConnection).isInstanceOf(SQLException.class)
				.hasMessageContaining("soong.connection.max")
				.hasMessageContaining("REQUIRES_NEW");
			assertThat(query(outer, "SELECT 1")).isEqualTo("1");
		}
		assertThat(query("SELECT 1")).isEqualTo("1");
	}

	@Test
	void threadWhenTransactionIsOpenGetsAnotherConnectionIfThereMayBeMore() throws SQLException {
		this.dataSource.close();
		this.dataSource = dataSource(SharedRds.settings().max(2));
		String first;
		String second;
		try (Connection outer = this.dataSource.getConnection()) {
			outer.setAutoCommit(false);
			first = query(outer, "SELECT pg_backend_pid()");
			try (Connection inner = this.dataSource.getConnection()) {
				second = query(inner, "SELECT pg_backend_pid()");
				assertThat(second).isNotEqualTo(first);
				assertThat(query("SELECT pg_backend_pid()")).isEqualTo(second);
				inner.setAutoCommit(false);
				assertThatThrownBy(this.dataSource::getConnection).hasMessageContaining("soong.connection.max=2");
			}
			assertThat(outer.getAutoCommit()).isFalse();
			assertThat(query("SELECT pg_backend_pid()")).isEqualTo(second);
		}
		assertThat(query("SELECT pg_backend_pid()")).isEqualTo(first);
	}

	@Test
	void threadsWhenThereMayBeMoreDoNotWaitForEachOther() throws Exception {
		this.dataSource.close();
		this.dataSource = dataSource(SharedRds.settings().max(2).acquireTimeout(Duration.ZERO));
		ExecutorService executor = Executors.newFixedThreadPool(2);
		try (Connection connection = this.dataSource.getConnection()) {
			String own = query(connection, "SELECT pg_backend_pid()");
			assertThat(executor.submit(() -> query("SELECT pg_backend_pid()")).get(10, TimeUnit.SECONDS))
				.isNotEqualTo(own);
			CountDownLatch held = new CountDownLatch(1);
			CountDownLatch asked = new CountDownLatch(1);
			Future<Boolean> holder = executor.submit(() -> {
				try (Connection other = this.dataSource.getConnection()) {
					held.countDown();
					asked.await();
					return other.isValid(1);
				}
			});
			held.await();
			assertThatThrownBy(() -> executor.submit(() -> this.dataSource.getConnection()).get(10, TimeUnit.SECONDS))
				.hasMessageContaining("since")
				.hasMessageContaining(" and by thread");
			asked.countDown();
			assertThat(holder.get(10, TimeUnit.SECONDS)).isTrue();
		}
		finally {
			executor.shutdownNow();
		}
	}

	@Test
	void loanWhenCredentialsProviderBreaksIsNotLeftBehind() throws Exception {
		this.dataSource.close();
		int[] asked = new int[1];
		this.dataSource = new SoongDataSource(SharedRds.settings().build(), (endpoint) -> {
			if (asked[0]++ == 0) {
				throw new IllegalStateException("broken");
			}
			return SharedRds.iam().credentials(endpoint);
		}, this.clock);
		assertThatThrownBy(this.dataSource::getConnection).isInstanceOf(SoongConnectionException.class)
			.hasMessageContaining("the provider failed with java.lang.IllegalStateException");
		ExecutorService executor = Executors.newSingleThreadExecutor();
		try {
			assertThat(executor.submit(() -> query("SELECT 1")).get(5, TimeUnit.SECONDS)).isEqualTo("1");
		}
		finally {
			executor.shutdownNow();
		}
	}

	@Test
	void threadWhenItsLeakedLoanBrokeGetsAnotherConnection() throws SQLException {
		Connection leaked = this.dataSource.getConnection();
		this.rds.killConnections();
		assertThatThrownBy(() -> query(leaked, "SELECT 1")).isInstanceOf(SQLException.class);
		assertThat(query("SELECT 1")).isEqualTo("1");
		String backend = query("SELECT pg_backend_pid()");
		leaked.close();
		assertThat(query("SELECT pg_backend_pid()")).isEqualTo(backend);
	}

	@Test
	void connectionWhenChangedPastItsLoanIsNotLentAgain() throws SQLException {
		String backend = query("SELECT pg_backend_pid()");
		try (Connection connection = this.dataSource.getConnection()) {
			connection.unwrap(PgConnection.class).setAutoCommit(false);
		}
		String second = query("SELECT pg_backend_pid()");
		assertThat(second).isNotEqualTo(backend);
		try (Connection connection = this.dataSource.getConnection()) {
			connection.unwrap(PgConnection.class).setReadOnly(true);
		}
		try (Connection connection = this.dataSource.getConnection()) {
			assertThat(connection.isReadOnly()).isFalse();
			assertThat(query(connection, "SELECT pg_backend_pid()")).isNotEqualTo(second);
		}
	}

	@Test
	void metaDataIsOfTheLoanAndEndsWithIt() throws SQLException {
		DatabaseMetaData metaData;
		try (Connection connection = this.dataSource.getConnection()) {
			metaData = connection.getMetaData();
			assertThat(metaData.getConnection()).isSameAs(connection);
			assertThat(metaData.getDatabaseProductName()).isEqualTo("PostgreSQL");
		}
		assertThatThrownBy(() -> metaData.getTables(null, null, "%", null)).isInstanceOf(SQLException.class)
			.hasMessageContaining("closed");
	}

	@Test
	void transactionWhenOfAnotherLoanCannotBeEnded() throws SQLException {
		this.rds.execute("CREATE TABLE IF NOT EXISTS owned(id int); GRANT ALL ON owned TO jane_doe");
		Connection outer = this.dataSource.getConnection();
		try (Connection inner = this.dataSource.getConnection()) {
			outer.setAutoCommit(false);
			query(outer, "INSERT INTO owned VALUES (1) RETURNING id");
			assertThatThrownBy(() -> inner.setAutoCommit(true)).hasMessageContaining("another loan");
			assertThatThrownBy(inner::commit).hasMessageContaining("another loan");
			assertThatThrownBy(inner::rollback).hasMessageContaining("another loan");
			assertThat(query(outer, "SELECT count(*) FROM owned")).isEqualTo("1");
			outer.rollback();
			outer.setAutoCommit(true);
			inner.setAutoCommit(false);
			query(inner, "INSERT INTO owned VALUES (2) RETURNING id");
			outer.close();
			inner.commit();
		}
		assertThat(query("SELECT string_agg(id::text, ',') FROM owned")).isEqualTo("2");
	}

	@Test
	void threadWhenTransactionWasBegunInSqlIsRefusedAtOnce() throws SQLException {
		try (Connection outer = this.dataSource.getConnection(); Statement statement = outer.createStatement()) {
			statement.execute("BEGIN");
			assertThatThrownBy(this.dataSource::getConnection).hasMessageContaining("soong.connection.max");
		}
		assertThat(query("SELECT 1")).isEqualTo("1");
	}

	@Test
	void nestedLoanWhenItLeavesATransactionOpenHasItRolledBack() throws SQLException {
		this.rds.execute("CREATE TABLE IF NOT EXISTS left_open(id int); GRANT ALL ON left_open TO jane_doe");
		try (Connection outer = this.dataSource.getConnection()) {
			try (Connection inner = this.dataSource.getConnection(); Statement statement = inner.createStatement()) {
				statement.execute("BEGIN");
				statement.execute("INSERT INTO left_open VALUES (1)");
			}
			query(outer, "INSERT INTO left_open VALUES (2) RETURNING id");
		}
		assertThat(query("SELECT string_agg(id::text, ',') FROM left_open")).isEqualTo("2");
	}

	@Test
	void nestedLoanWhenItSetASchemaRestoresTheWholePath() throws SQLException {
		try (Connection outer = this.dataSource.getConnection(); Statement statement = outer.createStatement()) {
			statement.execute("SET search_path = pg_catalog, public");
			try (Connection inner = this.dataSource.getConnection()) {
				inner.setSchema("information_schema");
			}
			assertThat(query(outer, "SHOW search_path")).isEqualTo("pg_catalog, public");
		}
	}

	@Test
	void loanWhenClosedLeavesNoneOfTheDriversOptions() throws SQLException {
		String name = query("SHOW application_name");
		try (Connection connection = this.dataSource.getConnection()) {
			connection.setHoldability(ResultSet.HOLD_CURSORS_OVER_COMMIT);
			connection.setTypeMap(Map.of("gizmo", String.class));
			connection.setClientInfo("ApplicationName", "one");
			assertThat(query(connection, "SHOW application_name")).isEqualTo("one");
			try (Connection inner = this.dataSource.getConnection()) {
				Properties info = new Properties();
				info.setProperty("ApplicationName", "two");
				inner.setClientInfo(info);
				inner.setHoldability(ResultSet.CLOSE_CURSORS_AT_COMMIT);
			}
			assertThat(query(connection, "SHOW application_name")).isEqualTo("one");
			assertThat(connection.getHoldability()).isEqualTo(ResultSet.HOLD_CURSORS_OVER_COMMIT);
		}
		PgConnection driver;
		try (Connection connection = this.dataSource.getConnection()) {
			assertThat(connection.getHoldability()).isEqualTo(ResultSet.CLOSE_CURSORS_AT_COMMIT);
			assertThat(connection.getTypeMap()).isEmpty();
			assertThat(query(connection, "SHOW application_name")).isEqualTo(name);
			assertThat(connection.getClientInfo("ApplicationName")).isEqualTo(name);
			driver = connection.unwrap(PgConnection.class);
			driver.setHoldability(ResultSet.HOLD_CURSORS_OVER_COMMIT);
			driver.setTypeMap(Map.of("gizmo", String.class));
			driver.setPrepareThreshold(17);
			driver.setDefaultFetchSize(18);
			driver.setAutosave(AutoSave.ALWAYS);
		}
		assertThat(driver.getHoldability()).isEqualTo(ResultSet.CLOSE_CURSORS_AT_COMMIT);
		assertThat(driver.getTypeMap()).isEmpty();
		assertThat(driver.getPrepareThreshold()).isNotEqualTo(17);
		assertThat(driver.getDefaultFetchSize()).isZero();
		assertThat(driver.getAutosave()).isEqualTo(AutoSave.NEVER);
	}

	@Test
	void clientInfoWhenSetWithinATransactionLeavesNoneOfItsSettings() throws SQLException {
		String name = query("SHOW application_name");
		try (Connection connection = this.dataSource.getConnection()) {
			connection.setAutoCommit(false);
			query(connection, "SELECT set_config('application_name', 'local', true)");
			connection.setClientInfo("ApplicationName", "other");
			connection.commit();
		}
		assertThat(query("SHOW application_name")).isEqualTo(name);
	}

	@Test
	void clientInfoWhenTheTransactionHasFailedIsRefusedAsJdbcSays() throws SQLException {
		try (Connection connection = this.dataSource.getConnection()) {
			connection.setAutoCommit(false);
			assertThatThrownBy(() -> query(connection, "SELECT no_such_column")).isInstanceOf(SQLException.class);
			assertThatExceptionOfType(SQLClientInfoException.class)
				.isThrownBy(() -> connection.setClientInfo("ApplicationName", "other"))
				.satisfies((failure) -> assertThat(failure.getSQLState()).isEqualTo("25P02"));
		}
	}

	@Test
	void schemaWhenSetWithinATransactionLeavesNoneOfItsSettings() throws SQLException {
		String path = query("SHOW search_path");
		for (boolean commit : new boolean[] { true, false }) {
			try (Connection connection = this.dataSource.getConnection()) {
				connection.setAutoCommit(false);
				query(connection, "SELECT set_config('search_path', 'tenant_a', true)");
				connection.setSchema("tenant_b");
				if (commit) {
					connection.commit();
				}
			}
			assertThat(query("SHOW search_path")).isEqualTo(path);
		}
	}

	@Test
	void nestedLoanWhenItSetASchemaLeavesTheTransactionItsOwn() throws SQLException {
		String path = query("SHOW search_path");
		try (Connection outer = this.dataSource.getConnection()) {
			try (Connection inner = this.dataSource.getConnection()) {
				outer.setAutoCommit(false);
				query(outer, "SELECT set_config('search_path', 'tenant_a', true)");
				inner.setSchema("tenant_b");
			}
			assertThat(query(outer, "SHOW search_path")).isEqualTo("tenant_a");
			outer.commit();
			assertThat(query(outer, "SHOW search_path")).isEqualTo(path);
		}
	}

	@Test
	void isolationWhenRefusedWithinATransactionLeavesNoneOfItsOwn() throws SQLException {
		try (Connection connection = this.dataSource.getConnection();
				Statement statement = connection.createStatement()) {
			connection.setAutoCommit(false);
			statement.execute("SET TRANSACTION ISOLATION LEVEL SERIALIZABLE");
			assertThatThrownBy(() -> connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ))
				.isInstanceOf(SQLException.class);
		}
		assertThat(query("SHOW default_transaction_isolation")).isEqualTo("read committed");
	}

	@Test
	void isolationWhenReadWithinATransactionIsNotTakenForTheSessions() throws SQLException {
		try (Connection connection = this.dataSource.getConnection();
				Statement statement = connection.createStatement()) {
			connection.setAutoCommit(false);
			statement.execute("SET TRANSACTION ISOLATION LEVEL SERIALIZABLE");
			assertThat(connection.getTransactionIsolation()).isEqualTo(Connection.TRANSACTION_SERIALIZABLE);
			connection.rollback();
			connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
		}
		assertThat(query("SHOW default_transaction_isolation")).isEqualTo("read committed");
	}

	@Test
	void connectionWhenOfAReaderEndpointIsKeptThoughItOnlyReads() throws SQLException {
		this.rds.execute("CREATE TABLE IF NOT EXISTS written(id int); GRANT ALL ON written TO bob");
		this.dataSource.close();
		this.dataSource = new SoongDataSource(
				SharedRds.settings("aurora.cluster-ro-c0ffee.eu-central-1.rds.amazonaws.com")
					.sslMode(ConnectionSettings.SslMode.VERIFY_CA)
					.user("bob")
					.build(),
				SharedRds.password("bob", SharedRds.PASSWORD), this.clock);
		String backend = query("SELECT pg_backend_pid()");
		try (Connection connection = this.dataSource.getConnection();
				Statement statement = connection.createStatement()) {
			statement.execute("SET default_transaction_read_only = on");
			assertThatThrownBy(() -> statement.execute("INSERT INTO written VALUES (1)"))
				.satisfies((ex) -> assertThat(((SQLException) ex).getSQLState()).isEqualTo("25006"));
		}
		assertThat(query("SELECT pg_backend_pid()")).isEqualTo(backend);
	}

	@Test
	void errorOfTheServerComesWithoutItsDetail() throws SQLException {
		this.rds.execute("CREATE TABLE IF NOT EXISTS once(id text PRIMARY KEY); GRANT ALL ON once TO jane_doe");
		query("INSERT INTO once VALUES ('CANARY') RETURNING id");
		assertThatThrownBy(() -> query("INSERT INTO once VALUES ('CANARY') RETURNING id"))
			.hasMessageNotContaining("CANARY");
	}

	@Test
	void durationsWithoutEndDoNotOverflow() throws SQLException {
		this.dataSource.close();
		Duration forEver = Duration.ofSeconds(Long.MAX_VALUE);
		this.dataSource = dataSource(SharedRds.settings()
			.maxLifetime(forEver)
			.validateAfter(forEver)
			.acquireTimeout(forEver)
			.connectTimeout(forEver));
		String backend = query("SELECT pg_backend_pid()");
		assertThat(query("SELECT pg_backend_pid()")).isEqualTo(backend);
	}

	@Test
	void otherThreadWhenLoanIsOutWaitsForIt() throws Exception {
		ExecutorService executor = Executors.newSingleThreadExecutor();
		try {
			CountDownLatch asking = new CountDownLatch(1);
			Future<String> other;
			String backend;
			try (Connection connection = this.dataSource.getConnection()) {
				backend = query(connection, "SELECT pg_backend_pid()");
				other = executor.submit(() -> {
					asking.countDown();
					return query("SELECT pg_backend_pid()");
				});
				asking.await();
				assertThat(other.isDone()).isFalse();
			}
			assertThat(other.get(10, TimeUnit.SECONDS)).isEqualTo(backend);
		}
		finally {
			executor.shutdownNow();
		}
	}

	@Test
	void otherThreadWhenLoanStaysOutIsToldWhoHoldsIt() throws Exception {
		this.dataSource.close();
		this.dataSource = dataSource(SharedRds.settings().acquireTimeout(Duration.ofMillis(50)));
		ExecutorService executor = Executors.newSingleThreadExecutor();
		try (Connection connection = this.dataSource.getConnection()) {
			Instant since = this.clock.instant();
			Future<?> other = executor.submit(() -> this.dataSource.getConnection());
			assertThatThrownBy(() -> other.get(10, TimeUnit.SECONDS))
				.hasCauseInstanceOf(SQLTransientConnectionException.class)
				.hasMessageContaining("thread '" + Thread.currentThread().getName() + "' since " + since)
				.hasMessageContaining("soong.connection.acquire-timeout")
				.hasMessageContaining("raise soong.connection.max (1)");
			assertThat(connection.isClosed()).isFalse();
		}
		finally {
			executor.shutdownNow();
		}
	}

	@Test
	void loanWhenClosedByAnotherThreadIsReturned() throws Exception {
		Connection connection = this.dataSource.getConnection();
		Thread other = new Thread(() -> {
			try {
				connection.close();
			}
			catch (SQLException ex) {
				throw new IllegalStateException(ex);
			}
		});
		other.start();
		other.join();
		assertThat(query("SELECT 1")).isEqualTo("1");
	}

	@Test
	void statementWhenTimeToConnectIsLongSpentIsStillCancelled() throws Exception {
		try (Connection connection = this.dataSource.getConnection();
				Statement statement = connection.createStatement()) {
			statement.setQueryTimeout(1);
			assertThatThrownBy(() -> statement.execute("SELECT pg_sleep(30)"))
				.satisfies((ex) -> assertThat(((SQLException) ex).getSQLState()).isEqualTo("57014"));
			statement.setQueryTimeout(0);
			assertThat(query(connection, "SELECT 1")).isEqualTo("1");
		}
		ConnectionAttempt attempt = new ConnectionAttempt(SharedRds.settings().build(),
				new ServerTrust(SharedRds.settings().build()), new Budget(Duration.ofSeconds(3)));
		try (Socket dialled = attempt.dial()) {
			assertThat(attempt.established()).isSameAs(dialled);
			try (Socket side = attempt.dial()) {
				assertThat(side).isNotSameAs(dialled);
				assertThat(side.getRemoteSocketAddress()).isEqualTo(dialled.getRemoteSocketAddress());
				assertThat(attempt.established()).isSameAs(dialled);
			}
		}
	}

	@Test
	void openConnectionIsIndependent() throws SQLException {
		try (Connection lent = this.dataSource.getConnection(); Connection own = this.dataSource.openConnection()) {
			assertThat(query(own, "SELECT pg_backend_pid()")).isNotEqualTo(query(lent, "SELECT pg_backend_pid()"));
		}
	}

	@Test
	void getConnectionWithCredentialsIsNotSupported() {
		assertThatExceptionOfType(SQLFeatureNotSupportedException.class)
			.isThrownBy(() -> this.dataSource.getConnection("bob", "password"));
	}

	@Test
	void dataSourceWhenClosedClosesItsConnectionAndRefuses() throws SQLException {
		String backend = query("SELECT pg_backend_pid()");
		this.dataSource.close();
		assertThatThrownBy(this.dataSource::getConnection).isInstanceOf(SQLException.class)
			.hasMessageContaining("closed");
		try (Connection admin = this.rds.openAdminConnection()) {
			await().untilAsserted(
					() -> assertThat(query(admin, "SELECT count(*) FROM pg_stat_activity WHERE pid = " + backend))
						.isEqualTo("0"));
		}
	}

	@Test
	void dataSourceWhenClosedWhileLentClosesOnReturn() throws SQLException {
		Connection connection = this.dataSource.getConnection();
		PgConnection physical = connection.unwrap(PgConnection.class);
		this.dataSource.close();
		assertThat(query(connection, "SELECT 1")).isEqualTo("1");
		connection.close();
		assertThat(physical.isClosed()).isTrue();
	}

	@Test
	void sessionIsListedByItsApplicationName() throws SQLException {
		this.dataSource.close();
		this.dataSource = dataSource(SharedRds.settings().applicationName("gizmos:$LATEST"));
		assertThat(query("SHOW application_name")).isEqualTo("gizmos:$LATEST");
	}

	@Test
	void readTimeoutOfDriverPropertyAppliesAfterLogin() throws SQLException {
		this.dataSource.close();
		this.dataSource = dataSource(SharedRds.settings().driverProperty("socketTimeout", "42"));
		try (Connection connection = this.dataSource.getConnection()) {
			assertThat(connection.getNetworkTimeout()).isEqualTo(42_000);
		}
	}

	private String query(String sql) throws SQLException {
		try (Connection connection = this.dataSource.getConnection()) {
			return query(connection, sql);
		}
	}

	private static String query(Connection connection, String sql) throws SQLException {
		try (Statement statement = connection.createStatement(); ResultSet resultSet = statement.executeQuery(sql)) {
			assertThat(resultSet.next()).isTrue();
			return resultSet.getString(1);
		}
	}

}
