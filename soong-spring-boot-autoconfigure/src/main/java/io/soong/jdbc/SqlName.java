package io.soong.jdbc;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * The name of a table as {@code soong.doctor.tables} has it: {@code gizmos},
 * {@code app.orders}, or with quotes where a name contains a dot: {@code "app"."a.b"}. As
 * in {@code SoongTemplate}, upper case is kept.
 *
 * @param schema the schema, or {@code null} for the search path
 * @param table the table
 */
record SqlName(@Nullable String schema, String table) {

	private static final String PART = "\"(?:[^\"\\p{Cntrl}]|\"\")+\"|[^\".\\s\\p{Cntrl}]+";

	private static final Pattern NAME = Pattern.compile("(?:(?<schema>" + PART + ")\\.)?(?<table>" + PART + ")");

	/**
	 * Reads a name.
	 * @throws IllegalArgumentException if it is not the name of a table
	 */
	static SqlName parse(String text) {
		Matcher matcher = NAME.matcher(text);
		if (!matcher.matches()) {
			throw new IllegalArgumentException("'" + ServerText.withoutFullStop(text) + "' is not the name of a table");
		}
		String schema = matcher.group("schema");
		return new SqlName((schema != null) ? unquote(schema) : null, unquote(matcher.group("table")));
	}

	private static String unquote(String part) {
		return part.startsWith("\"") ? part.substring(1, part.length() - 1).replace("\"\"", "\"") : part;
	}

	/**
	 * Quotes the name of a table, role or database. The driver's own methods do the same,
	 * but need a connection or throw a checked exception.
	 */
	static String quote(String name) {
		return '"' + name.replace("\"", "\"\"") + '"';
	}

	@Override
	public String toString() {
		return (this.schema != null) ? quote(this.schema) + "." + quote(this.table) : quote(this.table);
	}

}
