package io.soong.sql;

import java.sql.SQLException;

import org.jspecify.annotations.Nullable;

/**
 * The SQLStates on which it depends what is done or said after an error, by PostgreSQL's
 * names.
 *
 * @see <a href=
 * "https://www.postgresql.org/docs/current/errcodes-appendix.html">PostgreSQL error
 * codes</a>
 */
enum SqlState {

	FEATURE_NOT_SUPPORTED("0A000"), CARDINALITY_VIOLATION("21000"),

	STRING_DATA_RIGHT_TRUNCATION("22001"), NUMERIC_VALUE_OUT_OF_RANGE("22003"), INVALID_DATETIME_FORMAT("22007"),
	DATETIME_FIELD_OVERFLOW("22008"), DIVISION_BY_ZERO("22012"), CHARACTER_NOT_IN_REPERTOIRE("22021"),
	INVALID_TEXT_REPRESENTATION("22P02"), UNTRANSLATABLE_CHARACTER("22P05"),

	NOT_NULL_VIOLATION("23502"), FOREIGN_KEY_VIOLATION("23503"), UNIQUE_VIOLATION("23505"), CHECK_VIOLATION("23514"),
	EXCLUSION_VIOLATION("23P01"),

	IN_FAILED_SQL_TRANSACTION("25P02"), SERIALIZATION_FAILURE("40001"), DEADLOCK_DETECTED("40P01"),

	INSUFFICIENT_PRIVILEGE("42501"), SYNTAX_ERROR("42601"), UNDEFINED_COLUMN("42703"), AMBIGUOUS_FUNCTION("42725"),
	UNDEFINED_FUNCTION("42883"), DATATYPE_MISMATCH("42804"), UNDEFINED_TABLE("42P01"), INDETERMINATE_DATATYPE("42P18"),

	WITH_CHECK_OPTION_VIOLATION("44000"), RAISE_EXCEPTION("P0001"), ASSERT_FAILURE("P0004"),

	/** Any other, or none. */
	OTHER("");

	private final String code;

	SqlState(String code) {
		this.code = code;
	}

	static SqlState of(SQLException ex) {
		return of(ex.getSQLState());
	}

	static SqlState of(@Nullable String code) {
		for (SqlState state : values()) {
			if (state.code.equals(code)) {
				return state;
			}
		}
		return OTHER;
	}

	/** Whether the SQLState of an error is of a class, or begins with its code. */
	static boolean isOfClass(SQLException ex, String... classes) {
		for (String code : classes) {
			if (ex.getSQLState() != null && ex.getSQLState().startsWith(code)) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Whether an error may come from a table, column or type that has changed: a plan
	 * that the server cached (0A), a name or type (42), or a value in a form that its
	 * type does not accept (22P). These are whole classes, because forgetting a type too
	 * often costs one query of the catalogue, while a state that a list lacks would leave
	 * an outdated type in use.
	 */
	static boolean isChange(SQLException ex) {
		return isOfClass(ex, "0A", "42", "22P");
	}

	String code() {
		return this.code;
	}

}
