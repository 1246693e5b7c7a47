package io.soong.jdbc;

import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/**
 * Compares the rights of the connection's role on tables with what reading and writing
 * them needs: {@code USAGE} on the schema, {@code SELECT}, {@code INSERT}, {@code UPDATE}
 * and {@code DELETE} on the table, as far as it can be written, and {@code USAGE} on each
 * sequence that is a column's default. An identity column needs no right on its sequence.
 * Used by one thread.
 */
final class TableGrants {

	/**
	 * A view or foreign table needs only the rights for what can be done with it:
	 * {@code pg_relation_is_updatable} returns 4 for UPDATE, 8 for INSERT and 16 for
	 * DELETE, and takes {@code INSTEAD OF} triggers into account.
	 * <p>
	 * Reads the catalogues, because {@code to_regclass} fails for a schema without the
	 * right to use it. The first table in the search path is the one that a statement
	 * without a schema finds.
	 */
	private static final String TABLE = """
			SELECT c.oid, n.nspname, c.relname, has_schema_privilege(n.oid, 'USAGE') AS schema_usage,
				p.rights, p.missing, n.nspname = ANY (current_schemas(true)) AS in_path
			FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace,
				LATERAL (SELECT CASE WHEN c.relkind IN ('r', 'p') THEN 28
					ELSE pg_relation_is_updatable(c.oid, true) END AS events) w,
				LATERAL (SELECT string_agg(r, ', ' ORDER BY i) AS rights, coalesce(string_agg(r, ', ' ORDER BY i)
						FILTER (WHERE NOT has_table_privilege(c.oid, r)), '') AS missing
					FROM (VALUES (1, 'SELECT', 0), (2, 'INSERT', 8), (3, 'UPDATE', 4), (4, 'DELETE', 16)) v (i, r, event)
					WHERE w.events & event = event) p
			WHERE c.relname = ? AND n.nspname = coalesce(?::text, n.nspname) AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
			ORDER BY array_position(current_schemas(true), n.nspname), n.nspname""";

	/**
	 * The sequences that the role cannot use. To ask for these rights on anything else is
	 * an error, which CASE prevents.
	 */
	private static final String SEQUENCES = """
			SELECT DISTINCT n.nspname, s.relname FROM pg_attrdef a
				JOIN pg_depend d ON d.classid = 'pg_attrdef'::regclass AND d.objid = a.oid
					AND d.refclassid = 'pg_class'::regclass
				JOIN pg_class s ON s.oid = d.refobjid
				JOIN pg_namespace n ON n.oid = s.relnamespace
			WHERE a.adrelid = ?
				AND CASE s.relkind WHEN 'S'
					THEN NOT (has_sequence_privilege(s.oid, 'USAGE') OR has_sequence_privilege(s.oid, 'UPDATE')) END
			ORDER BY 1, 2""";

	private final JdbcTemplate jdbc;

	private final String role;

	TableGrants(Connection connection, String role) {
		this.jdbc = new JdbcTemplate(new SingleConnectionDataSource(connection, true));
		this.role = SqlName.quote(role);
	}

	void check(StepNotes notes, List<String> tables) {
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

	private void check(StepNotes notes, SqlName name) {
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
			missing.add(table.missing());
			grants.add(grant(table.missing(), "TABLE", table.name().toString()));
		}
		for (String sequence : this.jdbc.query(SEQUENCES,
				(row, number) -> new SqlName(row.getString(1), row.getString(2)).toString(), table.oid())) {
			missing.add("USAGE on the sequence " + sequence);
			grants.add(grant("USAGE", "SEQUENCE", sequence));
		}
		if (missing.isEmpty()) {
			notes.see(table.name() + ": " + table.rights()
					+ (table.rights().equals("SELECT") ? "; it cannot be written" : ""));
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

	private List<FoundTable> find(SqlName name) {
		return this.jdbc.query(TABLE,
				(row, number) -> new FoundTable(row.getLong(1), new SqlName(row.getString(2), row.getString(3)),
						row.getBoolean("schema_usage"), row.getString("rights"), row.getString("missing"),
						row.getBoolean("in_path")),
				name.table(), name.schema());
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
	 * @param rights the rights that reading and writing it needs, with commas
	 * @param missing the rights that the role does not have, with commas
	 * @param isInPath whether the schema is in the search path
	 */
	private record FoundTable(long oid, SqlName name, boolean isSchemaUsable, String rights, String missing,
			boolean isInPath) {

	}

}
