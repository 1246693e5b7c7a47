package io.soong.sql;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * The conditions that the rows of a statement meet, all of them. Immutable.
 */
final class Where {

	private static final String KEY_COLUMN = "id";

	private final String name;

	private final String table;

	private final List<Restriction> restrictions;

	private Where(String name, String table, List<Restriction> restrictions) {
		this.name = name;
		this.table = table;
		this.restrictions = restrictions;
	}

	/** Every row of the table. */
	static Where all(String table) {
		return new Where(table, Identifier.table(table), List.of());
	}

	/** The table, quoted. */
	String table() {
		return this.table;
	}

	/** The rows that meet the conditions of a map, which must have some. */
	static Where of(String table, @Nullable Map<?, ?> conditions, String emptyHint) {
		Where where = all(table);
		if (conditions == null) {
			throw new IllegalArgumentException("The conditions on table \"" + table + "\" are null; " + emptyHint);
		}
		if (conditions.isEmpty()) {
			throw new IllegalArgumentException(
					"The conditions on table \"" + table + "\" are empty and would match every row; " + emptyHint);
		}
		List<Restriction> restrictions = new ArrayList<>(conditions.size());
		stringKeys(table, conditions)
			.forEach((column, condition) -> restrictions.add(where.restriction(column, condition)));
		return new Where(table, where.table, restrictions);
	}

	/** The rows that have the key: a value of the column "id". */
	static Where key(String table, @Nullable Object key) {
		Where where = all(table);
		if (key == null) {
			throw new IllegalArgumentException("The key of table \"" + table
					+ "\" is null; a key is a value of column \"" + KEY_COLUMN + "\" or a map of conditions");
		}
		if (key instanceof Map<?, ?>) {
			throw new IllegalArgumentException("The key of table \"" + table
					+ "\" is a Map but declared as Object, so untrusted input could choose the columns; where that is meant, pass "
					+ "what is declared as Map<String, ?>");
		}
		return where.and(KEY_COLUMN, key);
	}

	/** The rows that have the key: a map of conditions. */
	static Where compositeKey(String table, @Nullable Map<String, ?> key) {
		if (key == null) {
			return key(table, null);
		}
		return of(table, key, "a key is a value of column \"" + KEY_COLUMN + "\" or a map of at least one condition");
	}

	Where and(String column, @Nullable Object valueOrCondition) {
		List<Restriction> all = new ArrayList<>(this.restrictions.size() + 1);
		all.addAll(this.restrictions);
		all.add(restriction(column, valueOrCondition));
		return new Where(this.name, this.table, all);
	}

	private Restriction restriction(String column, @Nullable Object valueOrCondition) {
		String quoted = Identifier.column(column);
		return new Restriction(column, quoted,
				Condition.of(valueOrCondition, new ParameterPlace.Column(this.name, column)));
	}

	/** Whether all rows have a value already, because it is demanded of them. */
	boolean holds(String column, @Nullable Object value) {
		return value != null && this.restrictions.stream()
			.anyMatch((restriction) -> restriction.column().equals(column) && restriction.condition().demands(value));
	}

	/** The column of each parameter, in order. */
	void addColumnsTo(List<String> columns) {
		for (Restriction restriction : this.restrictions) {
			columns.addAll(Collections.nCopies(restriction.condition().parameters(), restriction.column()));
		}
	}

	/** {@code WHERE "color" = ? AND "price" < ?}, with a blank before it, or nothing. */
	void appendTo(StringBuilder sql, List<@Nullable Object> parameters) {
		String separator = " WHERE ";
		for (Restriction restriction : this.restrictions) {
			sql.append(separator);
			restriction.condition()
				.appendTo(sql, parameters, restriction.quoted(),
						new ParameterPlace.Column(this.name, restriction.column()));
			separator = " AND ";
		}
	}

	// A map from outside the type system, such as a parsed event, may have any keys
	@SuppressWarnings("unchecked")
	private static Map<String, ?> stringKeys(String table, Map<?, ?> conditions) {
		for (Object column : conditions.keySet()) {
			if (!(column instanceof String)) {
				throw new IllegalArgumentException("The conditions on table \"" + table
						+ "\" are a map whose keys are not all strings; they are the names of columns");
			}
		}
		return (Map<String, ?>) conditions;
	}

	private record Restriction(String column, String quoted, Condition condition) {

	}

}
