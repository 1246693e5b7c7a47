package io.soong.sql;

import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What the rows of a result become. How a shape of result is mapped is decided once and
 * kept. Thread-safe.
 *
 * @param <T> what a row becomes
 */
abstract class Target<T> {

	// Far more than a function has; a bound for SQL that is put together anew each time
	private static final int MAX_SHAPES = 256;

	private final Map<Shape, RowReader<T>> readers = new ConcurrentHashMap<>();

	final RowReader<T> reader(ResultSetMetaData metaData) throws SQLException {
		Shape shape = Shape.of(metaData);
		RowReader<T> reader = this.readers.get(shape);
		if (reader == null) {
			reader = resolve(shape);
			if (this.readers.size() >= MAX_SHAPES) {
				this.readers.clear();
			}
			this.readers.put(shape, reader);
		}
		return reader;
	}

	/** The columns to select for it, empty for all of them. */
	List<String> columns() {
		return List.of();
	}

	abstract RowReader<T> resolve(Shape shape);

}
