package io.soong.sql;

import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * The columns of a result: their names and what is read from them. Two results of the
 * same shape are mapped in the same way.
 */
final class Shape {

	private final String[] labels;

	private final ColumnType[] types;

	private final int hash;

	private Shape(String[] labels, ColumnType[] types) {
		this.labels = labels;
		this.types = types;
		this.hash = 31 * Arrays.hashCode(labels) + Arrays.hashCode(types);
	}

	static Shape of(ResultSetMetaData metaData) throws SQLException {
		String[] labels = new String[metaData.getColumnCount()];
		ColumnType[] types = new ColumnType[labels.length];
		for (int i = 0; i < labels.length; i++) {
			labels[i] = metaData.getColumnLabel(i + 1);
			types[i] = ColumnType.of(metaData, i + 1);
		}
		return new Shape(labels, types);
	}

	int size() {
		return this.labels.length;
	}

	String label(int index) {
		return this.labels[index];
	}

	List<String> labels() {
		return List.of(this.labels);
	}

	ColumnType type(int index) {
		return this.types[index];
	}

	/** {@code column "price" (NUMERIC)}, for messages. */
	String describe(int index) {
		return "column \"" + this.labels[index] + "\" (" + this.types[index] + ")";
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return other instanceof Shape shape && shape.hash == this.hash && Arrays.equals(shape.labels, this.labels)
				&& Arrays.equals(shape.types, this.types);
	}

	@Override
	public int hashCode() {
		return this.hash;
	}

}
