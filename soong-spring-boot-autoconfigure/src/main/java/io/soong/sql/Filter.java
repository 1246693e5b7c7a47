package io.soong.sql;

import java.util.Arrays;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Conditions on several columns that are combined by AND, OR and NOT:
 * <pre class="code">{@code
 * soong.select("gizmos")
 * 	.where(anyOf(where("color", "pink"), allOf(where("price", lessThan(3)), not(where("name", startsWith("X"))))))
 * 	.list(Gizmo.class);
 * // ... WHERE ("color" = ? OR ("price" < ? AND NOT ("name" LIKE ?)))
 * }</pre>
 * <p>
 * A filter is passed to {@link Select#where(Filter)}, or in place of a key to
 * {@code get}, {@code update} and {@code delete}. Immutable and thread-safe as long as
 * its values are not changed.
 */
public final class Filter extends ScalarParameter.NoValue {

	private final Kind kind;

	private final @Nullable String column;

	private final @Nullable Object valueOrCondition;

	private final List<Filter> parts;

	private Filter(Kind kind, @Nullable String column, @Nullable Object valueOrCondition, List<Filter> parts) {
		this.kind = kind;
		this.column = column;
		this.valueOrCondition = valueOrCondition;
		this.parts = parts;
	}

	/**
	 * {@code "column" = ?}. A {@link Condition} replaces {@code = ?}.
	 * @param column the column
	 * @param valueOrCondition a value or a {@code Condition}; null and collections are
	 * refused when the filter is used
	 * @return the filter
	 * @throws IllegalArgumentException if the name of the column is not valid
	 */
	public static Filter where(String column, Object valueOrCondition) {
		Identifier.column(column);
		return new Filter(Kind.COLUMN, column, valueOrCondition, List.of());
	}

	/**
	 * {@code (... AND ...)}.
	 * @param filters the filters, at least one
	 * @return a filter that matches if all of them match
	 * @throws IllegalArgumentException if there is none, or one is null
	 */
	public static Filter allOf(Filter... filters) {
		return group(Kind.ALL, "allOf", Arrays.asList(filters));
	}

	/**
	 * {@code (... AND ...)}.
	 * @param filters the filters, at least one
	 * @return a filter that matches if all of them match
	 * @throws IllegalArgumentException if there is none, or one is null
	 */
	public static Filter allOf(List<Filter> filters) {
		return group(Kind.ALL, "allOf", filters);
	}

	/**
	 * {@code (... OR ...)}.
	 * @param filters the filters, at least one
	 * @return a filter that matches if at least one of them matches
	 * @throws IllegalArgumentException if there is none, or one is null
	 */
	public static Filter anyOf(Filter... filters) {
		return group(Kind.ANY, "anyOf", Arrays.asList(filters));
	}

	/**
	 * {@code (... OR ...)}.
	 * @param filters the filters, at least one
	 * @return a filter that matches if at least one of them matches
	 * @throws IllegalArgumentException if there is none, or one is null
	 */
	public static Filter anyOf(List<Filter> filters) {
		return group(Kind.ANY, "anyOf", filters);
	}

	/**
	 * {@code NOT (...)}. As always in SQL, a row for which the filter is NULL, because a
	 * column in it is NULL, does not match either.
	 * @param filter the filter, not null
	 * @return the negated filter
	 * @throws IllegalArgumentException if the filter is null
	 */
	public static Filter not(Filter filter) {
		return group(Kind.NOT, "not", Arrays.asList(filter));
	}

	private static Filter group(Kind kind, String factory, @Nullable List<Filter> filters) {
		if (filters == null || filters.isEmpty()) {
			throw new IllegalArgumentException(
					factory + "(...) needs at least one filter; leave it out to select every row");
		}
		for (Filter filter : filters) {
			if (filter == null) {
				throw new IllegalArgumentException(factory + "(...) holds a filter that is null");
			}
		}
		return new Filter(kind, null, null, List.copyOf(filters));
	}

	Kind kind() {
		return this.kind;
	}

	/** The column of a filter on a single column; otherwise an empty name. */
	String column() {
		return (this.column != null) ? this.column : "";
	}

	@Nullable Object valueOrCondition() {
		return this.valueOrCondition;
	}

	List<Filter> parts() {
		return this.parts;
	}

	@Override
	String advice() {
		return "a filter belongs in a where, or in place of a key";
	}

	/**
	 * The filter without its values.
	 */
	@Override
	public String toString() {
		return (this.column != null) ? "where(" + this.column + ")" : this.kind + this.parts.toString();
	}

	/**
	 * How a filter combines its parts.
	 */
	enum Kind {

		COLUMN, ALL, ANY, NOT

	}

}
