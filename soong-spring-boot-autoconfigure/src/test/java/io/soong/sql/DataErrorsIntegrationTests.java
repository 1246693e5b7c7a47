package io.soong.sql;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.sql.SQLException;
import java.util.Map;

import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.BadSqlGrammarException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Errors about data, which must not show it.
 */
@NullUnmarked
class DataErrorsIntegrationTests {

	private static final String SECRET = "4111-1111";

	private static SingleConnectionDataSource dataSource;

	private static SoongTemplate soong;

	@BeforeAll
	static void connect() {
		dataSource = PostgresServer.connect("data_error_tests");
		soong = new SoongTemplate(new JdbcTemplate(dataSource));
		soong.execute("CREATE TABLE cards (id int PRIMARY KEY, number varchar(12) CONSTRAINT unique_number UNIQUE, "
				+ "pin int CONSTRAINT positive_pin CHECK (pin > 0), owner int NOT NULL DEFAULT 1, "
				+ "other int CONSTRAINT other_exists REFERENCES cards DEFERRABLE INITIALLY DEFERRED)");
		soong.execute("CREATE FUNCTION refuse(text) RETURNS int LANGUAGE plpgsql AS "
				+ "$$ BEGIN RAISE EXCEPTION 'card % refused', $1; END $$");
		soong.insert("cards", Map.of("id", 1, "number", SECRET));
	}

	@AfterAll
	static void close() {
		dataSource.destroy();
	}

	@Test
	void insertWhenUniqueConstraintIsViolatedNamesItWithoutTheValue() {
		DuplicateKeyException ex = catchThrowableOfType(DuplicateKeyException.class,
				() -> soong.insert("cards", Map.of("id", 2, "number", SECRET)));
		assertThat(ex).hasMessageContainingAll("23505", "\"cards\"", "\"unique_number\"");
		showsNothing(ex);
		assertThat(server(ex).getConstraint()).isEqualTo("unique_number");
		assertThat(server(ex).getTable()).isEqualTo("cards");
		assertThat(server(ex).getSchema()).isEqualTo("data_error_tests");
		assertThat(server(ex).getDetail()).isNull();
	}

	@Test
	void insertWhenColumnIsNullNamesIt() {
		DataIntegrityViolationException ex = catchThrowableOfType(DataIntegrityViolationException.class,
				() -> soong.execute("INSERT INTO cards (id, number, owner) VALUES (3, ?, NULL)", SECRET));
		assertThat(ex).hasMessageContainingAll("23502", "\"owner\"");
		showsNothing(ex);
	}

	@Test
	void callsWhenValueIsNotValidDoNotShowIt() {
		failsWithoutSecret("22P02", () -> soong.select("cards", Map.of("id", SECRET)));
		failsWithoutSecret("22P02", () -> soong.query(String.class, "SELECT ?::int", SECRET));
		failsWithoutSecret("22P02", () -> soong.query((resultSet, number) -> 1, "SELECT ?::int", SECRET));
		failsWithoutSecret("22001", () -> soong.insert("cards", Map.of("id", 4, "number", SECRET + SECRET)));
		failsWithoutSecret("22021", () -> soong.insert("cards", Map.of("id", 4, "number", SECRET + "\0")));
		failsWithoutSecret("23514", () -> soong.insert("cards", Map.of("id", 4, "number", SECRET + "x", "pin", -1)));
		failsWithoutSecret("P0001", () -> soong.query("SELECT refuse(?)", SECRET));
	}

	@Test
	void mapperWhenDriverCannotReadValueDoesNotShowIt() {
		failsWithoutSecret("22003",
				() -> soong.query((resultSet, number) -> resultSet.getInt(1), "SELECT number FROM cards"));
	}

	@Test
	void inTransactionWhenCommitViolatesConstraintNamesItWithoutTheValue() {
		DataIntegrityViolationException ex = catchThrowableOfType(DataIntegrityViolationException.class,
				() -> soong.inTransaction(() -> {
					soong.insert("cards", Map.of("id", 5, "other", 41111111));
				}));
		assertThat(ex).hasMessageContainingAll("23503", "\"other_exists\"");
		assertThat(printed(ex)).doesNotContain("41111111");
		assertThat(soong.get("cards", 5)).isEmpty();
	}

	@Test
	void inTransactionWhenWorkThrowsPassesItOnAsItIs() {
		DataAccessException thrown = new DuplicateKeyException("mine",
				new PSQLException(new ServerErrorMessage("C23505\0Mtext\0")));
		assertThat(catchThrowableOfType(DuplicateKeyException.class, () -> soong.inTransaction(() -> {
			throw thrown;
		}))).isSameAs(thrown);
	}

	@Test
	void errorWhenNotAboutDataIsLeftAsItIs() {
		assertThatExceptionOfType(BadSqlGrammarException.class).isThrownBy(() -> soong.get("card", 1))
			.havingCause()
			.withMessageContaining("relation \"card\" does not exist");
	}

	@Test
	void errorWhenValuesAreWantedShowsTheServersText() {
		SoongTemplate verbose = soong.withValuesInErrors();
		assertThatExceptionOfType(DuplicateKeyException.class)
			.isThrownBy(() -> verbose.insert("cards", Map.of("id", 2, "number", SECRET)))
			.withMessageContaining("(number)=(" + SECRET + ")");
		assertThatExceptionOfType(DataIntegrityViolationException.class)
			.isThrownBy(() -> verbose.inTransaction(() -> verbose.insert("cards", Map.of("id", 5, "other", 41111111))))
			.withMessageContaining("41111111");
	}

	private static void failsWithoutSecret(String state, Runnable call) {
		DataAccessException ex = catchThrowableOfType(DataAccessException.class, call::run);
		assertThat(ex).isNotNull();
		assertThat(ex.getCause()).isInstanceOfSatisfying(SQLException.class,
				(cause) -> assertThat(cause.getSQLState()).isEqualTo(state));
		showsNothing(ex);
	}

	private static void showsNothing(Throwable ex) {
		assertThat(printed(ex)).doesNotContain(SECRET);
	}

	private static String printed(Throwable ex) {
		StringWriter printed = new StringWriter();
		ex.printStackTrace(new PrintWriter(printed));
		return printed.toString();
	}

	private static ServerErrorMessage server(Throwable ex) {
		assertThat(ex.getCause()).isInstanceOf(PSQLException.class);
		ServerErrorMessage server = ((PSQLException) ex.getCause()).getServerErrorMessage();
		assertThat(server).isNotNull();
		return server;
	}

}
