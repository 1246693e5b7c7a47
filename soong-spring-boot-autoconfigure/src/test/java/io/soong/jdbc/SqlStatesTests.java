package io.soong.jdbc;

import java.io.IOException;
import java.net.SocketException;
import java.sql.SQLException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class SqlStatesTests {

	@ParameterizedTest
	@ValueSource(strings = { "08000", "08003", "08006", "57P01", "57P02", "57P03", "57P04", "57P05", "25P03", "25P04" })
	void connectionWhenSessionEndedIsBroken(String state) {
		assertThat(SqlStates.isDeadConnection(new SQLException("", state))).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "57014", "23505", "25006", "25P01", "25P02", "40001", "42P01", "53300" })
	void connectionWhenStatementFailedIsNotBroken(String state) {
		assertThat(SqlStates.isDeadConnection(new SQLException("", state))).isFalse();
	}

	@Test
	void connectionWhenInputOrOutputFailedAnywhereIsBroken() {
		SQLException next = new SQLException("next", "XX000", new RuntimeException(new SocketException("reset")));
		SQLException first = new SQLException("first", "42601");
		first.setNextException(next);
		assertThat(SqlStates.isDeadConnection(new SQLException("outer", first))).isTrue();
		assertThat(SqlStates.isDeadConnection(new SQLException("outer", new IOException("closed")))).isTrue();
	}

	@Test
	void connectionWhenCausesRunInCirclesIsNotBroken() {
		SQLException first = new SQLException("first", "42601");
		SQLException second = new SQLException("second", "42601", first);
		first.initCause(second);
		assertThat(SqlStates.isDeadConnection(first)).isFalse();
	}

	@Test
	void stateWhenNullIsNotBroken() {
		assertThat(SqlStates.isDeadConnection(new SQLException("no state"))).isFalse();
		assertThat(SqlStates.isReadOnlyServer(new SQLException("no state"))).isFalse();
		assertThat(SqlStates.isReadOnlyServer(new SQLException("", "25006"))).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "0A000", "42703", "42P01", "42804", "42883", "42P18", "22P02", "22P03" })
	void statementWhenItsTablesChangedIsOutOfDate(String state) {
		assertThat(SqlStates.isSchemaChange(new SQLException("", state))).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "23505", "22001", "42601", "57014", "08006" })
	void statementWhenItFailedForAnotherReasonIsNotOutOfDate(String state) {
		assertThat(SqlStates.isSchemaChange(new SQLException("", state))).isFalse();
		assertThat(SqlStates.isSchemaChange(new SQLException("no state"))).isFalse();
	}

}
