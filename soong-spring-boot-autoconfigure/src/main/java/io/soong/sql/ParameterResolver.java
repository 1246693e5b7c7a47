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
	 * The parameters, ready to be bound except those whose type the server has to be
	 * asked for.
	 */
	List<@Nullable Object> resolve(List<@Nullable Object> parameters) {
		List<@Nullable Object> resolved = new ArrayList<>(parameters);
		// What can be bound nowhere is refused before anything is asked of the server
		resolved.replaceAll((parameter) -> (parameter instanceof ParameterValue.Structured value)
				? value.converted(this.converters) : parameter);
		resolved.replaceAll((parameter) -> (parameter instanceof ParameterValue.Structured value && !value.isInferred())
				? value.resolve(this) : parameter);
		return resolved;
	}

	/** Makes the values of a row ready to be bound, in place. */
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
