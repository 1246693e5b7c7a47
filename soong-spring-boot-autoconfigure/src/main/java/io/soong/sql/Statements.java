package io.soong.sql;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Writes the SQL of every call. Nothing here needs a database, and whatever is wrong with
 * a call is found here, before anything is sent.
 */
final class Statements {

	private Statements() {
	}

	static SqlText select(Selection selection) {
		List<@Nullable Object> parameters = new ArrayList<>();
		StringBuilder sql = new StringBuilder("SELECT ");
		sql.append(selection.columns().isEmpty() ? "*" : Identifier.columns(selection.columns()));
		appendFrom(sql, parameters, selection);
		String separator = " ORDER BY ";
		for (Order order : selection.orders()) {
			sql.append(separator).append(order);
			separator = ", ";
		}
		appendWindow(sql, parameters, selection);
		sql.append(selection.lock().sql());
		return new SqlText(sql.toString(), parameters);
	}

	static SqlText count(Selection selection) {
		List<@Nullable Object> parameters = new ArrayList<>();
		StringBuilder sql = new StringBuilder("SELECT count(*)");
		if (selection.limit() == null && selection.offset() == null) {
			appendFrom(sql, parameters, selection);
		}
		else {
			sql.append(" FROM (SELECT 1");
			appendFrom(sql, parameters, selection);
			appendWindow(sql, parameters, selection);
			sql.append(") AS selected");
		}
		return new SqlText(sql.toString(), parameters);
	}

	static SqlText exists(Selection selection) {
		List<@Nullable Object> parameters = new ArrayList<>();
		StringBuilder sql = new StringBuilder("SELECT EXISTS (SELECT 1");
		appendFrom(sql, parameters, selection);
		appendWindow(sql, parameters, selection);
		return new SqlText(sql.append(")").toString(), parameters);
	}

	/**
	 * An INSERT.
	 * @param returning the columns to return; null for none, empty for all
	 */
	static SqlText insert(String table, Values values, @Nullable List<String> returning) {
		StringBuilder sql = new StringBuilder("INSERT INTO ").append(Identifier.table(table));
		if (values.columns().isEmpty()) {
			sql.append(" DEFAULT VALUES");
		}
		else {
			sql.append(" (").append(Identifier.columns(values.columns())).append(") VALUES (");
			sql.append(String.join(", ", Collections.nCopies(values.columns().size(), "?"))).append(")");
		}
		if (returning != null) {
			sql.append(" RETURNING ").append(returning.isEmpty() ? "*" : Identifier.columns(returning));
		}
		return new SqlText(sql.toString(), values.parameters());
	}

	static SqlText update(String table, Where where, Values values) {
		List<@Nullable Object> parameters = new ArrayList<>(values.parameters());
		StringBuilder sql = new StringBuilder("UPDATE ").append(Identifier.table(table));
		String separator = " SET ";
		for (String column : values.columns()) {
			sql.append(separator).append(Identifier.column(column)).append(" = ?");
			separator = ", ";
		}
		where.appendTo(sql, parameters);
		return new SqlText(sql.toString(), parameters);
	}

	static SqlText delete(String table, Where where) {
		List<@Nullable Object> parameters = new ArrayList<>();
		StringBuilder sql = new StringBuilder("DELETE FROM ").append(Identifier.table(table));
		where.appendTo(sql, parameters);
		return new SqlText(sql.toString(), parameters);
	}

	private static void appendFrom(StringBuilder sql, List<@Nullable Object> parameters, Selection selection) {
		sql.append(" FROM ").append(Identifier.table(selection.table()));
		selection.where().appendTo(sql, parameters);
	}

	// As parameters, so that every page of a listing is the same statement to the server
	private static void appendWindow(StringBuilder sql, List<@Nullable Object> parameters, Selection selection) {
		if (selection.limit() != null) {
			sql.append(" LIMIT ?");
			parameters.add(selection.limit());
		}
		if (selection.offset() != null) {
			sql.append(" OFFSET ?");
			parameters.add(selection.offset());
		}
	}

}
