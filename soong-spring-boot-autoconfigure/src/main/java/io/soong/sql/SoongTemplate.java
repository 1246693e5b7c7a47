package io.soong.sql;

import java.sql.SQLException;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Iterator;
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
 * A <em>table</em> is {@code name} or {@code schema.name}. Tables and columns are quoted,
 * their case is kept, and a name other than {@code [A-Za-z_][A-Za-z0-9_$]*} of at most 63
 * bytes is refused.
 * <p>
 * <em>Values</em> are a map of columns, in which a null is NULL, or a record or bean,
 * whose {@code unitPrice} is column {@code unit_price}. Where a record or bean is
 * inserted, what is null in it is left out, so that identities and defaults apply; where
 * it updates, null is NULL.
 * <p>
 * A value is stored and compared as what it is, or the call is refused. A collection or
 * an array is json where the column is json or jsonb, an array where it is an array, and
 * refused elsewhere; in SQL of the caller's own it is an array with a type, or the
 * elements of {@code x IN (?)}. A map, a record, a bean or a {@code JsonNode} is json, by
 * Jackson 3, which must be on the class path then; a record of one component stands for
 * its component where the column is no json. {@link JsonValue#json} asks for json by
 * name. Text goes without a type, so it also fits uuid, json, enums, inet and the like.
 * What is known of a table's columns is read once, and only where it decides.
 * <p>
 * A <em>key</em> is a value of column {@code id}, or what is declared as a map of
 * conditions; a condition is a plain value ({@code =}) or a {@link Condition}. A
 * {@link Filter} takes the place of a key where rows are to meet any of several
 * conditions. Null, collections and empty maps are refused, because input such as
 * <code>{"id": null}</code> must not widen a query.
 * <p>
 * A {@code Class<T>} is a record, whose components are matched with columns by name, a
 * bean, a scalar type for a single column, or {@link Row}. A component of a record may
 * itself be a map, a list, a record, a bean or a {@code JsonNode} where its column is
 * json.
 * <p>
 * Misuse is an {@code IllegalArgumentException} before anything is sent. Errors of the
 * database are Spring's {@link DataAccessException}; those about data (SQLState classes
 * 22 and 23, and P0001) carry SQLState, table, column, constraint and type but not the
 * server's own text, which may hold values, unless {@link #withValuesInErrors()}.
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

	private final ResultMappings mappings;

	private volatile @Nullable JdbcClient jdbcClient;

	/**
	 * Creates a template with transactions of its own on the JdbcTemplate's DataSource.
	 * @param jdbcTemplate what statements run on
	 */
	public SoongTemplate(JdbcTemplate jdbcTemplate) {
		this(jdbcTemplate, transactionManager(jdbcTemplate));
	}

	/**
	 * Creates a template.
	 * @param jdbcTemplate what statements run on
	 * @param transactionManager what {@code inTransaction} begins or joins transactions
	 * of; it exposes them to the JdbcTemplate's DataSource
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
		this.mappings = new ResultMappings(this.models, json, converters, valuesInErrors);
	}

	/**
	 * A template like this one whose errors keep the server's own text, which may quote
	 * values that were bound or stored.
	 * @return the template
	 */
	public SoongTemplate withValuesInErrors() {
		return new SoongTemplate(this.jdbcTemplate, this.transactionManager, true, this.jsonMapper, this.converters);
	}

	/**
	 * A template like this one that reads and writes json with a mapper of the user, in
	 * place of one with Jackson's defaults.
	 * @param mapper gives an {@code ObjectMapper} of Jackson 3 when the first json turns
	 * up; typed no closer, so that this class loads without Jackson
	 * @return the template
	 */
	public SoongTemplate withJsonMapper(Supplier<?> mapper) {
		return new SoongTemplate(this.jdbcTemplate, this.transactionManager, this.valuesInErrors, mapper,
				this.converters);
	}

	/**
	 * A template like this one that reads and writes types of the application by its
	 * converters, as that of the auto-configuration does by those that are marked with
	 * {@link SoongConverter}.
	 * @param converters the converters, in place of earlier ones: each between a type of
	 * the application and one that columns have. Of two for one type the first counts
	 * @return the template
	 * @throws IllegalArgumentException if a converter does not say its types, or neither
	 * or both are those of columns
	 */
	public SoongTemplate withConverters(Collection<? extends Converter<?, ?>> converters) {
		return new SoongTemplate(this.jdbcTemplate, this.transactionManager, this.valuesInErrors, this.jsonMapper,
				Converters.of(converters));
	}

	/**
	 * The row that has the key: {@code SELECT * FROM "gizmos" WHERE "id" = ?}.
	 * @param table the table
	 * @param key the key
	 * @return the row, if there is one
	 * @throws IncorrectResultSizeDataAccessException if several rows have the key
	 */
	public Optional<Row> get(String table, Object key) {
		return byKey(table, key).optional();
	}

	/**
	 * The row that has the composite key:
	 * {@code SELECT * FROM "stock" WHERE "shop" = ? AND "gizmo" = ?}.
	 * @param table the table
	 * @param key the conditions that make up the key, at least one
	 * @return the row, if there is one
	 * @throws IncorrectResultSizeDataAccessException if several rows have the key
	 */
	public Optional<Row> get(String table, Map<String, ?> key) {
		return byKey(table, key).optional();
	}

	/**
	 * Columns of the row that has the key:
	 * {@code SELECT "name", "color" FROM "gizmos" WHERE "id" = ?}.
	 * @param table the table
	 * @param key the key
	 * @param columns the columns, at least one
	 * @return the row, if there is one
	 * @throws IncorrectResultSizeDataAccessException if several rows have the key
	 */
	public Optional<Row> get(String table, Object key, List<String> columns) {
		return byKey(table, key).columns(notEmpty(columns, "get(table, key)")).optional();
	}

	/**
	 * Columns of the row that has the composite key.
	 * @param table the table
	 * @param key the conditions that make up the key, at least one
	 * @param columns the columns, at least one
	 * @return the row, if there is one
	 * @throws IncorrectResultSizeDataAccessException if several rows have the key
	 */
	public Optional<Row> get(String table, Map<String, ?> key, List<String> columns) {
		return byKey(table, key).columns(notEmpty(columns, "get(table, key)")).optional();
	}

	/**
	 * The row that has the key, as a record, bean or scalar:
	 * {@code SELECT "id", "name" FROM "gizmos" WHERE "id" = ?} with the columns of the
	 * record, {@code SELECT *} for others.
	 * @param <T> the type
	 * @param table the table
	 * @param key the key
	 * @param type a record, a bean or a scalar type
	 * @return the row, if there is one
	 * @throws IncorrectResultSizeDataAccessException if several rows have the key
	 */
	public <T> Optional<T> get(String table, Object key, Class<T> type) {
		return byKey(table, key).optional(type);
	}

	/**
	 * The row that has the composite key, as a record, bean or scalar.
	 * @param table the table
	 * @param key the conditions that make up the key, at least one
	 * @param type a record, a bean or a scalar type
	 * @param <T> the type
	 * @return the row, if there is one
	 * @throws IncorrectResultSizeDataAccessException if several rows have the key
	 */
	public <T> Optional<T> get(String table, Map<String, ?> key, Class<T> type) {
		return byKey(table, key).optional(type);
	}

	/**
	 * The rows that meet the conditions:
	 * {@code SELECT * FROM "gizmos" WHERE "color" = ?}.
	 * @param table the table
	 * @param where a value or {@link Condition} for each column, at least one
	 * @return the rows
	 */
	public List<Row> select(String table, Map<String, ?> where) {
		return matching(table, where).list();
	}

	/**
	 * The rows that meet the conditions, as records, beans or scalars:
	 * {@code SELECT "id", "name" FROM "gizmos" WHERE "color" = ?} with the columns of the
	 * record, {@code SELECT *} for others.
	 * @param <T> the type
	 * @param table the table
	 * @param where a value or {@link Condition} for each column, at least one
	 * @param type a record, a bean or a scalar type
	 * @return the rows
	 */
	public <T> List<T> select(String table, Map<String, ?> where, Class<T> type) {
		return matching(table, where).list(type);
	}

	/**
	 * Begins a SELECT with columns, conditions, order and limit:
	 * {@code SELECT * FROM "gizmos"} and what is added to it.
	 * @param table the table
	 * @return the select, which sends nothing yet
	 */
	public Select select(String table) {
		return select(table, Where.all(table));
	}

	/**
	 * Adds a row: {@code INSERT INTO "gizmos" ("name", "color") VALUES (?, ?)}. A record
	 * or bean in which everything is null is refused, because it is what an event leaves
	 * that could not be read; see {@link #insertDefaults(String)}.
	 * @param table the table
	 * @param values a map, record or bean
	 * @return how many rows were added: 1, or 0 if a trigger or rule prevented it
	 */
	public int insert(String table, Object values) {
		return this.runner.update(insertion(table, values, null));
	}

	/**
	 * Adds a row and returns one of its columns:
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
	 * Adds a row and returns columns of it:
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
	 * Adds a row and returns it:
	 * {@code INSERT INTO "gizmos" ("name") VALUES (?) RETURNING "id", "name"} with the
	 * columns of the record, {@code RETURNING *} for a bean or {@link Row}.
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
	 * Adds a row in which every column has its default:
	 * {@code INSERT INTO "gizmos" DEFAULT VALUES}.
	 * @param table the table
	 * @return how many rows were added: 1, or 0 if a trigger or rule prevented it
	 */
	public int insertDefaults(String table) {
		return this.runner.update(StatementBuilder.insert(table, ColumnValues.defaults(table), null));
	}

	/**
	 * Adds a row in which every column has its default, and returns it:
	 * {@code INSERT INTO "gizmos" DEFAULT VALUES RETURNING "id", "name"} with the columns
	 * of the record, {@code RETURNING *} for a bean or {@link Row}.
	 * @param <T> the type
	 * @param table the table
	 * @param type a record or bean
	 * @return the row
	 * @throws EmptyResultDataAccessException if a trigger or rule prevented the insert
	 */
	public <T> T insertDefaults(String table, Class<T> type) {
		ResultMapping<T> mapping = rowMapping(type, "insert");
		return written(table, "insert", StatementBuilder.insert(table, ColumnValues.defaults(table), mapping.columns()),
				mapping);
	}

	/**
	 * Adds rows, all or none: those of {@link #insertAll(String, Stream)}.
	 * @param table the table
	 * @param rows maps, records or beans
	 * @return how many rows were added, less those that a trigger or rule prevented
	 */
	public long insertAll(String table, Collection<?> rows) {
		return rowsWriter(table, notNull(rows), null, null).write();
	}

	/**
	 * Adds rows, all or none, in the transaction that is open or in one of its own: many
	 * by {@code COPY "gizmos" ("name", "color") FROM STDIN}, few by
	 * {@code INSERT INTO "gizmos" ("name", "color") VALUES (?, ?), (?, ?)}. What is
	 * stored is what {@link #insert(String, Object)} would store row by row: rows are
	 * inserted where COPY would treat them otherwise, because of row-level security,
	 * rules, views, or values whose type is not that of their column.
	 * <p>
	 * Rows are all maps with the columns of the first one, or all of the class of the
	 * first one. What is null in a record or bean is left out of its row, so that the
	 * default applies.
	 * <p>
	 * The stream is read chunk by chunk, never as a whole, and closed. It may itself read
	 * from the database.
	 * @param table the table
	 * @param rows maps, records or beans
	 * @return how many rows were added, less those that a trigger or rule prevented
	 */
	public long insertAll(String table, Stream<?> rows) {
		try (Stream<?> closing = notNull(rows)) {
			return rowsWriter(table, closing, null, null).write();
		}
	}

	/**
	 * Adds rows, all or none, and returns one column of each:
	 * {@code INSERT INTO "gizmos" ("name") VALUES (?), (?) RETURNING "id"}. See
	 * {@link #insertAll(String, Collection, Class)}.
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
	 * Adds rows, all or none, and returns them as the database made them, in the order in
	 * which they were given:
	 * {@code INSERT INTO "gizmos" ("name") VALUES (?), (?) RETURNING "id", "name"} with
	 * the columns of the record, {@code RETURNING *} for a bean or {@link Row}. By as
	 * many INSERTs as it takes, as COPY returns nothing; the rows returned are held in
	 * memory.
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
	 * Adds a row unless there is one already that is in conflict with it:
	 * {@code INSERT INTO "events" ("id", "body") VALUES (?, ?) ON CONFLICT ("id") DO NOTHING}.
	 * An event that is handled twice is then written once.
	 * @param table the table
	 * @param values a map, record or bean
	 * @param keys the key columns, which have a primary key or unique constraint; none
	 * for any constraint of the table
	 * @return whether the row was added
	 */
	public boolean insertIfAbsent(String table, Object values, String... keys) {
		return this.runner.update(StatementBuilder.upsert(table, ColumnValues.forInsert(table, values, this.models),
				Conflict.ignored(Arrays.asList(keys)), null)) > 0;
	}

	/**
	 * Adds rows, all or none, but those with which another row is in conflict: those of
	 * {@link #insertAllIfAbsent(String, Stream, String...)}.
	 * @param table the table
	 * @param rows maps, records or beans
	 * @param keys the key columns; none for any constraint of the table
	 * @return how many rows were added
	 */
	public long insertAllIfAbsent(String table, Collection<?> rows, String... keys) {
		return rowsWriter(table, notNull(rows), Conflict.ignored(Arrays.asList(keys)), null).write();
	}

	/**
	 * Adds those rows that no other row is in conflict with, in the transaction that is
	 * open or in one of its own:
	 * {@code INSERT INTO "events" ("id") VALUES (?), (?) ON CONFLICT ("id") DO NOTHING},
	 * as many as it takes. Of rows in conflict with each other the first is added.
	 * @param table the table
	 * @param rows maps, records or beans; a stream is read chunk by chunk and closed
	 * @param keys the key columns, which have a primary key or unique constraint; none
	 * for any constraint of the table
	 * @return how many rows were added
	 */
	public long insertAllIfAbsent(String table, Stream<?> rows, String... keys) {
		try (Stream<?> closing = notNull(rows)) {
			return rowsWriter(table, closing, Conflict.ignored(Arrays.asList(keys)), null).write();
		}
	}

	/**
	 * Adds a row, or updates chosen columns of the one that it is in conflict with:
	 * {@code INSERT INTO "users" ("email", "name") VALUES (?, ?) ON CONFLICT ("email") WHERE "deleted_at" IS NULL DO UPDATE SET "name" = EXCLUDED."name"}.
	 * @param table the table
	 * @param values a map, record or bean
	 * @param conflict how the row is found, and what is updated
	 * @return how many rows were added or updated: 1, or 0 if a trigger prevented it
	 */
	public int upsert(String table, Object values, Conflict conflict) {
		return this.runner.update(upsertion(table, values, conflict, null));
	}

	/**
	 * Adds a row, or updates chosen columns of the one that it is in conflict with, and
	 * returns it as it is then.
	 * @param <T> the type
	 * @param table the table
	 * @param values a map, record or bean
	 * @param conflict how the row is found, and what is updated
	 * @param type a record or bean
	 * @return the row
	 * @throws EmptyResultDataAccessException if a trigger prevented the upsert
	 */
	public <T> T upsert(String table, Object values, Conflict conflict, Class<T> type) {
		ResultMapping<T> mapping = rowMapping(type, "upsert");
		return written(table, "upsert", upsertion(table, values, conflict, mapping.columns()), mapping);
	}

	/**
	 * Adds a row, or updates the one that has its key:
	 * {@code INSERT INTO "gizmos" ("id", "name") VALUES (?, ?) ON CONFLICT ("id") DO UPDATE SET "name" = EXCLUDED."name"}.
	 * What is null in a record or bean is left out: a new row takes on the default, an
	 * existing one keeps what it has.
	 * @param table the table
	 * @param values a map, record or bean
	 * @param key the key column, which has a primary key or unique constraint and a value
	 * @return how many rows were added or updated: 1, or 0 if a trigger prevented it
	 */
	public int upsert(String table, Object values, String key) {
		return upsert(table, values, Collections.singletonList(key));
	}

	/**
	 * Adds a row, or updates the one that has its key:
	 * {@code INSERT INTO "gizmos" ("shop", "no", "name") VALUES (?, ?, ?) ON CONFLICT ("shop", "no") DO UPDATE SET "name" = EXCLUDED."name"}.
	 * What is null in a record or bean is left out: a new row takes on the default, an
	 * existing one keeps what it has.
	 * @param table the table
	 * @param values a map, record or bean
	 * @param keys the key columns, which have a primary key or unique constraint and a
	 * value
	 * @return how many rows were added or updated: 1, or 0 if a trigger prevented it
	 */
	public int upsert(String table, Object values, List<String> keys) {
		return upsert(table, values, Conflict.on(keys));
	}

	/**
	 * Adds a row, or updates the one that has its key, and returns it as it is then:
	 * {@code INSERT INTO ... ON CONFLICT ("id") DO UPDATE SET ... RETURNING "id", "name"}
	 * with the columns of the record, {@code RETURNING *} for a bean or {@link Row}.
	 * @param <T> the type
	 * @param table the table
	 * @param values a map, record or bean
	 * @param key the key column
	 * @param type a record or bean
	 * @return the row
	 * @throws EmptyResultDataAccessException if a trigger prevented the upsert
	 */
	public <T> T upsert(String table, Object values, String key, Class<T> type) {
		return upsert(table, values, Collections.singletonList(key), type);
	}

	/**
	 * Adds a row, or updates the one that has its key, and returns it as it is then:
	 * {@code INSERT INTO ... ON CONFLICT ("id") DO UPDATE SET ... RETURNING "id", "name"}
	 * with the columns of the record, {@code RETURNING *} for a bean or {@link Row}.
	 * @param <T> the type
	 * @param table the table
	 * @param values a map, record or bean
	 * @param keys the key columns
	 * @param type a record or bean
	 * @return the row
	 * @throws EmptyResultDataAccessException if a trigger prevented the upsert
	 */
	public <T> T upsert(String table, Object values, List<String> keys, Class<T> type) {
		return upsert(table, values, Conflict.on(keys), type);
	}

	/**
	 * Adds or updates rows, all or none: those of
	 * {@link #upsertAll(String, Stream, List)}.
	 * @param table the table
	 * @param rows maps, records or beans
	 * @param key the key column
	 * @return how many rows were added or updated
	 */
	public long upsertAll(String table, Collection<?> rows, String key) {
		return upsertAll(table, rows, Collections.singletonList(key));
	}

	/**
	 * Adds or updates rows, all or none: those of
	 * {@link #upsertAll(String, Stream, List)}.
	 * @param table the table
	 * @param rows maps, records or beans
	 * @param keys the key columns
	 * @return how many rows were added or updated
	 */
	public long upsertAll(String table, Collection<?> rows, List<String> keys) {
		return upsertAll(table, rows, Conflict.on(keys));
	}

	/**
	 * Adds rows, or updates chosen columns of those that they are in conflict with, all
	 * or none: those of {@link #upsertAll(String, Stream, List)}.
	 * @param table the table
	 * @param rows maps, records or beans
	 * @param conflict how rows are found, and what is updated
	 * @return how many rows were added or updated
	 */
	public long upsertAll(String table, Collection<?> rows, Conflict conflict) {
		return rowsWriter(table, notNull(rows), conflict, null).write();
	}

	/**
	 * Adds or updates rows, all or none, and returns them as they are then, in the order
	 * in which they were given. The rows returned are held in memory.
	 * @param <T> the type
	 * @param table the table
	 * @param rows maps, records or beans
	 * @param conflict how rows are found, and what is updated
	 * @param type a record or bean
	 * @return the rows, without those that a trigger prevented
	 */
	public <T> List<T> upsertAll(String table, Collection<?> rows, Conflict conflict, Class<T> type) {
		return rowsWriter(table, notNull(rows), conflict, RowsWriter.Returned.of(rowMapping(type, "upsertAll")))
			.writeReturning();
	}

	/**
	 * Adds or updates rows, all or none: those of
	 * {@link #upsertAll(String, Stream, List)}.
	 * @param table the table
	 * @param rows maps, records or beans
	 * @param key the key column
	 * @return how many rows were added or updated
	 */
	public long upsertAll(String table, Stream<?> rows, String key) {
		return upsertAll(table, rows, Collections.singletonList(key));
	}

	/**
	 * Adds or updates rows, all or none, in the transaction that is open or in one of its
	 * own: {@code INSERT INTO "gizmos" ("id", "name") VALUES (?, ?), (?, ?) ON CONFLICT
	 * ("id") DO UPDATE SET "name" = EXCLUDED."name"}, as many as it takes. The outcome is
	 * that of {@link #upsert(String, Object, List)} row by row: what is null in a record
	 * or bean is left out of its row. Two rows with the same key are refused, unless they
	 * are too far apart in a stream to be known at once; then the last one stays.
	 * <p>
	 * Rows are all maps with the columns of the first one, or all of the class of the
	 * first one. The stream is read chunk by chunk, never as a whole, and closed.
	 * @param table the table
	 * @param rows maps, records or beans
	 * @param keys the key columns, which have a primary key or unique constraint and, in
	 * every row, a value
	 * @return how many rows were added or updated
	 */
	public long upsertAll(String table, Stream<?> rows, List<String> keys) {
		try (Stream<?> closing = notNull(rows)) {
			return rowsWriter(table, closing, Conflict.on(keys), null).write();
		}
	}

	/**
	 * Changes the rows that have the key:
	 * {@code UPDATE "gizmos" SET "name" = ? WHERE "id" = ?}. Every value is set, also
	 * that of the key's column, unless it is the key's own value, so that a row that was
	 * read can be written back as it is.
	 * @param table the table
	 * @param key the key
	 * @param values a map, record or bean
	 * @return how many rows were changed
	 */
	public int update(String table, Object key, Object values) {
		return update(table, Where.key(table, key), values);
	}

	/**
	 * Changes the rows that have the composite key:
	 * {@code UPDATE "stock" SET "count" = ? WHERE "shop" = ? AND "gizmo" = ?}. Every
	 * value is set, also that of a column in the key, unless it is the key's own plain
	 * value. That makes a comparison and a change one statement: <pre class="code">{@code
	 * // UPDATE "docs" SET "text" = ?, "version" = ? WHERE "id" = ? AND "version" = ?
	 * int updated = soong.update("docs", Map.of("id", 1, "version", 3), Map.of("text", text, "version", 4));
	 * }</pre> It returns 0 where another has changed the row in the meantime.
	 * @param table the table
	 * @param key the conditions that make up the key, at least one
	 * @param values a map, record or bean
	 * @return how many rows were changed
	 */
	public int update(String table, Map<String, ?> key, Object values) {
		return update(table, Where.compositeKey(table, key), values);
	}

	/**
	 * Changes the rows that have the key, and returns them as they are then:
	 * {@code UPDATE "jobs" SET "worker" = ? WHERE "id" = ? RETURNING "id", "worker"} with
	 * the columns of the record, {@code RETURNING *} for a bean or {@link Row}.
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
	 * Changes the rows that have the composite key, and returns them as they are then. A
	 * claim of a job, for example, which only one of several functions gets:
	 * <pre class="code">{@code
	 * // UPDATE "jobs" SET "status" = ? WHERE "id" = ? AND "status" = ? RETURNING "id", "status"
	 * soong.update("jobs", Map.of("id", 1, "status", "new"), Map.of("status", "taken"), Job.class);
	 * }</pre>
	 * @param <T> the type
	 * @param table the table
	 * @param key the conditions that make up the key, at least one
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
		return StatementBuilder.update(table, where, ColumnValues.forUpdate(table, values, this.models, where),
				returning);
	}

	/**
	 * Deletes the rows that have the key: {@code DELETE FROM "gizmos" WHERE "id" = ?}.
	 * @param table the table
	 * @param key the key
	 * @return how many rows were deleted
	 */
	public int delete(String table, Object key) {
		return delete(table, Where.key(table, key));
	}

	/**
	 * Deletes the rows that have the composite key:
	 * {@code DELETE FROM "stock" WHERE "shop" = ? AND "gizmo" = ?}.
	 * @param table the table
	 * @param key the conditions that make up the key, at least one
	 * @return how many rows were deleted
	 */
	public int delete(String table, Map<String, ?> key) {
		return delete(table, Where.compositeKey(table, key));
	}

	/**
	 * Deletes the rows that have the key, and returns what they were:
	 * {@code DELETE FROM "gizmos" WHERE "id" = ? RETURNING "id", "name"} with the columns
	 * of the record, {@code RETURNING *} for a bean or {@link Row}.
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
	 * Deletes the rows that have the composite key, and returns what they were.
	 * @param <T> the type
	 * @param table the table
	 * @param key the conditions that make up the key, at least one
	 * @param type a record or bean
	 * @return the rows, in no order
	 */
	public <T> List<T> delete(String table, Map<String, ?> key, Class<T> type) {
		return delete(table, Where.compositeKey(table, key), type);
	}

	private int delete(String table, Where where) {
		return this.runner.update(StatementBuilder.delete(table, where, null));
	}

	private <T> List<T> delete(String table, Where where, Class<T> type) {
		ResultMapping<T> mapping = rowMapping(type, "delete");
		return this.runner.query(StatementBuilder.delete(table, where, mapping.columns()), mapping,
				StatementRunner.ALL);
	}

	/**
	 * The rows of any SELECT, or of INSERT, UPDATE or DELETE with RETURNING. A question
	 * mark that is part of an operator is written twice ({@code data ?? 'key'}).
	 * @param sql the SQL, with {@code ?} or {@code :name} for values
	 * @param args a value for each {@code ?}; or one map with a value for each
	 * {@code :name}
	 * @return the rows
	 */
	public List<Row> query(String sql, @Nullable Object... args) {
		return query(Row.class, sql, args);
	}

	/**
	 * The rows of any SELECT, or of INSERT, UPDATE or DELETE with RETURNING, as records,
	 * beans or scalars.
	 * @param <T> the type
	 * @param type a record, a bean or a scalar type
	 * @param sql the SQL, with {@code ?} or {@code :name} for values
	 * @param args a value for each {@code ?}; or one map with a value for each
	 * {@code :name}
	 * @return the rows; of scalars a NULL is null
	 */
	public <T> List<T> query(Class<T> type, String sql, @Nullable Object... args) {
		return this.runner.query(this.plainSql.of(sql, args), this.mappings.of(type), StatementRunner.ALL);
	}

	/**
	 * The one row of any SELECT, or of INSERT, UPDATE or DELETE with RETURNING, if there
	 * is one.
	 * @param sql the SQL, with {@code ?} or {@code :name} for values
	 * @param args a value for each {@code ?}; or one map with a value for each
	 * {@code :name}
	 * @return the row
	 * @throws IncorrectResultSizeDataAccessException if there are several
	 */
	public Optional<Row> queryOne(String sql, @Nullable Object... args) {
		return queryOne(Row.class, sql, args);
	}

	/**
	 * The one row of any SELECT, or of INSERT, UPDATE or DELETE with RETURNING, if there
	 * is one, as a record, bean or scalar.
	 * @param <T> the type
	 * @param type a record, a bean or a scalar type
	 * @param sql the SQL, with {@code ?} or {@code :name} for values
	 * @param args a value for each {@code ?}; or one map with a value for each
	 * {@code :name}
	 * @return the row; empty also for a scalar that is NULL
	 * @throws IncorrectResultSizeDataAccessException if there are several
	 */
	public <T> Optional<T> queryOne(Class<T> type, String sql, @Nullable Object... args) {
		// Not cut off at two rows, as a statement with RETURNING would be
		List<T> rows = query(type, sql, args);
		if (rows.size() > 1) {
			throw new IncorrectResultSizeDataAccessException("The SQL returned " + rows.size()
					+ " rows where one was expected; use query(...), or add a condition", 1, rows.size());
		}
		return rows.isEmpty() ? Optional.empty() : Optional.ofNullable(rows.get(0));
	}

	/**
	 * The rows of any SELECT, or of INSERT, UPDATE or DELETE with RETURNING, as a mapper
	 * makes them.
	 * @param <T> what the mapper makes
	 * @param mapper reads a row
	 * @param sql the SQL, with {@code ?} or {@code :name} for values
	 * @param args a value for each {@code ?}; or one map with a value for each
	 * {@code :name}
	 * @return the rows
	 */
	public <T extends @Nullable Object> List<T> query(RowMapper<T> mapper, String sql, @Nullable Object... args) {
		return this.runner.query(this.plainSql.of(sql, args), mapper);
	}

	/**
	 * The rows of any SELECT as records, beans or scalars, fetched some at a time, so
	 * that any number of them takes little memory. To be closed: <pre class="code">{@code
	 * try (Stream<Gizmo> gizmos = soong.stream(Gizmo.class, "SELECT * FROM gizmos WHERE price < ?", 3)) {
	 * 	gizmos.forEach(this::export);
	 * }
	 * }</pre>
	 * <p>
	 * Inside a transaction it reads in that. Outside it holds a connection, and a
	 * read-only transaction on it, until it is closed or its last row was read; other
	 * calls of the thread that opened it find no connection meanwhile, unless there are
	 * several ({@code soong.connection.max}).
	 * @param <T> the type
	 * @param type a record, a bean or a scalar type
	 * @param sql the SQL, with {@code ?} or {@code :name} for values
	 * @param args a value for each {@code ?}; or one map with a value for each
	 * {@code :name}
	 * @return the rows; of scalars a NULL is null
	 */
	public <T> Stream<T> stream(Class<T> type, String sql, @Nullable Object... args) {
		return this.runner.stream(this.plainSql.of(sql, args), this.mappings.of(type));
	}

	/**
	 * Runs any statement.
	 * @param sql the SQL, with {@code ?} or {@code :name} for values
	 * @param args a value for each {@code ?}; or one map with a value for each
	 * {@code :name}
	 * @return how many rows were affected or, by a statement that returns rows, returned;
	 * 0 for DDL
	 */
	public int execute(String sql, @Nullable Object... args) {
		return this.runner.execute(this.plainSql.of(sql, args));
	}

	/**
	 * Does work in a transaction: the one that is open, or a new one. It is rolled back
	 * on anything thrown, else committed.
	 * @param <T> the type of the result
	 * @param work the work
	 * @return its result
	 */
	public <T extends @Nullable Object> T inTransaction(Supplier<T> work) {
		return inTransaction(TransactionDefinition.PROPAGATION_REQUIRED, work);
	}

	/**
	 * Does work in a nested transaction: a savepoint of the one that is open, or a new
	 * one. On anything thrown only the work is undone, so that the caller may catch it
	 * and go on in the outer transaction: <pre class="code">{@code
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
	 * @return its result
	 * @throws TransactionException if the transaction manager has no savepoints, as that
	 * of JPA by default
	 */
	public <T extends @Nullable Object> T inNestedTransaction(Supplier<T> work) {
		return inTransaction(TransactionDefinition.PROPAGATION_NESTED, work);
	}

	/**
	 * Does work in a nested transaction, as {@link #inNestedTransaction(Supplier)} does.
	 * @param work the work
	 */
	public void inNestedTransaction(Runnable work) {
		this.<@Nullable Object>inNestedTransaction(() -> {
			work.run();
			return null;
		});
	}

	/**
	 * Does work in a new transaction, and again in another one if the server rolled it
	 * back because of other transactions: on a serialization failure (SQLState
	 * {@code 40001}) or a deadlock ({@code 40P01}), at most four times more, after a
	 * random pause of up to 20, 40, 80 and 160 ms. Never after a commit of unknown
	 * outcome. What the work does beside the database is done again, too.
	 * @param <T> the type of the result
	 * @param work the work
	 * @return its result
	 * @throws IllegalStateException if a transaction is open, which would have to be
	 * repeated as a whole
	 */
	public <T extends @Nullable Object> T inTransactionWithRetry(Supplier<T> work) {
		if (this.runner.isInTransaction()) {
			throw new IllegalStateException("A transaction is open, and only the whole of it could be repeated; call "
					+ "inTransactionWithRetry(...) where the transaction begins");
		}
		return new Repetition().of(() -> inTransaction(work));
	}

	/**
	 * Does work in a new transaction, and again in another one if the server rolled it
	 * back because of other transactions, as {@link #inTransactionWithRetry(Supplier)}
	 * does.
	 * @param work the work
	 */
	public void inTransactionWithRetry(Runnable work) {
		this.<@Nullable Object>inTransactionWithRetry(() -> {
			work.run();
			return null;
		});
	}

	/**
	 * Sets a parameter of the session until the transaction ends, such as the tenant that
	 * the policies of row-level security read by {@code current_setting}. A commit or
	 * rollback takes it back, so that no other transaction, invocation or, behind RDS
	 * Proxy, client finds it. RDS Proxy pins the session for the parameter's sake. <pre>
	 * SELECT set_config(?, ?, true)
	 * </pre>
	 * @param name the parameter, such as {@code app.tenant}
	 * @param value its value, never null
	 * @throws IllegalArgumentException if the name is none, or the value is null
	 * @throws IllegalStateException if no transaction is open, as the parameter would be
	 * gone before the next statement
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
				worked.set(true);
				return result;
			});
		}
		catch (CannotCreateTransactionException ex) {
			throw this.runner.withReason(ex);
		}
		catch (DataAccessException | TransactionException ex) {
			// What the work itself throws is left alone
			throw worked.get() ? withoutValues(ex) : ex;
		}
	}

	/**
	 * Does work in a transaction: the one that is open, or a new one. It is rolled back
	 * on anything thrown, else committed.
	 * @param work the work
	 */
	public void inTransaction(Runnable work) {
		this.<@Nullable Object>inTransaction(() -> {
			work.run();
			return null;
		});
	}

	/**
	 * Spring's JdbcClient, for everything else, on the same connection and transaction.
	 * Its errors keep the server's own text.
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

	private Select byKey(String table, Object key) {
		return select(table, Where.key(table, key));
	}

	private Select byKey(String table, Map<String, ?> key) {
		return select(table, Where.compositeKey(table, key));
	}

	private Select matching(String table, Map<String, ?> where) {
		return select(table, Where.of(table, where, WHERE_HINT));
	}

	private Select select(String table, Where where) {
		return new Select(Selection.of(table, where), this.runner, this.mappings, this.models);
	}

	private StatementText insertion(String table, Object values, Identifier.@Nullable Columns returning) {
		return StatementBuilder.insert(table, ColumnValues.forInsert(table, values, this.models), returning);
	}

	// Refused before anything is written
	private <T> ResultMapping<T> rowMapping(Class<T> type, String call) {
		ResultMapping<T> mapping = this.mappings.of(type);
		if (mapping instanceof ResultMappings.Scalars) {
			throw new IllegalArgumentException(type.getSimpleName() + " is made of one column; "
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
		return StatementBuilder.upsert(table, upsert, conflict, returning);
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
					+ "\" was done, but the column it returned is NULL; insert(table, values, List.of(column)) shows it",
					1);
		}
		return row;
	}

	// A constraint that is deferred is violated by the commit
	private RuntimeException withoutValues(RuntimeException ex) {
		if (this.valuesInErrors) {
			return ex;
		}
		for (Throwable cause = ex; cause != null; cause = cause.getCause()) {
			if (cause instanceof SQLException original && DataErrors.mayHoldValues(original)) {
				SQLException withoutValues = DataErrors.withoutValues(original);
				DataAccessException translated = this.jdbcTemplate.getExceptionTranslator()
					.translate("Commit", null, withoutValues);
				return (translated != null) ? translated : ex;
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
