package io.soong.sql;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * Prepares the parameters of one statement for binding, and records the column types this
 * depends on.
 */
final class ParameterResolver implements ParameterValue.Structured.Context {

	private final Json json;

	private final Converters converters;

	private final ColumnTypes types;

	private final Map<ParameterPlace.Column, DatabaseType> assigned = new HashMap<>();

	ParameterResolver(Json json, Converters converters, ColumnTypes types) {
		this.json = json;
		this.converters = converters;
		this.types = types;
	}

	/**
	 * The parameters, ready for binding except those whose type the server has to infer.
	 */
	List<@Nullable Object> resolve(List<@Nullable Object> parameters) {
		List<@Nullable Object> resolved = new ArrayList<>(parameters);
		// A value that cannot be bound anywhere is refused before any round trip
		resolved.replaceAll((parameter) -> (parameter instanceof ParameterValue.Structured value)
				? value.converted(this.converters) : parameter);
		resolved.replaceAll((parameter) -> (parameter instanceof ParameterValue.Structured value && !value.isInferred())
				? value.resolve(this) : parameter);
		return resolved;
	}

	/** Prepares the values of a row for binding, in place. */
	void resolve(@Nullable Object[] row) {
		for (int i = 0; i < row.length; i++) {
			if (row[i] instanceof ParameterValue.Structured value) {
				row[i] = value.converted(this.converters);
			}
			if (row[i] instanceof ParameterValue.Structured value) {
				row[i] = value.resolve(this);
			}
		}
	}

	@Override
	public Json json() {
		return this.json;
	}

	@Override
	public Converters converters() {
		return this.converters;
	}

	@Override
	public @Nullable DatabaseType type(ParameterPlace.Column column) {
		return this.types.of(column);
	}

	@Override
	public @Nullable DatabaseType assignedType(ParameterPlace.Column column) {
		DatabaseType type = this.types.of(column);
		if (type != null) {
			this.assigned.put(column, type);
		}
		return type;
	}

	@Override
	public boolean refresh(ParameterPlace.Column column) {
		DatabaseType known = this.types.of(column);
		this.types.forget(column.table());
		return !Objects.equals(this.types.of(column), known);
	}

	/** The check of those columns. */
	ColumnTypes.Check check() {
		return ColumnTypes.check(this.assigned);
	}

}
