package io.soong.sql;

import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * A type of the database, as far as the binding of a value depends on it. A domain is the
 * type that it is made of.
 *
 * @param oid the OID of the type; of the domain, where it is one
 * @param name the name by which the driver knows the type
 * @param displayName the name for messages
 * @param elementName the name of the type of the elements, or null if it is no array
 */
record DatabaseType(long oid, String name, String displayName, @Nullable String elementName) {

	private static final Set<String> JSON = Set.of("json", "jsonb");

	// Of the server's own, whose arrays are called the same after an underscore
	private static final Set<String> BUILT_IN = Set.of("json", "jsonb", "text", "varchar", "bpchar", "int2", "int4",
			"int8", "numeric", "float4", "float8", "bool", "uuid", "bytea", "date", "time", "timetz", "timestamp",
			"timestamptz", "interval");

	/**
	 * The columns of a FROM clause with relations {@code t} (a type, no domain) and
	 * {@code n} (its schema): name, name for messages and element's name.
	 */
	static final String COLUMNS = """
			CASE WHEN n.nspname = 'pg_catalog' THEN t.typname
				ELSE pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(t.typname) END,
			pg_catalog.format_type(t.oid, NULL),
			(SELECT e.typname FROM pg_catalog.pg_type e WHERE t.typcategory = 'A' AND e.oid = t.typelem)""";

	/** A type of the server's own, or null if nothing is known of the name. */
	static @Nullable DatabaseType builtIn(String name) {
		if (BUILT_IN.contains(name)) {
			return new DatabaseType(0, name, name, null);
		}
		return (name.startsWith("_") && BUILT_IN.contains(name.substring(1)))
				? new DatabaseType(0, name, name.substring(1) + "[]", name.substring(1)) : null;
	}

	boolean isJson() {
		return JSON.contains(this.name);
	}

	boolean isArray() {
		return this.elementName != null;
	}

	boolean hasJsonElements() {
		return this.elementName != null && JSON.contains(this.elementName);
	}

}
