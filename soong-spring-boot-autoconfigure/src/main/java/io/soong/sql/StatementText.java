package io.soong.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

import org.jspecify.annotations.Nullable;

/**
 * A statement before it runs: SQL with {@code ?} and its parameters, each as
 * {@link ParameterValue} binds it. Built without a database, so that invalid calls are
 * reported before anything is sent.
 *
 * @param sql the SQL text
 * @param parameters one for each {@code ?}, in order
 * @param places names the place of a parameter, by its index from 0, in messages
 */
record StatementText(String sql, List<@Nullable Object> parameters, IntFunction<ParameterPlace> places) {

	private static final int MAX_LENGTH = 500;

	private static final int TAIL_LENGTH = 100;

	StatementText(String sql, List<@Nullable Object> parameters) {
		this(sql, parameters,
				(index) -> new ParameterPlace.Argument("parameter " + (index + 1), ParameterPlace.Use.PLAIN));
	}

	/**
	 * An INSERT.
	 * @param conflict how an upsert finds the existing row; null for an insert
	 * @param returning the columns to return, no names for all; null to return nothing
	 */
	static StatementText insert(String table, ColumnValues values, @Nullable Conflict conflict,
			Identifier.@Nullable Columns returning) {
		StringBuilder sql = new StringBuilder("INSERT INTO ").append(Identifier.table(table));
		if (values.columns().isEmpty()) {
			sql.append(" DEFAULT VALUES");
		}
		else {
			sql.append(" (").append(Identifier.columns(values.columns())).append(") VALUES (");
			sql.append(String.join(", ", values.expressions())).append(")");
		}
		appendConflict(sql, conflict, values.columns());
		appendReturning(sql, returning);
		return new StatementText(sql.toString(), values.parameters(),
				(index) -> place(table, values.bound().get(index)));
	}

	/**
	 * An INSERT of several rows.
	 * @param columns the columns of a row
	 * @param first the number of the first row, from 1
	 * @param conflict how an upsert finds rows; null for an insert
	 * @param returning the columns to return, no names for all; null to return nothing
	 */
	static StatementText insertAll(String table, List<String> columns, List<@Nullable Object[]> rows, long first,
			@Nullable Conflict conflict, Identifier.@Nullable Columns returning) {
		List<Integer> indexes = new ArrayList<>();
		for (int i = 0; i < columns.size(); i++) {
			if (anyIsSet(rows, i)) {
				indexes.add(i);
			}
		}
		if (indexes.isEmpty()) {
			// Several rows of defaults need the name of a column
			indexes.add(0);
		}
		List<String> names = indexes.stream().map(columns::get).toList();
		List<@Nullable Object> parameters = new ArrayList<>(rows.size() * indexes.size());
		StringBuilder sql = new StringBuilder("INSERT INTO ").append(Identifier.table(table));
		sql.append(" (").append(Identifier.columns(names)).append(") VALUES ");
		String separator = "(";
		for (@Nullable
		Object[] row : rows) {
			for (int index : indexes) {
				boolean leftOut = row[index] == GivenColumns.LEFT_OUT;
				sql.append(separator).append(leftOut ? "DEFAULT" : "?");
				if (!leftOut) {
					parameters.add(row[index]);
				}
				separator = ", ";
			}
			separator = "), (";
		}
		sql.append(")");
		appendConflict(sql, conflict, names);
		appendReturning(sql, returning);
		return new StatementText(sql.toString(), parameters, (index) -> {
			int parameter = index;
			for (int row = 0; row < rows.size(); row++) {
				for (int i : indexes) {
					boolean leftOut = rows.get(row)[i] == GivenColumns.LEFT_OUT;
					if (!leftOut && parameter-- == 0) {
						return place(table, columns.get(i), first + row);
					}
				}
			}
			throw new IndexOutOfBoundsException(index);
		});
	}

	/** The place of a value in one of many rows. */
	static ParameterPlace.Assigned place(String table, String column, long row) {
		return new ParameterPlace.Assigned(new ParameterPlace.Column(table, column), null,
				() -> "row " + row + " of the rows given for table \"" + table + "\", column \"" + column + "\"");
	}

	static String copy(String table, List<String> columns) {
		return "COPY " + Identifier.table(table) + " (" + Identifier.columns(columns) + ") FROM STDIN";
	}

	/**
	 * An UPDATE.
	 * @param returning the columns to return, no names for all; null to return nothing
	 */
	static StatementText update(String table, Where where, ColumnValues values,
			Identifier.@Nullable Columns returning) {
		List<@Nullable Object> parameters = new ArrayList<>(values.parameters());
		StringBuilder sql = new StringBuilder("UPDATE ").append(where.table());
		String separator = " SET ";
		for (int i = 0; i < values.columns().size(); i++) {
			sql.append(separator).append(Identifier.column(values.columns().get(i))).append(" = ");
			sql.append(values.expressions().get(i));
			separator = ", ";
		}
		where.appendTo(sql, parameters);
		appendReturning(sql, returning);
		int set = values.bound().size();
		return new StatementText(sql.toString(), parameters,
				(index) -> (index < set) ? place(table, values.bound().get(index)) : where.place(index - set));
	}

	/**
	 * A DELETE.
	 * @param returning the columns to return, no names for all; null to return nothing
	 */
	static StatementText delete(String table, Where where, Identifier.@Nullable Columns returning) {
		List<@Nullable Object> parameters = new ArrayList<>();
		StringBuilder sql = new StringBuilder("DELETE FROM ").append(where.table());
		where.appendTo(sql, parameters);
		appendReturning(sql, returning);
		return new StatementText(sql.toString(), parameters, where::place);
	}

	private static ParameterPlace place(String table, String column) {
		return new ParameterPlace.Assigned(new ParameterPlace.Column(table, column), null);
	}

	private static boolean anyIsSet(List<@Nullable Object[]> rows, int index) {
		return rows.stream().anyMatch((row) -> row[index] != GivenColumns.LEFT_OUT);
	}

	private static void appendConflict(StringBuilder sql, @Nullable Conflict conflict, List<String> columns) {
		if (conflict != null) {
			sql.append(' ').append(conflict.sql(columns));
		}
	}

	private static void appendReturning(StringBuilder sql, Identifier.@Nullable Columns returning) {
		if (returning != null) {
			sql.append(" RETURNING ").append(returning.names().isEmpty() ? "*" : returning.sql());
		}
	}

	/** The SQL for messages, without the middle of a long one. */
	String shortened() {
		int length = this.sql.length();
		return (length <= MAX_LENGTH) ? this.sql
				: this.sql.substring(0, MAX_LENGTH - TAIL_LENGTH) + " ... " + this.sql.substring(length - TAIL_LENGTH);
	}

	/** Without the parameters, which must not be logged. */
	@Override
	public String toString() {
		return this.sql;
	}

}
