package io.soong.jdbc;

import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;
import org.postgresql.core.NativeQuery;
import org.postgresql.core.Parser;
import org.postgresql.core.Query;

/**
 * The text of what the driver sends: its SQL with placeholders, without the bound values.
 * Built only when it is needed for a message.
 */
final class SentSql {

	private static final Pattern ROLLBACK = Pattern.compile("\\s*(ROLLBACK|ABORT)\\s*;?\\s*", Pattern.CASE_INSENSITIVE);

	private static final Pattern COMMIT = Pattern.compile("\\s*(COMMIT|END)\\b.*",
			Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

	/** Any that ends the transaction, not one to a savepoint. */
	private static final Pattern WHOLE_ROLLBACK = Pattern.compile(
			"\\s*(ROLLBACK|ABORT)\\b(?!(\\s+(WORK|TRANSACTION))?\\s+TO\\b).*",
			Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

	private static final Pattern PREPARE = Pattern.compile("\\s*PREPARE\\s+TRANSACTION\\b.*",
			Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

	/**
	 * A selected function may write. The caller has to know. {@code SELECT INTO} creates
	 * a table.
	 */
	private static final Pattern READ = Pattern.compile(
			"\\s*(SELECT(?!.*\\bINTO\\b)|SHOW|VALUES|TABLE|EXPLAIN(?!.*\\bANALY[SZ]E\\b)|FETCH)\\b.*",
			Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

	/**
	 * Settings changed by SET, or by set_config for the session. The driver's own
	 * statements for methods of JDBC are not included; they are undone when the loan
	 * ends.
	 */
	private static final Pattern SESSION_SETTING = Pattern
		.compile("\\s*SET\\s+(?!(SESSION|LOCAL|TRANSACTION|CONSTRAINTS)\\s).*"
				+ "|\\s*SELECT\\b.*\\bset_config\\s*\\((?!\\s*'(search_path|application_name)').*,\\s*false\\s*\\).*",
				Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

	/** The text for calls without SQL. */
	static final Object CANCEL_COPY = "(cancel COPY)";

	private SentSql() {
	}

	static String subject(Object subject) {
		if (subject instanceof Query query) {
			return query.getNativeSql();
		}
		if (subject instanceof Query[] queries && queries.length > 0) {
			return queries[0].getNativeSql() + " (batch of " + queries.length + ")";
		}
		return subject.toString();
	}

	/**
	 * Returns the SQL alone; of a batch, the first.
	 */
	static String sql(Object subject) {
		return (subject instanceof Query[] queries && queries.length > 0) ? queries[0].getNativeSql()
				: subject(subject);
	}

	/**
	 * Returns the text as a log or a message may hold it, without literals.
	 * @param sqlState why it failed, or {@code null}
	 */
	static String logged(Object subject, @Nullable String sqlState) {
		String logged = LoggedSql.of(operation(subject), sql(subject), sqlState);
		return (subject instanceof Query[] queries && queries.length > 1)
				? logged + " (batch of " + queries.length + ")" : logged;
	}

	/**
	 * Returns a name for its kind, of which there are few: its command, or {@code OTHER};
	 * empty for the driver's probe, which has no SQL.
	 */
	static String operation(Object subject) {
		if (subject instanceof Query[] queries && queries.length > 1) {
			return "BATCH " + command(queries[0].getNativeSql());
		}
		return (subject == CANCEL_COPY) ? "COPY" : command(sql(subject));
	}

	private static String command(String sql) {
		String text = (!sql.isEmpty() && Character.isLetter(sql.charAt(0))) ? sql : withoutComment(sql);
		int end = 0;
		while (end < text.length() && Character.isLetter(text.charAt(end))) {
			end++;
		}
		String word = text.substring(0, end).toUpperCase(Locale.ROOT);
		return (text.isEmpty() || Commands.ALL.contains(word)) ? word : "OTHER";
	}

	static boolean isRollback(Object subject) {
		return subject == CANCEL_COPY || ROLLBACK.matcher(withoutComment(subject(subject))).matches();
	}

	static boolean isCommit(Object subject) {
		return COMMIT.matcher(withoutComment(subject(subject))).matches();
	}

	/**
	 * Returns whether it, or one of several statements in it, ends a transaction other
	 * than by rolling back. Parsed with and without {@code standard_conforming_strings}.
	 */
	static boolean isEnding(Object subject) throws SQLException {
		return any(subject, (text) -> COMMIT.matcher(text).matches() || PREPARE.matcher(text).matches());
	}

	/**
	 * Returns whether something of it could be kept although the transaction around it is
	 * rolled back later: it ends the transaction other than by rolling back, or it rolls
	 * back among other statements. Those that follow are sent together with it, so that
	 * the driver cannot begin a transaction for them.
	 */
	static boolean isEscaping(Object subject) throws SQLException {
		return isEnding(subject)
				|| (any(subject, (text) -> WHOLE_ROLLBACK.matcher(text).matches()) && isSeveral(subject));
	}

	private static boolean isSeveral(Object subject) throws SQLException {
		if (subject instanceof Query[] queries && queries.length != 1) {
			return true;
		}
		String sql = sql(subject);
		return statements(sql, true).size() > 1 || statements(sql, false).size() > 1;
	}

	private static boolean any(Object subject, Predicate<String> kind) throws SQLException {
		if (subject instanceof Query[] queries) {
			for (Query query : queries) {
				if (any(query, kind)) {
					return true;
				}
			}
			return false;
		}
		String sql = subject(subject);
		return any(sql, true, kind) || any(sql, false, kind);
	}

	private static boolean any(String sql, boolean standardStrings, Predicate<String> kind) throws SQLException {
		for (NativeQuery statement : statements(sql, standardStrings)) {
			if (kind.test(withoutComment(statement.nativeSql))) {
				return true;
			}
		}
		return false;
	}

	private static List<NativeQuery> statements(String sql, boolean standardStrings) throws SQLException {
		return Parser.parseJdbcSql(sql, standardStrings, false, true, false, false);
	}

	/** Removes leading comments. */
	private static String withoutComment(String sql) {
		char[] text = sql.toCharArray();
		int start = 0;
		while (start < text.length) {
			int end = (text[start] == '-') ? Parser.parseLineComment(text, start)
					: (text[start] == '/') ? Parser.parseBlockComment(text, start) : start;
			if (end == start && !Character.isWhitespace(text[start])) {
				break;
			}
			start = end + 1;
		}
		return sql.substring(Math.min(start, text.length));
	}

	static boolean isSessionSetting(Object subject) {
		return SESSION_SETTING.matcher(withoutComment(subject(subject))).matches();
	}

	/**
	 * Returns whether it changes nothing, by the first word of each statement in it.
	 */
	static boolean isRead(Object subject) throws SQLException {
		return !any(subject, (text) -> !READ.matcher(text).matches());
	}

	/**
	 * Loaded only where operations are observed.
	 */
	private static final class Commands {

		private static final Set<String> ALL = Set.of("ALTER", "ANALYZE", "BEGIN", "CALL", "CLOSE", "COMMENT", "COMMIT",
				"COPY", "CREATE", "DEALLOCATE", "DECLARE", "DELETE", "DISCARD", "DO", "DROP", "EXECUTE", "EXPLAIN",
				"FETCH", "GRANT", "INSERT", "LISTEN", "LOCK", "MERGE", "MOVE", "NOTIFY", "PREPARE", "REFRESH",
				"REINDEX", "RELEASE", "RESET", "REVOKE", "ROLLBACK", "SAVEPOINT", "SELECT", "SET", "SHOW", "START",
				"TABLE", "TRUNCATE", "UNLISTEN", "UPDATE", "VACUUM", "VALUES", "WITH");

	}

}
