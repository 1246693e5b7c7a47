package io.soong.sql;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;

import org.springframework.dao.TypeMismatchDataAccessException;

/**
 * A row of a result: an unmodifiable map from columns to values, in the order of the
 * result. A NULL is null.
 * <p>
 * Values are {@code Integer} (smallint, integer), {@code Long}, {@code BigDecimal}
 * (numeric, money), {@code Float}, {@code Double}, {@code Boolean}, {@code String},
 * {@code UUID}, {@code byte[]}, {@code LocalDate}, {@code LocalTime}, {@code OffsetTime},
 * {@code LocalDateTime}, {@code OffsetDateTime} (timestamptz), {@code Duration} (an
 * interval without months) and {@code List} (arrays). Json and jsonb are a {@code Map}, a
 * {@code List} or a scalar, as Jackson reads them; a fraction with more digits than a
 * {@code Double} is a {@code BigDecimal}. A value of any other type is its text.
 * <p>
 * Thread-safe as long as its values are not changed.
 */
public final class Row extends AbstractMap<String, @Nullable Object> {

	private final Columns columns;

	private final @Nullable Object[] values;

	Row(Columns columns, @Nullable Object[] values) {
		this.columns = columns;
		this.values = values;
	}

	/**
	 * Returns the value of a column as the given type. Numbers, dates and times are
	 * converted if nothing is lost; a fraction becomes the nearest {@code Double}. Text
	 * becomes an enum or {@code UUID}, an array a {@code List} or an array, and json
	 * anything that Jackson can read, such as a record. All types except arrays and bytea
	 * become a {@code String}. A date or time without a time zone is read in the JVM's
	 * default time zone.
	 * @param <T> the type
	 * @param column the name of the column
	 * @param type the type; for a primitive type its wrapper is returned
	 * @return the value, or null if it is NULL
	 * @throws IllegalArgumentException if there is no such column, or no conversion to
	 * the type
	 * @throws TypeMismatchDataAccessException if the value does not fit the type
	 */
	@SuppressWarnings("unchecked")
	public <T> @Nullable T get(String column, Class<T> type) {
		Integer index = this.columns.indexes.get(column);
		if (index == null) {
			throw new IllegalArgumentException(
					"The row has no column " + ((column != null) ? Identifier.printable(column) : "null")
							+ "; its columns are " + this.columns.labels);
		}
		Conversion conversion = Conversion.orJson(type, this.columns.converters);
		if (conversion == null) {
			throw new IllegalArgumentException("No column can be read as a " + type.getName());
		}
		try {
			Object value = StoredValue.plain(this.values[index]);
			return (T) ((value == null) ? conversion.ofNull()
					: (value instanceof String label) ? conversion.ofLabel(label) : conversion.convert(value));
		}
		catch (MismatchException ex) {
			throw new TypeMismatchDataAccessException(
					"The column \"" + column + "\" cannot be read as a " + type.getName() + ": it " + ex.getMessage(),
					ex);
		}
	}

	@Override
	public @Nullable Object get(@Nullable Object column) {
		Integer index = this.columns.indexes.get(column);
		return (index != null) ? plain(index) : null;
	}

	/**
	 * The value of a column as it was read, so that it can be written back unchanged:
	 * json, also in the list of an array, is a {@link StoredValue.JsonText}. A value that
	 * a Java value does not represent completely is a {@link StoredValue} or
	 * {@link StoredValue.Array}. Null if there is no such column.
	 */
	@Nullable Object stored(String column) {
		Integer index = this.columns.indexes.get(column);
		return (index != null) ? this.values[index] : null;
	}

	private @Nullable Object plain(int index) {
		try {
			return StoredValue.JsonText.plain(StoredValue.plain(this.values[index]));
		}
		catch (MismatchException ex) {
			throw new TypeMismatchDataAccessException(
					"The column \"" + this.columns.labels.get(index) + "\" cannot be read: it " + ex.getMessage(), ex);
		}
	}

	@Override
	public boolean containsKey(@Nullable Object column) {
		return this.columns.indexes.containsKey(column);
	}

	@Override
	public int size() {
		return this.values.length;
	}

	/** Reads no value, as the keys of a map's entries would. */
	@Override
	public Set<String> keySet() {
		return Collections.unmodifiableSet(new LinkedHashSet<>(this.columns.labels));
	}

	@Override
	public Set<Map.Entry<String, @Nullable Object>> entrySet() {
		return new AbstractSet<>() {

			@Override
			public Iterator<Map.Entry<String, @Nullable Object>> iterator() {
				return IntStream.range(0, size()).mapToObj(Row.this::entry).iterator();
			}

			@Override
			public int size() {
				return Row.this.size();
			}

		};
	}

	private Map.Entry<String, @Nullable Object> entry(int index) {
		return new SimpleImmutableEntry<>(this.columns.labels.get(index), plain(index));
	}

	/**
	 * The names of the columns, without the values, which must not be logged.
	 */
	@Override
	public String toString() {
		return "Row" + this.columns.labels;
	}

	/**
	 * The columns that the rows of a result share.
	 */
	static final class Columns {

		private final List<String> labels;

		private final Converters converters;

		private final Map<String, Integer> indexes = new HashMap<>();

		private @Nullable String duplicate;

		Columns(List<String> labels, Converters converters) {
			this.labels = labels;
			this.converters = converters;
			for (int i = 0; i < labels.size(); i++) {
				if (this.indexes.putIfAbsent(labels.get(i), i) != null) {
					this.duplicate = labels.get(i);
				}
			}
		}

		@Nullable String duplicate() {
			return this.duplicate;
		}

	}

}
