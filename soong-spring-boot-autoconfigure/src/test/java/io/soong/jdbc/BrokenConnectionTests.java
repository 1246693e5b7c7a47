package io.soong.jdbc;

import java.io.IOException;
import java.net.SocketException;
import java.sql.SQLException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class BrokenConnectionTests {

	@ParameterizedTest
	@ValueSource(strings = { "08000", "08003", "08006", "57P01", "57P02", "57P03", "57P04", "57P05", "25P03", "25P04" })
	void connectionWhenSessionEndedIsBroken(String state) {
		assertThat(BrokenConnection.isShownBy(new SQLException("", state))).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "57014", "23505", "25006", "25P01", "25P02", "40001", "42P01", "53300" })
	void connectionWhenStatementFailedIsNotBroken(String state) {
		assertThat(BrokenConnection.isShownBy(new SQLException("", state))).isFalse();
	}

	@Test
	void connectionWhenInputOrOutputFailedAnywhereIsBroken() {
		SQLException next = new SQLException("next", "XX000", new RuntimeException(new SocketException("reset")));
		SQLException first = new SQLException("first", "42601");
		first.setNextException(next);
		assertThat(BrokenConnection.isShownBy(new SQLException("outer", first))).isTrue();
		assertThat(BrokenConnection.isShownBy(new SQLException("outer", new IOException("closed")))).isTrue();
	}

	@Test
	void connectionWhenCausesRunInCirclesIsNotBroken() {
		SQLException first = new SQLException("first", "42601");
		SQLException second = new SQLException("second", "42601", first);
		first.initCause(second);
		assertThat(BrokenConnection.isShownBy(first)).isFalse();
	}

	@Test
	void stateWhenNullIsNotBroken() {
		assertThat(BrokenConnection.isShownBy(new SQLException("no state"))).isFalse();
		assertThat(BrokenConnection.isReadOnlyServer(new SQLException("no state"))).isFalse();
		assertThat(BrokenConnection.isReadOnlyServer(new SQLException("", "25006"))).isTrue();
	}

}
