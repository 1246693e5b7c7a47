package io.soong.autoconfigure;

import java.sql.Connection;
import java.sql.SQLException;

import javax.sql.DataSource;

import io.soong.jdbc.ConnectionSettings;
import io.soong.jdbc.SoongDataSource;
import org.junit.jupiter.api.Test;

import org.springframework.mock.env.MockEnvironment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class LazyConnectionsPostProcessorTests {

	private final LazyConnectionsPostProcessor postProcessor = new LazyConnectionsPostProcessor(
			new MockEnvironment().withProperty("spring.datasource.connection-fetch", "lazy"));

	private int asked;

	private final SoongDataSource dataSource = new SoongDataSource(
			ConnectionSettings.builder("localhost").user("jane_doe").build(), (endpoint) -> {
				this.asked++;
				throw new SQLException("connected");
			});

	@Test
	void connectionThatIsFetchedLazilyAsksNothingOfTheServerBeforeTheFirstStatement() throws SQLException {
		DataSource lazy = (DataSource) this.postProcessor.postProcessAfterInitialization(this.dataSource,
				SoongAutoConfiguration.DATA_SOURCE);
		assertThat(lazy).isNotSameAs(this.dataSource);
		try (Connection connection = lazy.getConnection()) {
			assertThat(connection.getAutoCommit()).isTrue();
			connection.setAutoCommit(false);
			connection.setReadOnly(true);
			connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
			connection.rollback();
			assertThat(this.asked).isZero();
			assertThatExceptionOfType(SQLException.class).isThrownBy(connection::createStatement)
				.havingRootCause()
				.withMessage("connected");
		}
	}

	@Test
	void anotherDataSourceOfTheApplicationIsLeftAsItIs() {
		assertThat(this.postProcessor.postProcessAfterInitialization(this.dataSource, "reader"))
			.isSameAs(this.dataSource);
	}

}
