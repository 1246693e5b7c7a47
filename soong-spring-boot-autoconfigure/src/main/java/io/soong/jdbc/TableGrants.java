package io.soong.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Compares the rights of the connection's role on tables with what reading and writing
 * them needs: {@code USAGE} on the schema, {@code SELECT}, {@code INSERT}, {@code UPDATE}
 * and {@code DELETE} on the table, and {@code USAGE} on each sequence that is a column's
 * default. An identity column needs no right on its sequence. Used by one thread.
 */
final class TableGrants {

	private static final List<String> RIGHTS = List.of("SELECT", "INSERT", "UPDATE", "DELETE");

	/**
	 * Reads the catalogues, because {@code to_regclass} fails for a schema without the
	 * right to use it. The first table in the search path is the one that a statement
	 * without a schema finds.
	 */
	private static final String TABLE = """
			SELECT c.oid, n.nspname, c.relname, has_schema_privilege(n.oid, 'USAGE') AS schema_usage,
				has_table_privilege(c.oid, 'SELECT'), has_table_privilege(c.oid, 'INSERT'),
				has_table_privilege(c.oid, 'UPDATE'), has_table_privilege(c.oid, 'DELETE'),
				n.nspname = ANY (current_schemas(true)) AS in_path
			FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
			WHERE c.relname = ? AND (n.nspname = ? OR ?) AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
			ORDER BY array_position(current_schemas(true), n.nspname), n.nspname""";

	private static final String SEQUENCES = """
			SELECT DISTINCT n.nspname, s.relname,
				has_sequence_privilege(s.oid, 'USAGE') OR has_sequence_privilege(s.oid, 'UPDATE')
			FROM pg_attrdef a
				JOIN pg_depend d ON d.classid = 'pg_attrdef'::regclass AND d.objid = a.oid
					AND d.refclassid = 'pg_class'::regclass
				JOIN pg_class s ON s.oid = d.refobjid AND s.relkind = 'S'
				JOIN pg_namespace n ON n.oid = s.relnamespace
			WHERE a.adrelid = ? ORDER BY 1, 2""";

	private final Connection connection;

	private final String role;

	TableGrants(Connection connection, String role) {
		this.connection = connection;
		this.role = SqlName.quote(role);
	}

	void check(StepNotes notes, List<String> tables) throws SQLException {
		if (tables.isEmpty()) {
			notes.skip("No tables are named: set soong.doctor.tables, for example to gizmos,app.orders");
		}
		for (String table : tables) {
			try {
				check(notes, SqlName.parse(table.strip()));
			}
			catch (IllegalArgumentException ex) {
				notes.fail("soong.doctor.tables: " + ex.getMessage(), "Name tables as gizmos or app.orders");
			}
		}
	}

	private void check(StepNotes notes, SqlName name) throws SQLException {
		List<FoundTable> found = find(name);
		FoundTable table = found.stream()
			.filter((candidate) -> name.schema() != null || candidate.isInPath())
			.findFirst()
			.orElse(null);
		if (table == null) {
			failMissing(notes, name, found);
			return;
		}
		List<String> missing = new ArrayList<>();
		List<String> grants = new ArrayList<>();
		if (!table.isSchemaUsable()) {
			missing.add("USAGE on the schema");
			grants.add(grant("USAGE", "SCHEMA", SqlName.quote(String.valueOf(table.name().schema()))));
		}
		if (!table.missing().isEmpty()) {
			String rights = String.join(", ", table.missing());
			missing.add(rights);
			grants.add(grant(rights, "TABLE", table.name().toString()));
		}
		for (String sequence : unusableSequences(table.oid())) {
			missing.add("USAGE on the sequence " + sequence);
			grants.add(grant("USAGE", "SEQUENCE", sequence));
		}
		if (missing.isEmpty()) {
			notes.see(table.name() + ": " + String.join(", ", RIGHTS));
		}
		else {
			notes.fail(table.name() + ": missing " + String.join("; ", missing), grants.toArray(String[]::new));
		}
	}

	private void failMissing(StepNotes notes, SqlName name, List<FoundTable> elsewhere) {
		if (elsewhere.isEmpty()) {
			notes.fail(name + ": there is no such table in this database",
					"Check soong.doctor.tables and soong.dbname (PG_DBNAME), and whether the migrations have run");
			return;
		}
		SqlName other = elsewhere.get(0).name();
		notes.fail(
				name + ": not in the search path, but there is "
						+ elsewhere.stream().map((table) -> table.name().toString()).collect(Collectors.joining(", ")),
				"Name the table with its schema, or run: ALTER ROLE " + this.role + " SET search_path = "
						+ SqlName.quote(String.valueOf(other.schema())) + ", public",
				grant("USAGE", "SCHEMA", SqlName.quote(String.valueOf(other.schema()))));
	}

	private List<FoundTable> find(SqlName name) throws SQLException {
		try (PreparedStatement statement = this.connection.prepareStatement(TABLE)) {
			statement.setString(1, name.table());
			statement.setString(2, name.schema());
			statement.setBoolean(3, name.schema() == null);
			List<FoundTable> found = new ArrayList<>();
			try (ResultSet row = statement.executeQuery()) {
				while (row.next()) {
					List<String> missing = new ArrayList<>();
					for (int i = 0; i < RIGHTS.size(); i++) {
						if (!row.getBoolean(5 + i)) {
							missing.add(RIGHTS.get(i));
						}
					}
					found.add(new FoundTable(row.getLong(1), new SqlName(row.getString(2), row.getString(3)),
							row.getBoolean(4), missing, row.getBoolean("in_path")));
				}
			}
			return found;
		}
	}

	private List<String> unusableSequences(long table) throws SQLException {
		try (PreparedStatement statement = this.connection.prepareStatement(SEQUENCES)) {
			statement.setLong(1, table);
			List<String> sequences = new ArrayList<>();
			try (ResultSet row = statement.executeQuery()) {
				while (row.next()) {
					if (!row.getBoolean(3)) {
						sequences.add(new SqlName(row.getString(1), row.getString(2)).toString());
					}
				}
			}
			return sequences;
		}
	}

	private String grant(String rights, String kind, String object) {
		return "GRANT " + rights + " ON " + kind + " " + object + " TO " + this.role;
	}

	/**
	 * A table of the database, and the rights of the role on it.
	 *
	 * @param oid the id in {@code pg_class}
	 * @param name the name with its schema
	 * @param isSchemaUsable whether the role has {@code USAGE} on the schema
	 * @param missing the rights that the role does not have
	 * @param isInPath whether the schema is in the search path
	 */
	private record FoundTable(long oid, SqlName name, boolean isSchemaUsable, List<String> missing, boolean isInPath) {

	}

}
