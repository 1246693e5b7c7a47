package io.soong.sql;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;

import org.springframework.dao.TypeMismatchDataAccessException;

/**
 * A row of a result: an unmodifiable map of its columns, in the order of the result. A
 * NULL is null.
 * <p>
 * Values are {@code Integer} (smallint, integer), {@code Long}, {@code BigDecimal}
 * (numeric, money), {@code Float}, {@code Double}, {@code Boolean}, {@code String},
 * {@code UUID}, {@code byte[]}, {@code LocalDate}, {@code LocalTime}, {@code OffsetTime},
 * {@code LocalDateTime}, {@code OffsetDateTime} (timestamptz), {@code Duration} (an
 * interval without months), {@code List} (arrays), {@code Map}, {@code List} or a scalar
 * (json and jsonb, as Jackson reads them, a fraction that no {@code Double} shows as
 * {@code BigDecimal}); any other type is its text.
 * <p>
 * Thread-safe as far as its values are not changed.
 */
public final class Row extends AbstractMap<String, @Nullable Object> {

	private final Columns columns;

	private final @Nullable Object[] values;

	Row(Columns columns, @Nullable Object[] values) {
		this.columns = columns;
		this.values = values;
	}

	/**
	 * The value of a column as the given type. Numbers, dates and times are converted
	 * where nothing is lost, text to an enum or {@code UUID}, an array to {@code List} or
	 * an array, json to whatever Jackson makes of it, such as a record, and all but
	 * arrays and bytea to {@code String}. A date or time without a time zone is taken to
	 * be in the JVM's default one. A fraction becomes the nearest {@code Double}.
	 * @param <T> the type
	 * @param column the name of the column
	 * @param type the type; of a primitive type its wrapper is returned
	 * @return the value, or null if it is NULL
	 * @throws IllegalArgumentException if there is no such column, or no conversion into
	 * such a type
	 * @throws TypeMismatchDataAccessException if the value does not fit the type
	 */
	@SuppressWarnings("unchecked")
	public <T> @Nullable T get(String column, Class<T> type) {
		Integer index = this.columns.indexes.get(column);
		if (index == null) {
			throw new IllegalArgumentException(
					"The row has no column " + ((column != null) ? Identifier.printable(column) : "null")
							+ ", its columns are " + this.columns.labels);
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
	 * The value of a column as it was read, for writing it as it was: json is a
	 * {@link JsonText}, in a list of an array too, and what a Java value does not say all
	 * of a {@link StoredValue} or {@link StoredValue.Array}; null if there is no such
	 * column.
	 */
	@Nullable Object stored(String column) {
		Integer index = this.columns.indexes.get(column);
		return (index != null) ? this.values[index] : null;
	}

	private @Nullable Object plain(int index) {
		try {
			return JsonText.plain(StoredValue.plain(this.values[index]));
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
	 * The names of the columns; values do not belong in a log.
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
