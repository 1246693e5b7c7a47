package io.soong.sql;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.StringJoiner;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.soong.sql.DifferentialValues.Kind;
import io.soong.sql.DifferentialValues.Value;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Random calls on a random table, each beside SQL written by hand with a cast around
 * every value. The answers, and the contents of the two tables, must be the same after
 * each. {@code -Dsoong.differential.steps} makes it longer, and
 * {@code -Dsoong.differential.seed} repeats a run.
 */
@NullUnmarked
class DifferentialIntegrationTests {

	private static final int STEPS = Integer.getInteger("soong.differential.steps", 1000);

	private static final long SEED = Long.getLong("soong.differential.seed", System.nanoTime());

	private static final int STEPS_OF_A_TABLE = 30;

	// The rows of a table; ids beside them are free
	private static final int IDS = 300;

	private static final String FAILS = "fails";

	private static SingleConnectionDataSource dataSource;

	private static JdbcTemplate jdbc;

	private static SoongTemplate soong;

	private final Random random = new Random(SEED);

	// The columns of the table beside "id"
	private final Map<String, Kind> columns = new LinkedHashMap<>();

	// Values of the columns that have been used, so that conditions find something
	private final Map<String, List<Value>> used = new LinkedHashMap<>();

	// Whether the table is new and no call has failed since
	private boolean renewed;

	@BeforeAll
	static void connect() {
		dataSource = PostgresServer.connect("differential");
		jdbc = new JdbcTemplate(dataSource);
		soong = new SoongTemplate(jdbc);
		jdbc.execute(DifferentialValues.TYPES);
	}

	@AfterAll
	static void close() {
		dataSource.destroy();
	}

	@Test
	void callsWhenRandomDoWhatSqlWrittenByHandDoes() {
		System.out.println("-Dsoong.differential.seed=" + SEED);
		int succeeded = 0;
		for (int i = 0; i < STEPS; i++) {
			if (i % STEPS_OF_A_TABLE == 0) {
				createTables();
			}
			Step step = step();
			String name = "seed " + SEED + ", step " + i + " on a table of " + this.columns + ": " + step.name();
			Object plain = outcome(step.plain());
			Object outcome = outcome(step.soong());
			if (this.renewed && outcome.equals(FAILS) && !plain.equals(FAILS)) {
				// What was known of the table's namesake; one error, and right from then
				// on
				this.renewed = false;
				outcome = outcome(step.soong());
			}
			assertThat(outcome).as(name).isEqualTo(plain);
			assertThat(differences()).as(name).isEmpty();
			succeeded += plain.equals(FAILS) ? 0 : 1;
		}
		assertThat(succeeded).as("steps that do not fail, seed " + SEED).isGreaterThan(STEPS / 2);
	}

	private void createTables() {
		this.renewed = true;
		this.columns.clear();
		this.used.clear();
		int count = 1 + this.random.nextInt(6);
		for (int i = 0; i < count; i++) {
			this.columns.put("c" + i, pick(Kind.ALL));
		}
		StringBuilder definition = new StringBuilder("(id int PRIMARY KEY");
		this.columns.forEach((column, kind) -> definition.append(", " + column + " " + kind.type()));
		jdbc.execute("DROP TABLE IF EXISTS soong, plain");
		for (String table : List.of("soong", "plain")) {
			jdbc.execute("CREATE TABLE " + table + " " + definition + ")");
		}
	}

	private static Object outcome(Supplier<Object> call) {
		try {
			return call.get();
		}
		catch (DataAccessException ex) {
			return FAILS;
		}
		catch (RuntimeException ex) {
			return ex.toString();
		}
	}

	/** Rows that only one of the tables has. */
	private static List<String> differences() {
		return jdbc.queryForList(
				"""
						SELECT concat(s.t, ' instead of ', p.t)
						FROM (SELECT id, t::text AS t FROM soong t) s FULL JOIN (SELECT id, t::text AS t FROM plain t) p USING (id)
						WHERE s.t IS DISTINCT FROM p.t LIMIT 3""",
				String.class);
	}

	private Step step() {
		return switch (this.random.nextInt(18)) {
			case 0 -> insert();
			case 1, 2 -> insertAll(1 + this.random.nextInt(20));
			case 3 -> insertAll(RowsWriter.FEW_VALUES / 2 + 1 + this.random.nextInt(20));
			case 4 -> upsert();
			case 5 -> upsertAll();
			case 6 -> update();
			case 7 -> compareAndSet();
			case 8 -> delete();
			case 9, 10, 11 -> select();
			case 12 -> count();
			case 13, 14 -> sqlIn();
			case 15 -> sqlOptional();
			case 16 -> sqlUpdate();
			default -> this.random.nextBoolean() ? rolledBack() : writtenBack();
		};
	}

	private Step insert() {
		Map<String, Value> row = row(columns());
		return new Step("insert " + row, () -> soong.insert("soong", java(row)), () -> plainInsert(List.of(row), ""));
	}

	private Step insertAll(int size) {
		List<Map<String, Value>> rows = rows(size, this.random.nextInt(10) > 0);
		return new Step("insertAll " + rows, () -> (int) soong.insertAll("soong", rows.stream().map(this::java)),
				() -> plainInsert(rows, ""));
	}

	private Step upsert() {
		Map<String, Value> row = row(columns());
		return new Step("upsert " + row, () -> soong.upsert("soong", java(row), "id"),
				() -> plainInsert(List.of(row), conflict(row)));
	}

	private Step upsertAll() {
		List<Map<String, Value>> rows = rows(1 + this.random.nextInt(150), true);
		return new Step("upsertAll " + rows,
				() -> (int) soong.upsertAll("soong", rows.stream().map(this::java).toList(), "id"),
				() -> plainInsert(rows, conflict(rows.get(0))));
	}

	private Step update() {
		Map<String, Value> values = values(someColumns());
		Conditions where = conditions();
		where.all.keySet().removeAll(values.keySet());
		where.add("id", atMost(id()));
		return new Step("update " + values + where, () -> soong.update("soong", where.java(), java(values)),
				() -> plainUpdate(values, where));
	}

	/** What is set is also asked for. */
	private Step compareAndSet() {
		String column = pick(comparable());
		if (column == null) {
			return update();
		}
		Value before = value(column, false);
		Map<String, Value> values = values(someColumns());
		Value after = value(column, true);
		// What the key says already is not set
		values.put(column, before.isEqual(after) ? this.columns.get(column).ofNull() : after);
		Conditions where = new Conditions();
		where.add("id", atMost(id()));
		where.add(column, equal(column, before));
		return new Step("compare and set " + values + where, () -> soong.update("soong", where.java(), java(values)),
				() -> plainUpdate(values, where));
	}

	private Step delete() {
		Conditions where = conditions();
		return new Step("delete" + where, () -> soong.delete("soong", where.java()), () -> {
			List<Object> parameters = new ArrayList<>();
			String sql = "DELETE FROM plain WHERE " + where.sql(parameters);
			return jdbc.update(sql, parameters.toArray());
		});
	}

	private Step select() {
		Conditions where = conditions();
		String order = pick(comparable());
		boolean descending = this.random.nextBoolean();
		int limit = 1 + this.random.nextInt(20);
		int offset = this.random.nextInt(3);
		return new Step("select" + where + " order by " + order + " " + descending + " " + limit + " " + offset, () -> {
			Select select = soong.select("soong").columns("id");
			for (Map.Entry<String, Object> condition : where.java().entrySet()) {
				select = select.where(condition.getKey(), condition.getValue());
			}
			if (order != null) {
				select = select.orderBy(descending ? Order.desc(order) : Order.asc(order), Order.asc("id"));
			}
			else {
				select = select.orderBy(Order.asc("id"));
			}
			return select.limit(limit).offset(offset).list(Integer.class);
		}, () -> {
			List<Object> parameters = new ArrayList<>();
			String sql = "SELECT id FROM plain WHERE " + where.sql(parameters) + " ORDER BY "
					+ ((order != null) ? order + (descending ? " DESC, " : ", ") : "") + "id LIMIT " + limit
					+ " OFFSET " + offset;
			return jdbc.queryForList(sql, Integer.class, parameters.toArray());
		});
	}

	private Step count() {
		Conditions where = conditions();
		return new Step("count" + where, () -> {
			Select select = soong.select("soong");
			for (Map.Entry<String, Object> condition : where.java().entrySet()) {
				select = select.where(condition.getKey(), condition.getValue());
			}
			return select.count();
		}, () -> {
			List<Object> parameters = new ArrayList<>();
			String sql = "SELECT count(*) FROM plain WHERE " + where.sql(parameters);
			return jdbc.queryForObject(sql, Long.class, parameters.toArray());
		});
	}

	/** {@code IN} and {@code NOT IN} of the caller's SQL, which take lists. */
	private Step sqlIn() {
		String column = pick(single());
		if (column == null) {
			return select();
		}
		boolean not = this.random.nextBoolean();
		boolean named = this.random.nextBoolean();
		List<Value> values = list(column);
		List<Object> list = values.stream().map(Value::java).collect(Collectors.toList());
		String condition = column + (not ? " NOT" : "") + " IN (";
		return new Step(condition + values + ")", () -> {
			String sql = "SELECT id FROM soong WHERE " + condition;
			return named ? soong.query(Integer.class, sql + ":list) ORDER BY id", Map.of("list", list))
					: soong.query(Integer.class, sql + "?) ORDER BY id", list);
		}, () -> {
			List<Object> parameters = new ArrayList<>();
			String sql = "SELECT id FROM plain WHERE " + in(column, values, not, parameters) + " ORDER BY id";
			return jdbc.queryForList(sql, Integer.class, parameters.toArray());
		});
	}

	/** A condition that is left out where a value is null. */
	private Step sqlOptional() {
		String column = pick(comparable());
		if (column == null) {
			return select();
		}
		Value value = value(column, true);
		return new Step("optional " + column + " = " + value,
				() -> soong.query(Integer.class,
						"SELECT id FROM soong WHERE (:v IS NULL OR " + column + " = :v) ORDER BY id",
						Collections.singletonMap("v", argument(column, value))),
				() -> {
					List<Object> parameters = new ArrayList<>();
					String sql = "SELECT id FROM plain WHERE "
							+ ((value.java() != null) ? column + " = " + value.sql(parameters) : "true")
							+ " ORDER BY id";
					return jdbc.queryForList(sql, Integer.class, parameters.toArray());
				});
	}

	private Step sqlUpdate() {
		Map<String, Value> values = values(someColumns());
		int id = id();
		Conditions where = new Conditions();
		where.add("id", atMost(id));
		boolean named = this.random.nextBoolean();
		return new Step("sql update " + values + where, () -> {
			StringJoiner assignments = new StringJoiner(", ");
			Map<String, Object> arguments = new LinkedHashMap<>();
			values.forEach((column, value) -> {
				assignments.add(column + " = " + (named ? ":" + column : "?"));
				arguments.put(column, argument(column, value));
			});
			arguments.put("id", id);
			String sql = "UPDATE soong SET " + assignments + " WHERE id <= ";
			return named ? soong.execute(sql + ":id", arguments)
					: soong.execute(sql + "?", arguments.values().toArray());
		}, () -> plainUpdate(values, where));
	}

	/** What is undone leaves nothing. */
	private Step rolledBack() {
		Step step = Stream.<Supplier<Step>>of(this::insert, this::upsertAll, this::update, this::delete)
			.skip(this.random.nextInt(4))
			.findFirst()
			.orElseThrow()
			.get();
		return new Step("rolled back " + step.name(), () -> {
			try {
				soong.inTransaction(() -> {
					outcome(step.soong());
					throw new IllegalStateException("undo");
				});
			}
			catch (IllegalStateException ex) {
				assertThat(ex).hasMessage("undo");
			}
			return "undone";
		}, () -> "undone");
	}

	/** Rows that are read and written back stay what they are. */
	private Step writtenBack() {
		int id = id();
		return new Step("written back", () -> {
			List<Row> rows = soong.select("soong", Map.of("id", Condition.atMost(id)));
			rows.forEach((row) -> soong.update("soong", row.get("id"), row));
			soong.upsertAll("soong", rows, "id");
			soong.delete("soong", Map.of("id", Condition.atMost(id)));
			return (int) soong.insertAll("soong", rows);
		}, () -> jdbc.queryForObject("SELECT count(*) FROM plain WHERE id <= ?", Integer.class, id));
	}

	private int plainInsert(List<Map<String, Value>> rows, String conflict) {
		List<Object> parameters = new ArrayList<>();
		String sql = rows.stream()
			.map((row) -> row.values().stream().map((value) -> value.sql(parameters)).collect(Collectors.joining(", ")))
			.collect(Collectors.joining("), ("));
		return jdbc.update(
				"INSERT INTO plain (" + String.join(", ", rows.get(0).keySet()) + ") VALUES (" + sql + ")" + conflict,
				parameters.toArray());
	}

	private static String conflict(Map<String, Value> row) {
		String assignments = row.keySet()
			.stream()
			.map((column) -> column + " = EXCLUDED." + column)
			.collect(Collectors.joining(", "));
		return " ON CONFLICT (id) DO UPDATE SET " + assignments;
	}

	private int plainUpdate(Map<String, Value> values, Conditions where) {
		List<Object> parameters = new ArrayList<>();
		String assignments = values.entrySet()
			.stream()
			.map((entry) -> entry.getKey() + " = " + entry.getValue().sql(parameters))
			.collect(Collectors.joining(", "));
		String sql = "UPDATE plain SET " + assignments + " WHERE " + where.sql(parameters);
		return jdbc.update(sql, parameters.toArray());
	}

	private Conditions conditions() {
		Conditions conditions = new Conditions();
		if (this.random.nextBoolean()) {
			conditions.add("id", atMost(id()));
		}
		for (String column : comparable()) {
			if (this.random.nextInt(3) == 0) {
				conditions.add(column, condition(column));
			}
		}
		if (conditions.all.isEmpty()) {
			int id = id();
			conditions.add("id", new Restriction(id, (parameters) -> "id = " + id));
		}
		return conditions;
	}

	private Restriction condition(String column) {
		Kind kind = this.columns.get(column);
		int choice = this.random.nextInt(kind.isSingle() ? 12 : 4);
		Value value = value(column, false);
		switch (choice) {
			case 0:
				return new Restriction(Condition.isNull(), (parameters) -> column + " IS NULL");
			case 1:
				return new Restriction(Condition.isNotNull(), (parameters) -> column + " IS NOT NULL");
			case 2:
				return equal(column, value);
			case 3:
				return kind.isArray() ? overlapping(column) : equal(column, value);
			case 4, 5, 6, 7:
				return compared(column, value, choice);
			case 8:
				Value high = value(column, false);
				return new Restriction(Condition.between(value.java(), high.java()),
						(parameters) -> column + " BETWEEN " + value.sql(parameters) + " AND " + high.sql(parameters));
			default:
				List<Value> values = list(column);
				List<Object> list = values.stream().map(Value::java).toList();
				boolean not = this.random.nextBoolean();
				return new Restriction(not ? Condition.notIn(list) : Condition.in(list),
						(parameters) -> in(column, values, not, parameters));
		}
	}

	private Restriction compared(String column, Value value, int choice) {
		List<String> operators = List.of("<", "<=", ">", ">=", "<>");
		String operator = operators.get((choice == 7) ? 4 : this.random.nextInt(4));
		Object java = value.java();
		Condition condition = switch (operator) {
			case "<" -> Condition.lessThan(java);
			case "<=" -> Condition.atMost(java);
			case ">" -> Condition.greaterThan(java);
			case ">=" -> Condition.atLeast(java);
			default -> Condition.ne(java);
		};
		return new Restriction(condition, (parameters) -> column + " " + operator + " " + value.sql(parameters));
	}

	private Restriction overlapping(String column) {
		Value value = value(column, false);
		boolean overlaps = this.random.nextBoolean();
		return new Restriction(overlaps ? Condition.overlaps(value.java()) : Condition.containedBy(value.java()),
				(parameters) -> column + (overlaps ? " && " : " <@ ") + value.sql(parameters));
	}

	private Restriction equal(String column, Value value) {
		boolean plain = this.columns.get(column).isSingle() && this.random.nextBoolean();
		return new Restriction(plain ? value.java() : Condition.eq(value.java()),
				(parameters) -> column + " = " + value.sql(parameters));
	}

	private static Restriction atMost(int id) {
		return new Restriction(Condition.atMost(id), (parameters) -> "id <= " + id);
	}

	private static String in(String column, List<Value> values, boolean not, List<Object> parameters) {
		if (values.isEmpty()) {
			return not ? "true" : "false";
		}
		return values.stream()
			.map((value) -> value.sql(parameters))
			.collect(Collectors.joining(", ", column + (not ? " NOT" : "") + " IN (", ")"));
	}

	private List<Map<String, Value>> rows(int size, boolean distinct) {
		List<String> columns = columns();
		TreeSet<Integer> ids = new TreeSet<>();
		while (ids.size() < size) {
			ids.add(this.random.nextInt(Math.max(IDS, 2 * size)));
		}
		List<Integer> all = new ArrayList<>(ids);
		if (!distinct) {
			all.set(0, all.get(all.size() - 1));
		}
		List<Map<String, Value>> rows = new ArrayList<>();
		all.forEach((id) -> {
			Map<String, Value> row = row(columns);
			row.put("id", DifferentialValues.id(id));
			rows.add(row);
		});
		return rows;
	}

	private Map<String, Value> row(List<String> columns) {
		Map<String, Value> row = new LinkedHashMap<>();
		row.put("id", DifferentialValues.id(id()));
		row.putAll(values(columns));
		return row;
	}

	private Map<String, Value> values(List<String> columns) {
		Map<String, Value> values = new LinkedHashMap<>();
		columns.forEach((column) -> values.put(column, value(column, true)));
		return values;
	}

	private Value value(String column, boolean orNull) {
		if (orNull && this.random.nextInt(8) == 0) {
			return this.columns.get(column).ofNull();
		}
		List<Value> values = this.used.computeIfAbsent(column, (name) -> new ArrayList<>());
		if (!values.isEmpty() && this.random.nextBoolean()) {
			return pick(values);
		}
		Value value = this.columns.get(column).value(this.random);
		values.add(value);
		return value;
	}

	// A list has elements of one class
	private List<Value> list(String column) {
		List<Value> values = new ArrayList<>(
				IntStream.range(0, this.random.nextInt(4)).mapToObj((i) -> value(column, false)).toList());
		values.removeIf((value) -> value.java().getClass() != values.get(0).java().getClass());
		return values;
	}

	// A list is an array in the caller's SQL, unless it is asked for as json
	private Object argument(String column, Value value) {
		boolean list = value.java() instanceof Collection<?> || value.java() instanceof int[];
		return (list && this.columns.get(column).isJson()) ? JsonValue.json(value.java()) : value.java();
	}

	private Map<String, Object> java(Map<String, Value> values) {
		Map<String, Object> map = new LinkedHashMap<>();
		values.forEach((column, value) -> map.put(column, value.java()));
		return map;
	}

	private List<String> columns() {
		List<String> columns = new ArrayList<>(this.columns.keySet());
		columns.removeIf((column) -> this.random.nextInt(6) == 0);
		return columns;
	}

	private List<String> someColumns() {
		List<String> columns = columns();
		return columns.isEmpty() ? List.copyOf(this.columns.keySet()) : columns;
	}

	private List<String> comparable() {
		return this.columns.keySet().stream().filter((column) -> this.columns.get(column).isComparable()).toList();
	}

	private List<String> single() {
		return comparable().stream().filter((column) -> this.columns.get(column).isSingle()).toList();
	}

	private int id() {
		return this.random.nextInt(IDS);
	}

	private <T> T pick(List<T> values) {
		return values.isEmpty() ? null : values.get(this.random.nextInt(values.size()));
	}

	/**
	 * The same thing done twice.
	 */
	private record Step(String name, Supplier<Object> soong, Supplier<Object> plain) {

	}

	/**
	 * A condition, and the SQL of it, whose parameters are appended to a list.
	 */
	private record Restriction(Object java, Function<List<Object>, String> sql) {

	}

	/**
	 * Conditions on columns, all of which rows meet.
	 */
	private static final class Conditions {

		private final Map<String, Restriction> all = new LinkedHashMap<>();

		void add(String column, Restriction restriction) {
			this.all.put(column, restriction);
		}

		Map<String, Object> java() {
			Map<String, Object> map = new LinkedHashMap<>();
			this.all.forEach((column, restriction) -> map.put(column, restriction.java()));
			return map;
		}

		String sql(List<Object> parameters) {
			return this.all.values()
				.stream()
				.map((restriction) -> restriction.sql().apply(parameters))
				.collect(Collectors.joining(" AND "));
		}

		@Override
		public String toString() {
			List<Object> parameters = new ArrayList<>();
			return " where " + sql(parameters) + " with " + Arrays.asList(parameters.toArray());
		}

	}

}
