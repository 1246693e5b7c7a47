package io.soong.sql;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * Makes the parameters of one statement ready to be bound, and keeps by which types of
 * columns that was done.
 */
final class ParameterResolver {

	private final Json json;

	private final ColumnTypes types;

	private final Map<TableColumn, DatabaseType> assigned = new HashMap<>();

	ParameterResolver(Json json, ColumnTypes types) {
		this.json = json;
		this.types = types;
	}

	/**
	 * The parameters, ready to be bound except those whose type the server has to be
	 * asked for.
	 */
	List<@Nullable Object> resolve(List<@Nullable Object> parameters) {
		List<@Nullable Object> resolved = parameters;
		for (int i = 0; i < parameters.size(); i++) {
			if (parameters.get(i) instanceof StructuredValue value && !value.isInferred()) {
				if (resolved == parameters) {
					resolved = new ArrayList<>(parameters);
				}
				resolved.set(i, value.resolve(this));
			}
		}
		return resolved;
	}

	/** Makes the values of a row ready to be bound, in place. */
	void resolve(@Nullable Object[] row) {
		for (int i = 0; i < row.length; i++) {
			if (row[i] instanceof StructuredValue value) {
				row[i] = value.resolve(this);
			}
		}
	}

	Json json() {
		return this.json;
	}

	@Nullable DatabaseType type(TableColumn column) {
		return this.types.of(column);
	}

	/** The type of a column that the statement writes. */
	@Nullable DatabaseType assignedType(TableColumn column) {
		DatabaseType type = this.types.of(column);
		if (type != null) {
			this.assigned.put(column, type);
		}
		return type;
	}

	/** Reads the type of a column anew, and returns whether it has changed. */
	boolean refresh(TableColumn column) {
		DatabaseType known = this.types.of(column);
		this.types.forget(column.table());
		return !Objects.equals(this.types.of(column), known);
	}

	/** The check of those columns. */
	ColumnCheck check() {
		return ColumnTypes.check(this.assigned);
	}

}
