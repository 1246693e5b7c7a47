package io.soong.sql;

import java.sql.SQLException;

import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * {@link SqlState}.
 */
@NullUnmarked
class SqlStateTests {

	@Test
	void ofWhenCodeIsKnownIsTheStateOfThatCode() {
		for (SqlState state : SqlState.values()) {
			assertThat(SqlState.of(state.code())).isEqualTo(state);
		}
		assertThat(SqlState.of("99999")).isEqualTo(SqlState.OTHER);
		assertThat(SqlState.of((String) null)).isEqualTo(SqlState.OTHER);
	}

	/**
	 * Those after which {@code io.soong.jdbc} drops cached statements, too.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "0A000", "42703", "42P01", "42804", "42883", "42P18", "22P02", "22P03" })
	void changeWhenNameOrTypeIsOutdated(String code) {
		assertThat(SqlState.isChange(new SQLException("", code))).isTrue();
	}

	@ParameterizedTest
	@NullSource
	@ValueSource(strings = { "22001", "23505", "40001", "57014", "08006" })
	void noChangeWhenErrorIsAboutSomethingElse(String code) {
		assertThat(SqlState.isChange(new SQLException("", code))).isFalse();
	}

}
