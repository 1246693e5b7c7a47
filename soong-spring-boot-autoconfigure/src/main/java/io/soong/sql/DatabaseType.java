package io.soong.sql;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.PreparedStatementSetter;
import org.springframework.jdbc.core.RowCallbackHandler;

/**
 * A type of the database, reduced to what the binding of a value depends on. A domain
 * counts as its base type.
 *
 * @param oid the OID of the type; of the domain, where it is one
 * @param modifier the length or precision, as the catalogue has it
 * @param name the name by which the driver knows the type
 * @param displayName the name for messages
 * @param elementName the name of the elements' type, for a domain of its base type; null
 * if this is not an array
 * @param labels the labels of an enum, or of an array of it; empty for other types
 */
record DatabaseType(long oid, int modifier, String name, String displayName, @Nullable String elementName,
		List<String> labels) {

	// What the catalogue adds to lengths and precisions
	private static final int HEADER = 4;

	private static final Set<String> TEXT = Set.of("varchar", "bpchar");

	private static final Set<String> JSON = Set.of("json", "jsonb");

	// Built-in types; the name of an array type is an underscore and the element's name
	private static final Set<String> BUILT_IN = Set.of("json", "jsonb", "text", "varchar", "bpchar", "int2", "int4",
			"int8", "numeric", "float4", "float8", "bool", "uuid", "bytea", "date", "time", "timetz", "timestamp",
			"timestamptz", "interval");

	/**
	 * The columns of a FROM clause with relations {@code t} (a type, no domain) and
	 * {@code n} (its schema): name, name for messages, element's name and labels.
	 */
	static final String COLUMNS = """
			CASE WHEN n.nspname = 'pg_catalog' THEN t.typname
				ELSE pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(t.typname) END,
			pg_catalog.format_type(t.oid, NULL),
			(WITH RECURSIVE e AS (
				SELECT typname, typtype, typbasetype FROM pg_catalog.pg_type WHERE t.typcategory = 'A' AND oid = t.typelem
				UNION ALL
				SELECT b.typname, b.typtype, b.typbasetype FROM e JOIN pg_catalog.pg_type b ON b.oid = e.typbasetype
				WHERE e.typtype = 'd'
			) SELECT typname FROM e WHERE typtype <> 'd'),
			ARRAY(SELECT enumlabel FROM pg_catalog.pg_enum WHERE enumtypid IN (t.oid, t.typelem))""";

	/**
	 * Reads the server's catalogue.
	 */
	static void query(Connection connection, String sql, PreparedStatementSetter parameters, RowCallbackHandler rows)
			throws SQLException {
		try (PreparedStatement statement = connection.prepareStatement(sql)) {
			parameters.setValues(statement);
			try (ResultSet resultSet = statement.executeQuery()) {
				while (resultSet.next()) {
					rows.processRow(resultSet);
				}
			}
		}
	}

	/** A built-in type, or null if the name is unknown. */
	static @Nullable DatabaseType builtIn(String name) {
		if (BUILT_IN.contains(name)) {
			return new DatabaseType(0, -1, name, name, null, List.of());
		}
		return (name.startsWith("_") && BUILT_IN.contains(name.substring(1)))
				? new DatabaseType(0, -1, name, name.substring(1) + "[]", name.substring(1), List.of()) : null;
	}

	/**
	 * The label for a constant: its name, or the one label that differs from it in case,
	 * underscores and hyphens only.
	 */
	String label(Enum<?> constant) {
		String name = constant.name();
		if (this.labels.isEmpty() || this.labels.contains(name)) {
			return name;
		}
		List<String> similar = this.labels.stream().filter((label) -> isRelaxed(label, name)).toList();
		return (similar.size() == 1) ? similar.get(0) : name;
	}

	/** Whether two names differ in case, underscores and hyphens only. */
	static boolean isRelaxed(String label, String name) {
		return Identifier.normalize(label.replace('-', '_')).equals(Identifier.normalize(name));
	}

	boolean isJson() {
		return JSON.contains(this.name);
	}

	boolean isArray() {
		return this.elementName != null;
	}

	/**
	 * Whether a value is within the type's length or precision, as far as these are
	 * known.
	 */
	boolean fits(Object value) {
		if (value instanceof String text) {
			return this.modifier < HEADER || !TEXT.contains(this.name)
					|| text.codePointCount(0, text.length()) <= this.modifier - HEADER;
		}
		if (!(value instanceof Number)) {
			return true;
		}
		try {
			return fits(new BigDecimal(value.toString()));
		}
		catch (NumberFormatException ex) {
			return this.name.equals("float8") || this.name.equals("float4");
		}
	}

	private boolean fits(BigDecimal value) {
		return switch (this.name) {
			case "int2" -> isBelow(value, BigDecimal.valueOf(Short.MAX_VALUE));
			case "int4" -> isBelow(value, BigDecimal.valueOf(Integer.MAX_VALUE));
			case "int8" -> isBelow(value, BigDecimal.valueOf(Long.MAX_VALUE));
			case "float4" -> isBelow(value, new BigDecimal(Float.MAX_VALUE));
			case "numeric" -> this.modifier < HEADER || isBelow(value, BigDecimal.TEN.pow(integerDigits()));
			default -> true;
		};
	}

	private int integerDigits() {
		int precision = (this.modifier - HEADER) >> 16;
		int scale = (this.modifier - HEADER) & 0xffff;
		return Math.max(0, precision - scale);
	}

	private static boolean isBelow(BigDecimal value, BigDecimal limit) {
		return value.abs().compareTo(limit) <= 0;
	}

	boolean hasJsonElements() {
		return this.elementName != null && JSON.contains(this.elementName);
	}

	/**
	 * A value that a column does not accept, by the column's known type.
	 */
	static final class ColumnMismatchException extends IllegalArgumentException {

		private static final long serialVersionUID = 1L;

		ColumnMismatchException(String message) {
			super(message);
		}

	}

}
