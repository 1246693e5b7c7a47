package io.soong.sql;

import java.sql.SQLException;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.Stream;

import javax.sql.DataSource;

import org.jspecify.annotations.Nullable;

import org.springframework.core.convert.converter.Converter;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.EmptyResultDataAccessException;
import org.springframework.dao.IncorrectResultSizeDataAccessException;
import org.springframework.jdbc.UncategorizedSQLException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Everyday SQL on PostgreSQL with maps and records: no mapping to declare, one statement
 * per call. <pre class="code">{@code
 * record Gizmo(int id, String name, String color) {
 * }
 *
 * Optional<Gizmo> gizmo = soong.get("gizmos", 42, Gizmo.class);
 * soong.update("gizmos", 42, Map.of("name", "Gizmo42: The Next Generation"));
 * int id = soong.insert("gizmos", Map.of("name", "Best gizmo ever!"), "id", Integer.class);
 * List<Row> pink = soong.select("gizmos", Map.of("color", "pink"));
 * }</pre>
 * <p>
 * A <em>table</em> is {@code name} or {@code schema.name}. Names of tables and columns
 * are quoted and keep their case. A name is {@code [A-Za-z_][A-Za-z0-9_$]*} of at most 63
 * bytes; any other is refused.
 * <p>
 * <em>Values</em> are a map, a record or a bean. The keys of a map are columns, and a
 * null is NULL. The property {@code unitPrice} of a record or bean is column
 * {@code unit_price}. An insert leaves null properties out, so that identities and
 * defaults apply; an update sets them to NULL.
 * <p>
 * A value is stored and compared as what it is, or the call is refused. A collection or
 * an array is json in a json or jsonb column, an array in an array column, and refused in
 * any other column. In the caller's own SQL it is an array with a type, or the elements
 * of {@code x IN (?)}. A map, a record, a bean or a {@code JsonNode} is json, which needs
 * Jackson 3 on the class path. A record of one component is bound as its component,
 * except in a json column. {@link JsonValue#json} marks a value as json. Text is bound
 * without a type, so that it also fits uuid, json, enums, inet and the like. The types of
 * a table's columns are read from the catalogue once, and only if the binding of a value
 * depends on them.
 * <p>
 * A <em>key</em> is a value of column {@code id}, or a map of conditions that is declared
 * as a {@code Map}. A condition is a plain value ({@code =}) or a {@link Condition}. A
 * {@link Filter} in place of a key combines conditions by OR and NOT. Null, collections
 * and empty maps are refused, because input such as <code>{"id": null}</code> must not
 * widen a query.
 * <p>
 * A {@code Class<T>} is a record, a bean, a scalar type for a single column, or
 * {@link Row}. For a record, or another class that is created by its only constructor,
 * the SQL selects or returns the columns of the components; for other types it selects or
 * returns all columns ({@code *}). A component whose column is json may be a map, a list,
 * a record, a bean or a {@code JsonNode}.
 * <p>
 * Invalid arguments are an {@code IllegalArgumentException} before anything is sent.
 * Errors of the database are Spring's {@link DataAccessException}. Those about data
 * (SQLState classes 22 and 23, and P0001) carry SQLState, table, column, constraint and
 * type. They omit the server's own text, which may contain values, unless
 * {@link #withValuesInErrors()} is used.
 * <p>
 * Thread-safe.
 */
public final class SoongTemplate {

	private static final String WHERE_HINT = "write select(table).list() to select all rows";

	private final JdbcTemplate jdbcTemplate;

	private final PlatformTransactionManager transactionManager;

	private final StatementRunner runner;

	private final boolean valuesInErrors;

	private final @Nullable Supplier<?> jsonMapper;

	private final Converters converters;

	private final PlainSql plainSql = new PlainSql();

	private final Model.Cache models;

	private final ResultMapping.Cache mappings;

	private volatile @Nullable JdbcClient jdbcClient;

	/**
	 * Creates a template that manages transactions on the JdbcTemplate's DataSource.
	 * @param jdbcTemplate runs the statements
	 */
	public SoongTemplate(JdbcTemplate jdbcTemplate) {
		this(jdbcTemplate, transactionManager(jdbcTemplate));
	}

	/**
	 * Creates a template.
	 * @param jdbcTemplate runs the statements
	 * @param transactionManager begins and joins the transactions of
	 * {@code inTransaction}, on the JdbcTemplate's DataSource
	 */
	public SoongTemplate(JdbcTemplate jdbcTemplate, PlatformTransactionManager transactionManager) {
		this(jdbcTemplate, transactionManager, false, null, Converters.NONE);
	}

	private SoongTemplate(JdbcTemplate jdbcTemplate, PlatformTransactionManager transactionManager,
			boolean valuesInErrors, @Nullable Supplier<?> jsonMapper, Converters converters) {
		this.jdbcTemplate = jdbcTemplate;
		this.transactionManager = transactionManager;
		this.valuesInErrors = valuesInErrors;
		this.jsonMapper = jsonMapper;
		this.converters = converters;
		Json json = new Json(jsonMapper, valuesInErrors);
		this.runner = new StatementRunner(jdbcTemplate, json, converters, valuesInErrors);
		this.models = new Model.Cache();
		this.mappings = new ResultMapping.Cache(this.models, json, converters, valuesInErrors);
	}

	/**
	 * Returns a copy whose errors keep the server's own text, which may contain bound or
	 * stored values.
	 * @return the template
	 */
	public SoongTemplate withValuesInErrors() {
		return new SoongTemplate(this.jdbcTemplate, this.transactionManager, true, this.jsonMapper, this.converters);
	}

	/**
	 * Returns a copy that reads and writes json with the given mapper in place of
	 * Jackson's default one.
	 * @param mapper supplies an {@code ObjectMapper} of Jackson 3, and is called when the
	 * first json is read or written. Its type does not name Jackson, so that this class
	 * loads without it
	 * @return the template
	 */
	public SoongTemplate withJsonMapper(Supplier<?> mapper) {
		return new SoongTemplate(this.jdbcTemplate, this.transactionManager, this.valuesInErrors, mapper,
				this.converters);
	}

	/**
	 * Returns a copy that reads and writes types of the application with the given
	 * converters. The auto-configured template has the beans that are marked with
	 * {@link SoongConverter}.
	 * @param converters the converters, which replace earlier ones: each between a type
	 * of the application and a type of a column. The first of two for the same type is
	 * used
	 * @return the template
	 * @throws IllegalArgumentException if the types of a converter are unknown, or
	 * neither or both are types of columns
	 */
	public SoongTemplate withConverters(Collection<? extends Converter<?, ?>> converters) {
		return new SoongTemplate(this.jdbcTemplate, this.transactionManager, this.valuesInErrors, this.jsonMapper,
				Converters.of(converters));
	}

	/**
	 * Selects the row with the key: {@code SELECT * FROM "gizmos" WHERE "id" = ?}.
	 * @param table the table
	 * @param key the key
	 * @return the row, or empty if there is none
	 * @throws IncorrectResultSizeDataAccessException if several rows have the key
	 */
	public Optional<Row> get(String table, Object key) {
		return select(Where.key(table, key)).optional();
	}

	/**
	 * Selects the row with the composite key:
	 * {@code SELECT * FROM "stock" WHERE "shop" = ? AND "gizmo" = ?}.
	 * @param table the table
	 * @param key the conditions of the key, at least one
	 * @return the row, or empty if there is none
	 * @throws IncorrectResultSizeDataAccessException if several rows have the key
	 */
	public Optional<Row> get(String table, Map<String, ?> key) {
		return select(Where.compositeKey(table, key)).optional();
	}

	/**
	 * Selects columns of the row with the key:
	 * {@code SELECT "name", "color" FROM "gizmos" WHERE "id" = ?}.
	 * @param table the table
	 * @param key the key
	 * @param columns the columns, at least one
	 * @return the row, or empty if there is none
	 * @throws IncorrectResultSizeDataAccessException if several rows have the key
	 */
	public Optional<Row> get(String table, Object key, List<String> columns) {
		return select(Where.key(table, key)).columns(notEmpty(columns, "get(table, key)")).optional();
	}

	/**
	 * Selects columns of the row with the composite key.
	 * @param table the table
	 * @param key the conditions of the key, at least one
	 * @param columns the columns, at least one
	 * @return the row, or empty if there is none
	 * @throws IncorrectResultSizeDataAccessException if several rows have the key
	 */
	public Optional<Row> get(String table, Map<String, ?> key, List<String> columns) {
		return select(Where.compositeKey(table, key)).columns(notEmpty(columns, "get(table, key)")).optional();
	}

	/**
	 * Selects the row with the key as a record, bean or scalar:
	 * {@code SELECT "id", "name" FROM "gizmos" WHERE "id" = ?}.
	 * @param <T> the type
	 * @param table the table
	 * @param key the key
	 * @param type a record, a bean or a scalar type
	 * @return the row, or empty if there is none
	 * @throws IncorrectResultSizeDataAccessException if several rows have the key
	 */
	public <T> Optional<T> get(String table, Object key, Class<T> type) {
		return select(Where.key(table, key)).optional(type);
	}

	/**
	 * Selects the row with the composite key as a record, bean or scalar.
	 * @param table the table
	 * @param key the conditions of the key, at least one
	 * @param type a record, a bean or a scalar type
	 * @param <T> the type
	 * @return the row, or empty if there is none
	 * @throws IncorrectResultSizeDataAccessException if several rows have the key
	 */
	public <T> Optional<T> get(String table, Map<String, ?> key, Class<T> type) {
		return select(Where.compositeKey(table, key)).optional(type);
	}

	/**
	 * Selects the rows that match all conditions:
	 * {@code SELECT * FROM "gizmos" WHERE "color" = ?}.
	 * @param table the table
	 * @param where a value or {@link Condition} for each column, at least one
	 * @return the rows
	 */
	public List<Row> select(String table, Map<String, ?> where) {
		return select(Where.of(table, where, WHERE_HINT)).list();
	}

	/**
	 * Selects the rows that match all conditions as records, beans or scalars:
	 * {@code SELECT "id", "name" FROM "gizmos" WHERE "color" = ?}.
	 * @param <T> the type
	 * @param table the table
	 * @param where a value or {@link Condition} for each column, at least one
	 * @param type a record, a bean or a scalar type
	 * @return the rows
	 */
	public <T> List<T> select(String table, Map<String, ?> where, Class<T> type) {
		return select(Where.of(table, where, WHERE_HINT)).list(type);
	}

	/**
	 * Begins a SELECT with columns, conditions, order and limit:
	 * {@code SELECT * FROM "gizmos" ...}.
	 * @param table the table
	 * @return the select, which sends nothing yet
	 */
	public Select select(String table) {
		return select(Where.all(table));
	}

	/**
	 * Inserts a row: {@code INSERT INTO "gizmos" ("name", "color") VALUES (?, ?)}. A
	 * record or bean in which every property is null is refused, because an event that
	 * cannot be read becomes such a record; see {@link #insertDefaults(String)}.
	 * @param table the table
	 * @param values a map, record or bean
	 * @return the number of inserted rows: 1, or 0 if a trigger or rule prevented it
	 */
	public int insert(String table, Object values) {
		return this.runner.update(insertion(table, values, null));
	}

	/**
	 * Inserts a row and returns one of its columns:
	 * {@code INSERT INTO "gizmos" ("name") VALUES (?) RETURNING "id"}.
	 * @param <T> the type of the column
	 * @param table the table
	 * @param values a map, record or bean
	 * @param column the column to return
	 * @param type its type
	 * @return the value of the column, which must not be NULL
	 * @throws EmptyResultDataAccessException if a trigger or rule prevented the insert,
	 * or if the column is NULL
	 */
	public <T> T insert(String table, Object values, String column, Class<T> type) {
		return insertReturning(table, values, Identifier.Columns.of(Collections.singletonList(column)),
				this.mappings.of(type));
	}

	/**
	 * Inserts a row and returns some of its columns:
	 * {@code INSERT INTO "gizmos" ("name") VALUES (?) RETURNING "id", "name"}.
	 * @param table the table
	 * @param values a map, record or bean
	 * @param returning the columns to return, at least one
	 * @return the columns
	 * @throws EmptyResultDataAccessException if a trigger or rule prevented the insert
	 */
	public Row insert(String table, Object values, List<String> returning) {
		return insertReturning(table, values, Identifier.Columns.of(notEmpty(returning, "insert(table, values)")),
				this.mappings.rows());
	}

	/**
	 * Inserts a row and returns it:
	 * {@code INSERT INTO "gizmos" ("name") VALUES (?) RETURNING "id", "name"}.
	 * @param <T> the type
	 * @param table the table
	 * @param values a map, record or bean
	 * @param type a record or bean
	 * @return the row
	 * @throws EmptyResultDataAccessException if a trigger or rule prevented the insert
	 */
	public <T> T insert(String table, Object values, Class<T> type) {
		ResultMapping<T> mapping = rowMapping(type, "insert");
		return insertReturning(table, values, mapping.columns(), mapping);
	}

	/**
	 * Inserts a row in which every column has its default:
	 * {@code INSERT INTO "gizmos" DEFAULT VALUES}.
	 * @param table the table
	 * @return the number of inserted rows: 1, or 0 if a trigger or rule prevented it
	 */
	public int insertDefaults(String table) {
		return this.runner.update(StatementText.insert(table, ColumnValues.defaults(table), null, null));
	}

	/**
	 * Inserts a row in which every column has its default, and returns it:
	 * {@code INSERT INTO "gizmos" DEFAULT VALUES RETURNING "id", "name"}.
	 * @param <T> the type
	 * @param table the table
	 * @param type a record or bean
	 * @return the row
	 * @throws EmptyResultDataAccessException if a trigger or rule prevented the insert
	 */
	public <T> T insertDefaults(String table, Class<T> type) {
		ResultMapping<T> mapping = rowMapping(type, "insert");
		return written(table, "insert",
				StatementText.insert(table, ColumnValues.defaults(table), null, mapping.columns()), mapping);
	}

	/**
	 * Inserts all rows or none, as {@link #insertAll(String, Stream)} does.
	 * @param table the table
	 * @param rows maps, records or beans
	 * @return the number of inserted rows, without those that a trigger or rule prevented
	 */
	public long insertAll(String table, Collection<?> rows) {
		return rowsWriter(table, notNull(rows), null, null).write();
	}

	/**
	 * Inserts all rows or none, in the open transaction or a new one: many rows by
	 * {@code COPY "gizmos" ("name", "color") FROM STDIN}, few by
	 * {@code INSERT INTO "gizmos" ("name", "color") VALUES (?, ?), (?, ?)}. It stores
	 * what {@link #insert(String, Object)} stores row by row. If COPY would store
	 * something else, rows are inserted: because of row-level security, rules, views, or
	 * values of another type than their column.
	 * <p>
	 * The first row decides what all rows are: maps with the same columns, or instances
	 * of the same class. A null property is left out of its row, so that the default
	 * applies.
	 * <p>
	 * The stream is read in chunks, never as a whole, and closed. It may read from the
	 * database itself.
	 * @param table the table
	 * @param rows maps, records or beans
	 * @return the number of inserted rows, without those that a trigger or rule prevented
	 */
	public long insertAll(String table, Stream<?> rows) {
		try (Stream<?> closing = notNull(rows)) {
			return rowsWriter(table, closing, null, null).write();
		}
	}

	/**
	 * Inserts all rows or none, and returns one column of each, as
	 * {@link #insertAll(String, Collection, Class)} does:
	 * {@code INSERT INTO "gizmos" ("name") VALUES (?), (?) RETURNING "id"}.
	 * @param <T> the type of the column
	 * @param table the table
	 * @param rows maps, records or beans
	 * @param column the column to return
	 * @param type its type
	 * @return the values of the column, in the order of the rows
	 */
	public <T> List<T> insertAll(String table, Collection<?> rows, String column, Class<T> type) {
		Identifier.Columns columns = Identifier.Columns.of(Collections.singletonList(column));
		return rowsWriter(table, notNull(rows), null, new RowsWriter.Returned<>(columns, this.mappings.of(type)))
			.writeReturning();
	}

	/**
	 * Inserts all rows or none, and returns the stored rows in the order of the given
	 * ones: {@code INSERT INTO "gizmos" ("name") VALUES (?), (?) RETURNING "id", "name"}.
	 * It uses as many INSERTs as necessary, because COPY returns nothing, and holds the
	 * returned rows in memory.
	 * @param <T> the type
	 * @param table the table
	 * @param rows maps, records or beans
	 * @param type a record or bean
	 * @return the rows, without those that a trigger or rule prevented
	 */
	public <T> List<T> insertAll(String table, Collection<?> rows, Class<T> type) {
		return rowsWriter(table, notNull(rows), null, RowsWriter.Returned.of(rowMapping(type, "insertAll")))
			.writeReturning();
	}

	/**
	 * Inserts a row unless it conflicts with an existing one, so that an event that is
	 * handled twice is stored once:
	 * {@code INSERT INTO "events" ("id", "body") VALUES (?, ?) ON CONFLICT ("id") DO NOTHING}.
	 * @param table the table
	 * @param values a map, record or bean
	 * @param keys the columns of a primary key or unique constraint; none for any
	 * constraint of the table
	 * @return whether the row was inserted
	 */
	public boolean insertIfAbsent(String table, Object values, String... keys) {
		return this.runner.update(StatementText.insert(table, ColumnValues.forInsert(table, values, this.models),
				Conflict.ignored(Arrays.asList(keys)), null)) > 0;
	}

	/**
	 * Inserts the rows that conflict with no other, as
	 * {@link #insertAllIfAbsent(String, Stream, String...)} does.
	 * @param table the table
	 * @param rows maps, records or beans
	 * @param keys the columns of a primary key or unique constraint; none for any
	 * constraint of the table
	 * @return the number of inserted rows
	 */
	public long insertAllIfAbsent(String table, Collection<?> rows, String... keys) {
		return rowsWriter(table, notNull(rows), Conflict.ignored(Arrays.asList(keys)), null).write();
	}

	/**
	 * Inserts the rows that conflict with no other, in the open transaction or a new one,
	 * by as many statements as necessary:
	 * {@code INSERT INTO "events" ("id") VALUES (?), (?) ON CONFLICT ("id") DO NOTHING}.
	 * Of given rows that conflict with each other the first is inserted.
	 * @param table the table
	 * @param rows maps, records or beans; the stream is read in chunks and closed
	 * @param keys the columns of a primary key or unique constraint; none for any
	 * constraint of the table
	 * @return the number of inserted rows
	 */
	public long insertAllIfAbsent(String table, Stream<?> rows, String... keys) {
		try (Stream<?> closing = notNull(rows)) {
			return rowsWriter(table, closing, Conflict.ignored(Arrays.asList(keys)), null).write();
		}
	}

	/**
	 * Inserts a row, or updates chosen columns of the existing row that it conflicts
	 * with:
	 * {@code INSERT INTO "users" ("email", "name") VALUES (?, ?) ON CONFLICT ("email") WHERE "deleted_at" IS NULL DO UPDATE SET "name" = EXCLUDED."name"}.
	 * @param table the table
	 * @param values a map, record or bean
	 * @param conflict how the existing row is found, and what is updated
	 * @return the number of inserted or updated rows: 1, or 0 if a trigger prevented it
	 */
	public int upsert(String table, Object values, Conflict conflict) {
		return this.runner.update(upsertion(table, values, conflict, null));
	}

	/**
	 * Inserts a row, or updates chosen columns of the existing row that it conflicts
	 * with, and returns the stored row.
	 * @param <T> the type
	 * @param table the table
	 * @param values a map, record or bean
	 * @param conflict how the existing row is found, and what is updated
	 * @param type a record or bean
	 * @return the row
	 * @throws EmptyResultDataAccessException if a trigger prevented the upsert
	 */
	public <T> T upsert(String table, Object values, Conflict conflict, Class<T> type) {
		ResultMapping<T> mapping = rowMapping(type, "upsert");
		return written(table, "upsert", upsertion(table, values, conflict, mapping.columns()), mapping);
	}

	/**
	 * Inserts a row, or updates the existing row with its key:
	 * {@code INSERT INTO "gizmos" ("id", "name") VALUES (?, ?) ON CONFLICT ("id") DO UPDATE SET "name" = EXCLUDED."name"}.
	 * A null property is left out: a new row gets the default, an existing one keeps its
	 * value.
	 * @param table the table
	 * @param values a map, record or bean
	 * @param key the column of a primary key or unique constraint, which has a value
	 * @return the number of inserted or updated rows: 1, or 0 if a trigger prevented it
	 */
	public int upsert(String table, Object values, String key) {
		return upsert(table, values, Collections.singletonList(key));
	}

	/**
	 * Inserts a row, or updates the existing row with its composite key, as
	 * {@link #upsert(String, Object, String)} does:
	 * {@code ... ON CONFLICT ("shop", "no") DO UPDATE SET "name" = EXCLUDED."name"}.
	 * @param table the table
	 * @param values a map, record or bean
	 * @param keys the columns of a primary key or unique constraint, which have values
	 * @return the number of inserted or updated rows: 1, or 0 if a trigger prevented it
	 */
	public int upsert(String table, Object values, List<String> keys) {
		return upsert(table, values, Conflict.on(keys));
	}

	/**
	 * Inserts a row, or updates the existing row with its key, and returns the stored
	 * row:
	 * {@code INSERT INTO ... ON CONFLICT ("id") DO UPDATE SET ... RETURNING "id", "name"}.
	 * @param <T> the type
	 * @param table the table
	 * @param values a map, record or bean
	 * @param key the column of a primary key or unique constraint, which has a value
	 * @param type a record or bean
	 * @return the row
	 * @throws EmptyResultDataAccessException if a trigger prevented the upsert
	 */
	public <T> T upsert(String table, Object values, String key, Class<T> type) {
		return upsert(table, values, Collections.singletonList(key), type);
	}

	/**
	 * Inserts a row, or updates the existing row with its composite key, and returns the
	 * stored row, as {@link #upsert(String, Object, String, Class)} does.
	 * @param <T> the type
	 * @param table the table
	 * @param values a map, record or bean
	 * @param keys the columns of a primary key or unique constraint, which have values
	 * @param type a record or bean
	 * @return the row
	 * @throws EmptyResultDataAccessException if a trigger prevented the upsert
	 */
	public <T> T upsert(String table, Object values, List<String> keys, Class<T> type) {
		return upsert(table, values, Conflict.on(keys), type);
	}

	/**
	 * Inserts or updates all rows or none, as {@link #upsertAll(String, Stream, List)}
	 * does.
	 * @param table the table
	 * @param rows maps, records or beans
	 * @param key the column of a primary key or unique constraint
	 * @return the number of inserted or updated rows
	 */
	public long upsertAll(String table, Collection<?> rows, String key) {
		return upsertAll(table, rows, Collections.singletonList(key));
	}

	/**
	 * Inserts or updates all rows or none, as {@link #upsertAll(String, Stream, List)}
	 * does.
	 * @param table the table
	 * @param rows maps, records or beans
	 * @param keys the columns of a primary key or unique constraint
	 * @return the number of inserted or updated rows
	 */
	public long upsertAll(String table, Collection<?> rows, List<String> keys) {
		return upsertAll(table, rows, Conflict.on(keys));
	}

	/**
	 * Inserts rows, or updates chosen columns of the existing rows that they conflict
	 * with, all or none, as {@link #upsertAll(String, Stream, List)} does.
	 * @param table the table
	 * @param rows maps, records or beans
	 * @param conflict how existing rows are found, and what is updated
	 * @return the number of inserted or updated rows
	 */
	public long upsertAll(String table, Collection<?> rows, Conflict conflict) {
		return rowsWriter(table, notNull(rows), conflict, null).write();
	}

	/**
	 * Inserts or updates all rows or none, and returns the stored rows in the order of
	 * the given ones. The returned rows are held in memory.
	 * @param <T> the type
	 * @param table the table
	 * @param rows maps, records or beans
	 * @param conflict how existing rows are found, and what is updated
	 * @param type a record or bean
	 * @return the rows, without those that a trigger prevented
	 */
	public <T> List<T> upsertAll(String table, Collection<?> rows, Conflict conflict, Class<T> type) {
		return rowsWriter(table, notNull(rows), conflict, RowsWriter.Returned.of(rowMapping(type, "upsertAll")))
			.writeReturning();
	}

	/**
	 * Inserts or updates all rows or none, as {@link #upsertAll(String, Stream, List)}
	 * does.
	 * @param table the table
	 * @param rows maps, records or beans
	 * @param key the column of a primary key or unique constraint
	 * @return the number of inserted or updated rows
	 */
	public long upsertAll(String table, Stream<?> rows, String key) {
		return upsertAll(table, rows, Collections.singletonList(key));
	}

	/**
	 * Inserts or updates all rows or none, in the open transaction or a new one, by as
	 * many statements as necessary: {@code INSERT INTO "gizmos" ("id", "name") VALUES (?,
	 * ?), (?, ?) ON CONFLICT ("id") DO UPDATE SET "name" = EXCLUDED."name"}. It stores
	 * what {@link #upsert(String, Object, List)} stores row by row; a null property is
	 * left out of its row. Two rows with the same key are refused. If they are too far
	 * apart in a stream to be noticed, the last one is stored.
	 * <p>
	 * The first row decides what all rows are: maps with the same columns, or instances
	 * of the same class. The stream is read in chunks, never as a whole, and closed.
	 * @param table the table
	 * @param rows maps, records or beans
	 * @param keys the columns of a primary key or unique constraint, which have values in
	 * every row
	 * @return the number of inserted or updated rows
	 */
	public long upsertAll(String table, Stream<?> rows, List<String> keys) {
		try (Stream<?> closing = notNull(rows)) {
			return rowsWriter(table, closing, Conflict.on(keys), null).write();
		}
	}

	/**
	 * Updates the rows with the key:
	 * {@code UPDATE "gizmos" SET "name" = ? WHERE "id" = ?}. Every value is set. Only a
	 * value of the key's column that equals the key is left out, so that a row can be
	 * written back as it was read.
	 * @param table the table
	 * @param key the key
	 * @param values a map, record or bean
	 * @return the number of updated rows
	 */
	public int update(String table, Object key, Object values) {
		return update(table, Where.key(table, key), values);
	}

	/**
	 * Updates the rows with the composite key:
	 * {@code UPDATE "stock" SET "count" = ? WHERE "shop" = ? AND "gizmo" = ?}. Every
	 * value is set, also that of a column in the key, unless it equals the key's plain
	 * value. One statement can therefore compare and change a row:
	 * <pre class="code">{@code
	 * // UPDATE "docs" SET "text" = ?, "version" = ? WHERE "id" = ? AND "version" = ?
	 * int updated = soong.update("docs", Map.of("id", 1, "version", 3), Map.of("text", text, "version", 4));
	 * }</pre> It returns 0 if another transaction has changed the row in the meantime.
	 * @param table the table
	 * @param key the conditions of the key, at least one
	 * @param values a map, record or bean
	 * @return the number of updated rows
	 */
	public int update(String table, Map<String, ?> key, Object values) {
		return update(table, Where.compositeKey(table, key), values);
	}

	/**
	 * Updates the rows with the key, and returns them as they are after the update:
	 * {@code UPDATE "jobs" SET "worker" = ? WHERE "id" = ? RETURNING "id", "worker"}.
	 * @param <T> the type
	 * @param table the table
	 * @param key the key
	 * @param values a map, record or bean
	 * @param type a record or bean
	 * @return the rows, in no order
	 */
	public <T> List<T> update(String table, Object key, Object values, Class<T> type) {
		return update(table, Where.key(table, key), values, type);
	}

	/**
	 * Updates the rows with the composite key, and returns them as they are after the
	 * update. For example, only one of several functions can claim a job:
	 * <pre class="code">{@code
	 * // UPDATE "jobs" SET "status" = ? WHERE "id" = ? AND "status" = ? RETURNING "id", "status"
	 * soong.update("jobs", Map.of("id", 1, "status", "new"), Map.of("status", "taken"), Job.class);
	 * }</pre>
	 * @param <T> the type
	 * @param table the table
	 * @param key the conditions of the key, at least one
	 * @param values a map, record or bean
	 * @param type a record or bean
	 * @return the rows, in no order
	 */
	public <T> List<T> update(String table, Map<String, ?> key, Object values, Class<T> type) {
		return update(table, Where.compositeKey(table, key), values, type);
	}

	private int update(String table, Where where, Object values) {
		return this.runner.update(updating(table, where, values, null));
	}

	private <T> List<T> update(String table, Where where, Object values, Class<T> type) {
		ResultMapping<T> mapping = rowMapping(type, "update");
		return this.runner.query(updating(table, where, values, mapping.columns()), mapping, StatementRunner.ALL);
	}

	private StatementText updating(String table, Where where, Object values, Identifier.@Nullable Columns returning) {
		return StatementText.update(table, where, ColumnValues.forUpdate(table, values, this.models, where), returning);
	}

	/**
	 * Deletes the rows with the key: {@code DELETE FROM "gizmos" WHERE "id" = ?}.
	 * @param table the table
	 * @param key the key
	 * @return the number of deleted rows
	 */
	public int delete(String table, Object key) {
		return delete(table, Where.key(table, key));
	}

	/**
	 * Deletes the rows with the composite key:
	 * {@code DELETE FROM "stock" WHERE "shop" = ? AND "gizmo" = ?}.
	 * @param table the table
	 * @param key the conditions of the key, at least one
	 * @return the number of deleted rows
	 */
	public int delete(String table, Map<String, ?> key) {
		return delete(table, Where.compositeKey(table, key));
	}

	/**
	 * Deletes the rows with the key, and returns them as they were:
	 * {@code DELETE FROM "gizmos" WHERE "id" = ? RETURNING "id", "name"}.
	 * @param <T> the type
	 * @param table the table
	 * @param key the key
	 * @param type a record or bean
	 * @return the rows, in no order
	 */
	public <T> List<T> delete(String table, Object key, Class<T> type) {
		return delete(table, Where.key(table, key), type);
	}

	/**
	 * Deletes the rows with the composite key, and returns them as they were.
	 * @param <T> the type
	 * @param table the table
	 * @param key the conditions of the key, at least one
	 * @param type a record or bean
	 * @return the rows, in no order
	 */
	public <T> List<T> delete(String table, Map<String, ?> key, Class<T> type) {
		return delete(table, Where.compositeKey(table, key), type);
	}

	private int delete(String table, Where where) {
		return this.runner.update(StatementText.delete(table, where, null));
	}

	private <T> List<T> delete(String table, Where where, Class<T> type) {
		ResultMapping<T> mapping = rowMapping(type, "delete");
		return this.runner.query(StatementText.delete(table, where, mapping.columns()), mapping, StatementRunner.ALL);
	}

	/**
	 * Returns the rows of any SELECT, or of INSERT, UPDATE or DELETE with RETURNING. A
	 * question mark that is part of an operator is doubled ({@code data ?? 'key'}).
	 * @param sql the SQL, with {@code ?} or {@code :name} for values
	 * @param args a value for each {@code ?}, or one map of values by name
	 * @return the rows
	 */
	public List<Row> query(String sql, @Nullable Object... args) {
		return query(Row.class, sql, args);
	}

	/**
	 * Returns the rows of {@link #query(String, Object...)} as records, beans or scalars.
	 * @param <T> the type
	 * @param type a record, a bean or a scalar type
	 * @param sql the SQL, with {@code ?} or {@code :name} for values
	 * @param args a value for each {@code ?}, or one map of values by name
	 * @return the rows; a scalar that is NULL is null
	 */
	public <T> List<T> query(Class<T> type, String sql, @Nullable Object... args) {
		return this.runner.query(this.plainSql.of(sql, args), this.mappings.of(type), StatementRunner.ALL);
	}

	/**
	 * Returns the only row of {@link #query(String, Object...)}.
	 * @param sql the SQL, with {@code ?} or {@code :name} for values
	 * @param args a value for each {@code ?}, or one map of values by name
	 * @return the row, or empty if there is none
	 * @throws IncorrectResultSizeDataAccessException if there are several rows
	 */
	public Optional<Row> queryOne(String sql, @Nullable Object... args) {
		return queryOne(Row.class, sql, args);
	}

	/**
	 * Returns the only row of {@link #query(String, Object...)} as a record, bean or
	 * scalar.
	 * @param <T> the type
	 * @param type a record, a bean or a scalar type
	 * @param sql the SQL, with {@code ?} or {@code :name} for values
	 * @param args a value for each {@code ?}, or one map of values by name
	 * @return the row, or empty if there is none or a scalar is NULL
	 * @throws IncorrectResultSizeDataAccessException if there are several rows
	 */
	public <T> Optional<T> queryOne(Class<T> type, String sql, @Nullable Object... args) {
		// Without a limit of two rows, which would cut off a statement with RETURNING
		List<T> rows = query(type, sql, args);
		if (rows.size() > 1) {
			throw new IncorrectResultSizeDataAccessException("The SQL returned " + rows.size()
					+ " rows where one was expected; use query(...), or add a condition", 1, rows.size());
		}
		return rows.isEmpty() ? Optional.empty() : Optional.ofNullable(rows.get(0));
	}

	/**
	 * Returns the rows of {@link #query(String, Object...)} as a mapper maps them.
	 * @param <T> the type of a mapped row
	 * @param mapper maps a row
	 * @param sql the SQL, with {@code ?} or {@code :name} for values
	 * @param args a value for each {@code ?}, or one map of values by name
	 * @return the rows
	 */
	public <T extends @Nullable Object> List<T> query(RowMapper<T> mapper, String sql, @Nullable Object... args) {
		return this.runner.query(this.plainSql.of(sql, args), mapper);
	}

	/**
	 * Returns the rows of any SELECT as records, beans or scalars. The rows are fetched
	 * in portions, so that any number of them takes little memory. The caller closes the
	 * stream: <pre class="code">{@code
	 * try (Stream<Gizmo> gizmos = soong.stream(Gizmo.class, "SELECT * FROM gizmos WHERE price < ?", 3)) {
	 * 	gizmos.forEach(this::export);
	 * }
	 * }</pre>
	 * <p>
	 * Inside a transaction the stream reads in that transaction. Outside, it holds a
	 * connection and a read-only transaction until it is closed or its last row is read.
	 * Other calls of the thread that opened it find no connection in the meantime, unless
	 * there are several ({@code soong.connection.max}).
	 * @param <T> the type
	 * @param type a record, a bean or a scalar type
	 * @param sql the SQL, with {@code ?} or {@code :name} for values
	 * @param args a value for each {@code ?}, or one map of values by name
	 * @return the rows; a scalar that is NULL is null
	 */
	public <T> Stream<T> stream(Class<T> type, String sql, @Nullable Object... args) {
		return this.runner.stream(this.plainSql.of(sql, args), this.mappings.of(type));
	}

	/**
	 * Runs any statement.
	 * @param sql the SQL, with {@code ?} or {@code :name} for values
	 * @param args a value for each {@code ?}, or one map of values by name
	 * @return the number of affected rows or, for a statement that returns rows, of
	 * returned rows; 0 for DDL
	 */
	public int execute(String sql, @Nullable Object... args) {
		return this.runner.execute(this.plainSql.of(sql, args));
	}

	/**
	 * Runs work in the open transaction or a new one. The transaction is rolled back if
	 * anything is thrown, otherwise committed.
	 * @param <T> the type of the result
	 * @param work the work
	 * @return the result of the work
	 */
	public <T extends @Nullable Object> T inTransaction(Supplier<T> work) {
		return inTransaction(TransactionDefinition.PROPAGATION_REQUIRED, work);
	}

	/**
	 * Runs work in a transaction, as {@link #inTransaction(Supplier)} does.
	 * @param work the work
	 */
	public void inTransaction(Runnable work) {
		inTransaction(returningNull(work));
	}

	/**
	 * Runs work in a nested transaction: at a savepoint of the open transaction, or in a
	 * new one. If anything is thrown, only the work is rolled back. The caller may catch
	 * the exception and continue in the outer transaction: <pre class="code">{@code
	 * soong.inTransaction(() -> {
	 * 	soong.insert("orders", order);
	 * 	try {
	 * 		soong.inNestedTransaction(() -> soong.insert("customers", customer));
	 * 	}
	 * 	catch (DuplicateKeyException ex) {
	 * 		soong.update("customers", customer.id(), customer);
	 * 	}
	 * });
	 * }</pre>
	 * @param <T> the type of the result
	 * @param work the work
	 * @return the result of the work
	 * @throws TransactionException if the transaction manager does not support
	 * savepoints, as that of JPA by default
	 */
	public <T extends @Nullable Object> T inNestedTransaction(Supplier<T> work) {
		return inTransaction(TransactionDefinition.PROPAGATION_NESTED, work);
	}

	/**
	 * Runs work in a nested transaction, as {@link #inNestedTransaction(Supplier)} does.
	 * @param work the work
	 */
	public void inNestedTransaction(Runnable work) {
		inNestedTransaction(returningNull(work));
	}

	/**
	 * Runs work in a new transaction, and again in another one if the server rolled it
	 * back because of concurrent transactions: after a serialization failure (SQLState
	 * {@code 40001}) or a deadlock ({@code 40P01}), at most four more times, after random
	 * pauses of up to 20, 40, 80 and 160 ms. It never repeats a commit of unknown
	 * outcome. Everything the work does outside the database is repeated, too.
	 * @param <T> the type of the result
	 * @param work the work
	 * @return the result of the work
	 * @throws IllegalStateException if a transaction is open, which would have to be
	 * repeated as a whole
	 */
	public <T extends @Nullable Object> T inTransactionWithRetry(Supplier<T> work) {
		if (this.runner.isInTransaction()) {
			throw new IllegalStateException("A transaction is open, and can only be repeated as a whole; call "
					+ "inTransactionWithRetry(...) where the transaction begins");
		}
		return new Repetition().of(() -> inTransaction(work));
	}

	/**
	 * Runs work in a new transaction and repeats it, as
	 * {@link #inTransactionWithRetry(Supplier)} does.
	 * @param work the work
	 */
	public void inTransactionWithRetry(Runnable work) {
		inTransactionWithRetry(returningNull(work));
	}

	private static Supplier<@Nullable Object> returningNull(Runnable work) {
		return () -> {
			work.run();
			return null;
		};
	}

	/**
	 * Sets a parameter of the session until the transaction ends, such as the tenant that
	 * policies of row-level security read with {@code current_setting}. A commit or
	 * rollback resets it, so that no other transaction or invocation and no other client
	 * of an RDS Proxy sees it. An RDS Proxy pins the session because of it. <pre>
	 * SELECT set_config(?, ?, true)
	 * </pre>
	 * @param name the parameter, such as {@code app.tenant}
	 * @param value its value, never null
	 * @throws IllegalArgumentException if the name is not valid, or the value is null
	 * @throws IllegalStateException if no transaction is open, because the parameter
	 * would be reset before the next statement
	 */
	public void setLocal(String name, String value) {
		Identifier.checkParameter(name);
		if (value == null) {
			throw new IllegalArgumentException(
					"The value for the parameter \"" + name + "\" is null; call setLocal(...) only with a value");
		}
		if (!this.runner.isInTransaction()) {
			throw new IllegalStateException("No transaction is open, so the parameter \"" + name
					+ "\" would be gone before the next statement; call setLocal(...) within inTransaction(...)");
		}
		query(String.class, "SELECT set_config(?, ?, true)", name, value);
	}

	private <T extends @Nullable Object> T inTransaction(int propagation, Supplier<T> work) {
		AtomicBoolean worked = new AtomicBoolean();
		try {
			TransactionTemplate template = new TransactionTemplate(this.transactionManager);
			template.setPropagationBehavior(propagation);
			return template.execute((status) -> {
				T result = work.get();
				if (status.isNewTransaction()) {
					this.runner.checkNotFailed();
				}
				worked.set(true);
				return result;
			});
		}
		catch (CannotCreateTransactionException ex) {
			throw this.runner.withReason(ex);
		}
		catch (DataAccessException | TransactionException ex) {
			// An exception of the work itself is not changed
			throw worked.get() ? withoutValues(ex) : ex;
		}
	}

	/**
	 * Returns Spring's JdbcClient for everything else, on the same connection and in the
	 * same transaction. Its errors keep the server's own text.
	 * @return the client
	 */
	public JdbcClient jdbcClient() {
		JdbcClient client = this.jdbcClient;
		if (client == null) {
			client = JdbcClient.create(this.jdbcTemplate);
			this.jdbcClient = client;
		}
		return client;
	}

	private Select select(Where where) {
		return new Select(where, this.runner, this.mappings, this.models);
	}

	private StatementText insertion(String table, Object values, Identifier.@Nullable Columns returning) {
		return StatementText.insert(table, ColumnValues.forInsert(table, values, this.models), null, returning);
	}

	// Refused before anything is written
	private <T> ResultMapping<T> rowMapping(Class<T> type, String call) {
		ResultMapping<T> mapping = this.mappings.of(type);
		if (mapping instanceof ResultMapping.Cache.Scalars) {
			throw new IllegalArgumentException(type.getSimpleName() + " is read from one column; "
					+ (call.startsWith("insert") ? "name it: " + call + "(table, values, column, type)"
							: call + " returns rows: ask for a record, a bean or Row"));
		}
		return mapping;
	}

	private <T> T insertReturning(String table, Object values, Identifier.Columns returning, ResultMapping<T> mapping) {
		return written(table, "insert", insertion(table, values, returning), mapping);
	}

	private StatementText upsertion(String table, Object values, @Nullable Conflict conflict,
			Identifier.@Nullable Columns returning) {
		if (conflict == null) {
			throw new IllegalArgumentException("The conflict is null; name a key column");
		}
		ColumnValues upsert = ColumnValues.forInsert(table, values, this.models);
		upsert.checkKeys(table, conflict.keys());
		conflict.checkUpdated(ColumnValues.names(table, values, this.models));
		return StatementText.insert(table, upsert, conflict, returning);
	}

	private <T> RowsWriter<T> rowsWriter(String table, Object rows, @Nullable Conflict conflict,
			RowsWriter.@Nullable Returned<T> returned) {
		return new RowsWriter<>(this.jdbcTemplate, this.runner, this::inTransaction, this.models, table, rows, conflict,
				returned);
	}

	private <T> T written(String table, String call, StatementText text, ResultMapping<T> mapping) {
		List<T> rows = this.runner.query(text, mapping, StatementRunner.ALL);
		if (rows.size() > 1) {
			throw new IncorrectResultSizeDataAccessException(
					"The " + call + " into table \"" + table + "\" returned more than one row", 1, rows.size());
		}
		if (rows.isEmpty()) {
			throw new EmptyResultDataAccessException("The " + call + " into table \"" + table
					+ "\" returned no row; a trigger or rule of the table may have prevented it", 1);
		}
		T row = rows.get(0);
		if (row == null) {
			throw new EmptyResultDataAccessException("The " + call + " into table \"" + table
					+ "\" was done, but the column it returned is NULL; insert(table, values, List.of(column)) returns it",
					1);
		}
		return row;
	}

	// A deferred constraint is checked by the commit
	private RuntimeException withoutValues(RuntimeException ex) {
		if (this.valuesInErrors) {
			return ex;
		}
		for (Throwable cause = ex; cause != null; cause = cause.getCause()) {
			if (cause instanceof SQLException original && DataErrors.mayHoldValues(original)) {
				SQLException withoutValues = DataErrors.withoutValues(original);
				DataAccessException translated = this.jdbcTemplate.getExceptionTranslator()
					.translate("Commit", null, withoutValues);
				return (translated != null) ? translated : new UncategorizedSQLException("Commit", null, withoutValues);
			}
		}
		return ex;
	}

	private static <T> T notNull(@Nullable T rows) {
		if (rows == null) {
			throw new IllegalArgumentException("The rows are null");
		}
		return rows;
	}

	private static List<String> notEmpty(@Nullable List<String> columns, String all) {
		if (columns == null || columns.isEmpty()) {
			throw new IllegalArgumentException("The list of columns is " + ((columns == null) ? "null" : "empty")
					+ "; name at least one, or use " + all);
		}
		return columns;
	}

	private static PlatformTransactionManager transactionManager(JdbcTemplate jdbcTemplate) {
		DataSource dataSource = jdbcTemplate.getDataSource();
		if (dataSource == null) {
			throw new IllegalArgumentException("The JdbcTemplate has no DataSource");
		}
		return new JdbcTransactionManager(dataSource);
	}

}
