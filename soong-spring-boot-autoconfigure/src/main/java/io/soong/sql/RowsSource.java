package io.soong.sql;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.UUID;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * The rows passed to one call, read one after the other: checked, and with values ready
 * for binding. The first row fixes the columns: those of the map, or those of the class.
 * <p>
 * A null in a record or bean is {@linkplain GivenColumns#LEFT_OUT left out} of its row,
 * as in a single insert, so that a default applies; in a map it is NULL.
 */
final class RowsSource {

	private final String table;

	private final Iterator<?> rows;

	private final Model.Cache models;

	// Of a list in memory; 0 for any other source
	private final int size;

	private GivenColumns columns = new GivenColumns(null, List.of());

	private final List<ParameterPlace> places = new ArrayList<>();

	private long number;

	RowsSource(String table, Object rows, Model.Cache models) {
		this.table = table;
		this.rows = (rows instanceof Collection<?> collection) ? collection.iterator() : ((Stream<?>) rows).iterator();
		this.models = models;
		this.size = (rows instanceof List<?> list && isInMemory(list)) ? list.size() : 0;
	}

	// Other lists may be lazy views that read from elsewhere
	private static boolean isInMemory(List<?> list) {
		String name = list.getClass().getName();
		return list.getClass() == ArrayList.class || name.equals("java.util.Arrays$ArrayList")
				|| name.startsWith("java.util.ImmutableCollections$");
	}

	/**
	 * The number of rows, if all of them can be read while the connection is in use: a
	 * list in memory of records of scalars; otherwise 0.
	 */
	int sizeInMemory() {
		Model<?> model = this.columns.model();
		return (model != null && model.type().isRecord()
				&& model.written()
					.stream()
					.allMatch((property) -> property.type() instanceof Class<?> type && isPlain(type))) ? this.size : 0;
	}

	private static boolean isPlain(Class<?> type) {
		return type.isPrimitive() || (ScalarConversion.isScalar(type) && type != Object.class && type != Number.class);
	}

	boolean hasNext() {
		return this.rows.hasNext();
	}

	/** The values of the next row, in the order of the columns. */
	@Nullable Object[] next() {
		if (!this.rows.hasNext()) {
			throw new NoSuchElementException();
		}
		Object row = this.rows.next();
		this.number++;
		if (row == null) {
			throw new IllegalArgumentException(subject() + " is null");
		}
		if (this.number == 1) {
			fixColumns(row);
		}
		Model<?> model = this.columns.model();
		return (model != null) ? properties(model, row) : entries(row);
	}

	/** The names of the columns, known after the first row. */
	List<String> columns() {
		return this.columns.names();
	}

	/** {@code Row 3 of the rows for table "gizmos"}, for messages. */
	String subject() {
		return "Row " + this.number + " of the rows for table \"" + this.table + "\"";
	}

	private void fixColumns(Object row) {
		this.columns = GivenColumns.of(row, this.models, subject() + " is");
		Identifier.columns(columns());
		for (int i = 0; i < columns().size(); i++) {
			String column = columns().get(i);
			this.places.add(new ParameterPlace.Assigned(new ParameterPlace.Column(this.table, column),
					this.columns.declaredType(i), () -> "column \"" + column + "\" of row " + this.number
							+ " of the rows for table \"" + this.table + "\""));
		}
	}

	private @Nullable Object[] properties(Model<?> model, Object row) {
		if (row.getClass() != model.type()) {
			throw new IllegalArgumentException(subject() + " is a " + row.getClass().getName()
					+ ", but the first one is a " + model.type().getName() + "; pass rows of one kind");
		}
		@Nullable Object[] values = new Object[columns().size()];
		boolean empty = true;
		for (int i = 0; i < values.length; i++) {
			values[i] = value(row, i);
			empty &= (values[i] == GivenColumns.LEFT_OUT);
		}
		if (empty) {
			throw GivenColumns.allNull(subject() + " is", row, "leave it out, or ");
		}
		return values;
	}

	private @Nullable Object[] entries(Object row) {
		if (!(row instanceof Map<?, ?> map)) {
			throw new IllegalArgumentException(subject() + " is a " + row.getClass().getName()
					+ ", but the first one is a map; pass rows of one kind");
		}
		@Nullable Object[] values = new Object[columns().size()];
		for (int i = 0; i < values.length; i++) {
			values[i] = value(map, i);
			if (values[i] == null && !map.containsKey(columns().get(i))) {
				throw new IllegalArgumentException(subject() + " has no column \"" + columns().get(i)
						+ "\", but the first one has; give every row the same columns (a null is written as NULL)");
			}
		}
		if (map.size() > values.length) {
			throw new IllegalArgumentException(subject() + " has the column " + additional(map)
					+ ", but the first one has not; give every row the same columns (a null is written as NULL)");
		}
		return values;
	}

	// Types that need no conversion skip the search for one, which takes most of the time
	// of reading many rows
	private @Nullable Object value(Object row, int index) {
		Object value = this.columns.value(row, index);
		if (value != null) {
			Class<?> type = value.getClass();
			if (value == GivenColumns.LEFT_OUT || type == Integer.class || type == Long.class || type == Double.class
					|| type == Boolean.class || type == BigDecimal.class || type == OffsetDateTime.class
					|| type == LocalDate.class || type == LocalDateTime.class || type == UUID.class) {
				return value;
			}
		}
		return ParameterValue.of(value, this.places.get(index));
	}

	private String additional(Map<?, ?> map) {
		for (Object column : map.keySet()) {
			if (!(column instanceof String name)) {
				return "null";
			}
			if (!columns().contains(name)) {
				return Identifier.printable(name);
			}
		}
		throw new IllegalArgumentException(subject() + " changes while it is read");
	}

}
