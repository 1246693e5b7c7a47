package io.soong.sql;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * Adds a hint with a fix to an error of the server: the names nearest to one that does
 * not exist. A hint of the server is kept. Outside a transaction the names are read from
 * the catalogue. Inside, no query is possible after an error, so that only cached names
 * are used.
 */
final class ErrorHints {

	private static final String CAST = "Cast the parameter, as in CAST(? AS text)";

	private static final String TABLES = """
			SELECT CASE WHEN pg_catalog.pg_table_is_visible(c.oid) THEN '' ELSE n.nspname || '.' END || c.relname
			FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
			WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname <> 'information_schema'
			AND n.nspname NOT LIKE 'pg\\_%' LIMIT 10000""";

	private static final String COLUMNS = """
			SELECT a.attname FROM pg_catalog.unnest(?::text[]) AS t (name)
			JOIN pg_catalog.pg_attribute a ON a.attrelid = pg_catalog.to_regclass(t.name)
			WHERE a.attnum > 0 AND NOT a.attisdropped""";

	// The server quotes a name that it does not find, in the style of its language, or
	// not at all for "alias.column"
	private static final Pattern MISSING = Pattern
		.compile("\"([^\"]+)\"|\u00bb([^\u00ab]+)\u00ab|\u00ab ?([^\u00bb]+?) ?\u00bb|column (\\S+\\.\\S+) ");

	private static final Pattern TABLE_IN_SQL = Pattern.compile(
			"\\b(?:FROM|JOIN|INTO|UPDATE)\\s+((?:\"[^\"]+\"|\\w+)(?:\\.(?:\"[^\"]+\"|\\w+))?)",
			Pattern.CASE_INSENSITIVE);

	// The server's operator and types, in a message of any language
	private static final Pattern COMPARED_WITH_ARRAY = Pattern.compile("\\S (=|<>) \\S.*\\[\\]");

	private static final Pattern IN_SEVERAL = Pattern.compile("\\bIN\\s*\\([^()]*,[^()]*\\)", Pattern.CASE_INSENSITIVE);

	private static final Pattern IN_BARE = Pattern.compile("\\bIN\\s+[?$]", Pattern.CASE_INSENSITIVE);

	private ErrorHints() {
	}

	/**
	 * The server's own hint, unless it misses the point, otherwise one of Soong's; null
	 * if there is none.
	 */
	static @Nullable String of(ServerErrorMessage server, String sql, Connection connection, KnownNames known) {
		String list = (SqlState.of(server.getSQLState()) == SqlState.UNDEFINED_FUNCTION) ? listBesideValues(server, sql)
				: null;
		if (list != null) {
			return list;
		}
		return (server.getHint() != null) ? server.getHint() : hint(server, sql, connection, known);
	}

	private static @Nullable String listBesideValues(ServerErrorMessage server, String sql) {
		Matcher compared = COMPARED_WITH_ARRAY.matcher(String.valueOf(server.getMessage()));
		if (!compared.find() || !IN_SEVERAL.matcher(sql).find()) {
			return null;
		}
		return "A list stands for its elements only if it is alone in IN (...): add the other values to it, or write "
				+ (compared.group(1).equals("=") ? "= ANY (?) OR ..." : "<> ALL (?) AND ...") + " for them";
	}

	private static @Nullable String hint(ServerErrorMessage server, String sql, Connection connection,
			KnownNames known) {
		try {
			return switch (SqlState.of(server.getSQLState())) {
				case UNDEFINED_TABLE -> meant(missing(server),
						connection.getAutoCommit() ? names(connection, TABLES, null) : known.tables());
				case UNDEFINED_COLUMN -> column(missing(server), tables(sql), connection, known);
				case FEATURE_NOT_SUPPORTED -> "RevalidateCachedQuery".equals(server.getRoutine())
						? "A table has changed since the statement was prepared; run the transaction again" : null;
				case IN_FAILED_SQL_TRANSACTION ->
					"An earlier statement of this transaction failed, and catching its exception does "
							+ "not help: roll back the transaction and run it again, or run what may fail "
							+ "within inNestedTransaction(...)";
				case INSUFFICIENT_PRIVILEGE -> "GRANT what the statement needs to the role";
				case INDETERMINATE_DATATYPE, AMBIGUOUS_FUNCTION -> CAST;
				case DATATYPE_MISMATCH -> String.valueOf(server.getMessage()).contains("unknown") ? CAST : null;
				case SYNTAX_ERROR -> syntax(sql);
				default -> null;
			};
		}
		catch (SQLException ex) {
			// A hint is not worth another failure
			return null;
		}
	}

	private static @Nullable String syntax(String sql) {
		if (sql.contains("= ANY (?") || sql.contains("<> ALL (?")) {
			return "IN (?) with a list is sent as = ANY (?); put the comparison in parentheses where another "
					+ "operator stands beside it";
		}
		return IN_BARE.matcher(sql).find() ? "Write the list of IN in parentheses: IN (?) or IN (:list)" : null;
	}

	private static @Nullable String column(@Nullable String missing, Set<String> tables, Connection connection,
			KnownNames known) throws SQLException {
		String bare = (missing != null) ? missing.substring(missing.lastIndexOf('.') + 1) : null;
		if (!connection.getAutoCommit()) {
			return meant(bare, known.columns(tables));
		}
		return tables.isEmpty() ? null : meant(bare, names(connection, COLUMNS, tables));
	}

	private static @Nullable String meant(@Nullable String missing, Collection<String> candidates) {
		List<String> nearest = (missing != null) ? SimilarNames.to(missing, candidates) : List.of();
		return nearest.isEmpty() ? null : "Perhaps you meant \"" + String.join("\" or \"", nearest) + "\".";
	}

	private static Set<String> names(Connection connection, String query, @Nullable Set<String> parameter)
			throws SQLException {
		Set<String> names = new HashSet<>();
		DatabaseType.query(connection, query, (statement) -> {
			if (parameter != null) {
				statement.setArray(1, connection.createArrayOf("text", parameter.toArray()));
			}
		}, (row) -> names.add(row.getString(1)));
		return names;
	}

	private static @Nullable String missing(ServerErrorMessage server) {
		Matcher matcher = MISSING.matcher(String.valueOf(server.getMessage()));
		if (matcher.find()) {
			for (int group = 1; group <= matcher.groupCount(); group++) {
				if (matcher.group(group) != null) {
					return matcher.group(group);
				}
			}
		}
		return null;
	}

	// A guess is sufficient for a hint
	private static Set<String> tables(String sql) {
		Set<String> tables = new TreeSet<>();
		Matcher matcher = TABLE_IN_SQL.matcher(sql);
		while (matcher.find()) {
			tables.add(matcher.group(1));
		}
		return tables;
	}

	/**
	 * Finds the existing names that are most similar to a misspelt one.
	 */
	static final class SimilarNames {

		private static final int MAX_NAMES = 3;

		private SimilarNames() {
		}

		/**
		 * The nearest names, nearest first; a name that differs in case and underscores
		 * only is nearest of all.
		 */
		static List<String> to(String name, Collection<String> candidates) {
			String wanted = Identifier.normalize(name);
			int limit = Math.max(1, wanted.length() / 3);
			Map<String, Integer> distances = new LinkedHashMap<>();
			for (String candidate : candidates) {
				// A table of another schema is also known by its bare name, unless a
				// table on the search path has that name
				String bare = candidate.substring(name.contains(".") ? 0 : candidate.indexOf('.') + 1);
				if (!bare.equals(candidate) && candidates.contains(bare)) {
					continue;
				}
				int distance = distance(wanted, Identifier.normalize(bare));
				if (distance <= limit && !candidate.equals(name)) {
					distances.put(candidate, distance);
				}
			}
			List<String> names = new ArrayList<>(distances.keySet());
			names.sort(Comparator.<String>comparingInt((candidate) -> distances.getOrDefault(candidate, limit))
				.thenComparing(Comparator.naturalOrder()));
			return List.copyOf(names.subList(0, Math.min(MAX_NAMES, names.size())));
		}

		/**
		 * The number of characters to insert, delete, replace or swap with the next.
		 */
		static int distance(String from, String to) {
			int[][] distances = new int[from.length() + 1][to.length() + 1];
			for (int i = 0; i <= from.length(); i++) {
				for (int j = 0; j <= to.length(); j++) {
					if (i == 0 || j == 0) {
						distances[i][j] = i + j;
						continue;
					}
					int cost = (from.charAt(i - 1) == to.charAt(j - 1)) ? 0 : 1;
					distances[i][j] = Math.min(Math.min(distances[i][j - 1], distances[i - 1][j]) + 1,
							distances[i - 1][j - 1] + cost);
					if (i > 1 && j > 1 && from.charAt(i - 1) == to.charAt(j - 2)
							&& from.charAt(i - 2) == to.charAt(j - 1)) {
						distances[i][j] = Math.min(distances[i][j], distances[i - 2][j - 2] + 1);
					}
				}
			}
			return distances[from.length()][to.length()];
		}

	}

	/**
	 * The error with a hint, and with a message that explains it.
	 * @param before what the message begins with, such as the place of the value
	 * @param after what it ends with, such as the SQL
	 */
	static SQLException explained(SQLException ex, ServerErrorMessage server, @Nullable String hint, String before,
			String after) {
		return new ExplainedException(ex, DataErrors.withHint(server, hint), before + reason(server, hint) + after);
	}

	/** The server's message, SQLState and detail, and a hint. */
	static String reason(ServerErrorMessage server, @Nullable String hint) {
		return server.getMessage() + " (" + server.getSQLState() + ")"
				+ ((server.getDetail() != null) ? "; " + server.getDetail() : "") + ((hint != null) ? "; " + hint : "");
	}

	/**
	 * An error of the server whose message is an explanation.
	 */
	static final class ExplainedException extends PSQLException {

		private static final long serialVersionUID = 1L;

		private final String message;

		ExplainedException(SQLException original, ServerErrorMessage server, String message) {
			super(server);
			this.message = message;
			setStackTrace(original.getStackTrace());
		}

		@Override
		public String getMessage() {
			return this.message;
		}

	}

	/**
	 * The names that are cached.
	 */
	interface KnownNames {

		/** The tables with cached columns. */
		Set<String> tables();

		/** The cached columns of tables, which are named or quoted as in SQL. */
		Set<String> columns(Set<String> tables);

	}

}
