package io.soong.sql;

import java.lang.reflect.Array;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TimeZone;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.soong.sql.TypeMatrixSamples.Sample;
import io.soong.sql.TypeMatrixSamples.Way;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

import static io.soong.sql.Condition.contains;
import static io.soong.sql.Condition.eq;
import static io.soong.sql.Condition.notIn;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Every value of {@link TypeMatrixSamples}, given to a column in every {@link Way}. The
 * text that the server has of a literal written by hand, and the rows that plain SQL
 * finds by it, say what is right. A cell is right or refused with a clear sentence, as
 * the samples say.
 */
@NullUnmarked
class TypeMatrixIntegrationTests {

	private static final int MANY = RowsWriter.FEW_VALUES / 2 + 1;

	private static final TimeZone TIME_ZONE = TimeZone.getDefault();

	private static final String RIGHT = "right";

	private static final String REFUSED = "refused";

	private static final String INSERTED = "right, but by INSERT";

	private static final Set<Way> OF_ARRAYS = EnumSet.of(Way.ARRAY, Way.ARRAY_EQUAL, Way.SQL_ARRAY, Way.ARRAY_READ);

	private static final Set<Way> OF_STORED = EnumSet.of(Way.READ, Way.ROW, Way.ARRAY_READ);

	private static final Set<Way> OF_JSON = EnumSet.of(Way.JSON, Way.JSON_READ);

	// By type of column
	private static final Map<String, List<Sample>> SAMPLES = new HashMap<>();

	// The tables of a type, by its name: "o1" holds what is right, "w1" is written to
	private static final Map<String, Integer> TABLES = new HashMap<>();

	private static final Map<String, Write> WRITES = writes();

	private static final Map<String, Optional<String>> TEXTS = new HashMap<>();

	private static SingleConnectionDataSource dataSource;

	private static JdbcTemplate jdbc;

	private static SoongTemplate soong;

	@BeforeAll
	static void connect() {
		// An hour occurs twice there, and the connection takes on the time zone
		TimeZone.setDefault(TimeZone.getTimeZone("Europe/Berlin"));
		dataSource = PostgresServer.connect("type_matrix");
		jdbc = new JdbcTemplate(dataSource);
		soong = new SoongTemplate(jdbc);
		TypeMatrixSamples.TYPES.forEach(jdbc::execute);
		jdbc.execute("SET matrix.commands = ''");
		jdbc.execute("""
				CREATE FUNCTION note_command() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
					PERFORM set_config('matrix.commands', current_setting('matrix.commands', true)
							|| split_part(current_query(), ' ', 1), false);
					RETURN NULL;
				END $$""");
		SAMPLES.putAll(samples().collect(Collectors.groupingBy((sample) -> sample.type)));
		SAMPLES.forEach(TypeMatrixIntegrationTests::createTables);
	}

	private static void createTables(String type, List<Sample> samples) {
		int number = TABLES.size();
		TABLES.put(type, number);
		String columns = " (id serial PRIMARY KEY, v " + type + ", j jsonb"
				+ (isArray(type) ? "" : ", vs " + type + "[]") + ")";
		StringBuilder sql = new StringBuilder();
		sql.append("CREATE TABLE o" + number + columns + "; CREATE TABLE w" + number + columns);
		sql.append("; CREATE TRIGGER note BEFORE INSERT ON w" + number + " EXECUTE FUNCTION note_command()");
		sql.append("; INSERT INTO o" + number + " (v) VALUES (NULL)");
		samples.stream()
			.map((sample) -> sample.literal)
			.filter(Objects::nonNull)
			.distinct()
			.forEach((literal) -> sql.append(", (" + literal + ")"));
		if (!isArray(type)) {
			sql.append("; UPDATE o" + number + " SET vs = ARRAY[v, NULL]");
		}
		jdbc.execute(sql.toString());
	}

	@AfterAll
	static void close() {
		TimeZone.setDefault(TIME_ZONE);
		dataSource.destroy();
	}

	static Stream<Sample> samples() {
		return TypeMatrixSamples.all();
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("samples")
	void cellIsRightOrRefusedAsListed(Sample sample) {
		Map<Way, String> surprises = new EnumMap<>(Way.class);
		for (Way way : Way.values()) {
			Map<String, String> outcomes = new LinkedHashMap<>();
			new Cell(sample, way).calls().forEach((name, call) -> outcomes.put(name, outcome(sample, call)));
			String expected = sample.isRefused(way) ? REFUSED : (way == Way.MANY && sample.inserted) ? INSERTED : RIGHT;
			outcomes.values().removeIf((outcome) -> kind(outcome).equals(expected));
			if (!outcomes.isEmpty()) {
				surprises.put(way, "expected to be " + expected + ", but " + outcomes);
			}
		}
		assertThat(surprises).isEmpty();
	}

	private static String kind(String outcome) {
		return outcome.startsWith(REFUSED + ": ") ? REFUSED : outcome;
	}

	private static String outcome(Sample sample, Supplier<String> call) {
		try {
			return call.get();
		}
		catch (IllegalArgumentException | DataAccessException ex) {
			String problem = problem(sample, ex);
			return (problem != null) ? problem + ": " + ex : REFUSED + ": " + ex.getMessage();
		}
		catch (RuntimeException ex) {
			return "broken: " + ex;
		}
	}

	/** What is wrong with a refusal: it names the place and never shows the value. */
	private static String problem(Sample sample, RuntimeException ex) {
		String message = String.valueOf(ex.getMessage());
		for (Object secret : leaves(sample.value)) {
			String text = String.valueOf(secret);
			if (text.length() > 3 && message.contains(text)) {
				return "shows the value";
			}
		}
		boolean names = ex instanceof DataAccessException || Stream
			.of("\"v\"", "\"vs\"", "\"j\"", "parameter ", " table ", "in(...)", "notIn(...)", "eq(", "contains(")
			.anyMatch(message::contains);
		return (message.isBlank() || !names) ? "does not name the place" : null;
	}

	private static List<Object> leaves(Object value) {
		if (value instanceof Map<?, ?> map) {
			return map.values().stream().flatMap((entry) -> leaves(entry).stream()).toList();
		}
		if (value instanceof Collection<?> || (value != null && value.getClass().isArray())) {
			return ((Collection<?>) comparable(value)).stream().flatMap((element) -> leaves(element).stream()).toList();
		}
		boolean harmless = value == null || value instanceof Boolean || value instanceof JsonValue;
		return harmless ? List.of() : List.of(value);
	}

	/** Arrays as lists, which compare by what they hold. */
	private static Object comparable(Object value) {
		if (value instanceof Set<?> set) {
			return set.stream().map(TypeMatrixIntegrationTests::comparable).collect(Collectors.toSet());
		}
		if (value instanceof Collection<?> collection) {
			return collection.stream().map(TypeMatrixIntegrationTests::comparable).collect(Collectors.toList());
		}
		if (value != null && value.getClass().isArray()) {
			return IntStream.range(0, Array.getLength(value))
				.mapToObj((i) -> comparable(Array.get(value, i)))
				.collect(Collectors.toList());
		}
		return value;
	}

	private static boolean isArray(String type) {
		return type.endsWith("[]") || type.equals("dom_array");
	}

	private static boolean isDomain(String type) {
		return type.startsWith("dom_");
	}

	private static boolean isStructured(Object value) {
		return value instanceof Collection<?> || value instanceof Map<?, ?> || value instanceof JsonNode
				|| value instanceof JsonValue || value instanceof Record || value instanceof TypeMatrixSamples.Bean
				|| (value != null && value.getClass().isArray() && !(value instanceof byte[]));
	}

	private static Map<String, Object> row(Object id, String column, Object value) {
		Map<String, Object> row = new LinkedHashMap<>();
		row.put("id", id);
		row.put(column, value);
		return row;
	}

	private static Object record(String column, Object value) {
		return switch (column) {
			case "v" -> new V(1, value);
			case "vs" -> new Vs(1, value);
			default -> new J(1, value);
		};
	}

	private static Map<String, Write> writes() {
		Map<String, Write> writes = new LinkedHashMap<>();
		writes.put("INSERT", (table, column, value) -> soong.insert(table, row(1, column, value)));
		writes.put("RECORD", (table, column, value) -> soong.insert(table, record(column, value)));
		writes.put("UPSERT", (table, column, value) -> {
			jdbc.execute("INSERT INTO " + table + " (id) VALUES (1)");
			soong.upsert(table, row(1, column, value), "id");
			soong.upsert(table, row(2, column, value), "id");
		});
		writes.put("UPDATE", (table, column, value) -> {
			jdbc.execute("INSERT INTO " + table + " (id) VALUES (1)");
			soong.update(table, 1, Collections.singletonMap(column, value));
		});
		writes.put("FEW", (table, column, value) -> soong.insertAll(table,
				List.of(row(1, column, value), row(2, column, value))));
		writes.put("MANY", (table, column, value) -> soong.insertAll(table,
				IntStream.rangeClosed(1, MANY).mapToObj((i) -> row(i, column, value))));
		writes.put("UPSERT_ALL", (table, column, value) -> {
			jdbc.execute("INSERT INTO " + table + " (id) VALUES (1)");
			soong.upsertAll(table, List.of(row(1, column, value), row(2, column, value)), "id");
		});
		// Other calls of the same ways
		writes.put("INSERT if absent",
				(table, column, value) -> soong.insertIfAbsent(table, row(1, column, value), "id"));
		writes.put("INSERT returning",
				(table, column, value) -> soong.insert(table, row(1, column, value), "id", Integer.class));
		writes.put("UPSERT of a column", (table, column, value) -> {
			jdbc.execute("INSERT INTO " + table + " (id) VALUES (1)");
			soong.upsert(table, row(1, column, value), Conflict.on("id").update(column));
		});
		writes.put("UPDATE returning", (table, column, value) -> {
			jdbc.execute("INSERT INTO " + table + " (id) VALUES (1)");
			soong.update(table, Filter.where("id", 1), Collections.singletonMap(column, value), Row.class);
		});
		writes.put("FEW if absent", (table, column, value) -> soong.insertAllIfAbsent(table,
				List.of(row(1, column, value), row(2, column, value)), "id"));
		writes.put("FEW returning", (table, column, value) -> soong.insertAll(table,
				List.of(row(1, column, value), row(2, column, value)), "id", Integer.class));
		writes.put("POSITION", (table, column, value) -> soong
			.execute("INSERT INTO " + table + " (id, " + column + ") VALUES (?, ?)", 1, value));
		writes.put("NAME", (table, column, value) -> {
			jdbc.execute("INSERT INTO " + table + " (id) VALUES (1)");
			soong.execute("UPDATE " + table + " SET " + column + " = :value WHERE id = :id", row(1, "value", value));
		});
		return writes;
	}

	/**
	 * A value, given in one way.
	 */
	private static final class Cell {

		private final Sample sample;

		private final Way way;

		private final String right;

		private final String written;

		private final String equalsValue;

		private final String equalsArray;

		private final String containsValue;

		private final Map<String, Supplier<String>> calls = new LinkedHashMap<>();

		Cell(Sample sample, Way way) {
			this.sample = sample;
			this.way = way;
			this.right = "o" + TABLES.get(sample.type);
			this.written = "w" + TABLES.get(sample.type);
			boolean sought = sample.sought != null;
			// What no column holds equals nothing
			this.equalsValue = sought ? "v = " + sample.sought : "false";
			// Arrays of domains have no operators, and are compared as text
			boolean domain = isDomain(sample.type);
			String array = "ARRAY[" + sample.sought + ", NULL]";
			this.equalsArray = !sought ? "false" : domain ? "vs::text = " + array + "::text" : "vs = " + array;
			this.containsValue = (!sought || sample.value == null) ? "false"
					: domain ? "v::text = " + sample.sought + "::text" : "vs @> ARRAY[" + sample.sought + "]";
		}

		/** The calls that the way is made of, all of which have the same outcome. */
		Map<String, Supplier<String>> calls() {
			boolean skipped = (isArray(this.sample.type) && OF_ARRAYS.contains(this.way))
					|| (this.sample.literal == null && OF_STORED.contains(this.way))
					|| (this.sample.json == null && OF_JSON.contains(this.way));
			if (skipped) {
				return this.calls;
			}
			switch (this.way) {
				case READ -> read();
				case ROW -> row();
				case EQUAL -> equal();
				case IN -> in();
				case SQL_EQUAL -> sqlEqual();
				case SQL_IN -> sqlIn();
				case ARRAY -> array();
				case ARRAY_EQUAL -> arrayEqual();
				case SQL_ARRAY -> sqlArray();
				case ARRAY_READ -> arrayRead();
				case JSON -> json();
				case JSON_READ -> jsonRead();
				default -> WRITES.keySet()
					.stream()
					.filter((name) -> (name + " ").startsWith(this.way.name() + " "))
					.forEach((name) -> write(name, "v", this.sample.value, this.sample.literal));
			}
			return this.calls;
		}

		private void write(String name, String column, Object value, String literal) {
			this.calls.put(name + " " + column,
					() -> written(() -> WRITES.get(name).write(this.written, column, value), column, literal));
		}

		private String written(Runnable call, String column, String literal) {
			try {
				call.run();
				List<Map<String, Object>> stored = jdbc.queryForList("SELECT DISTINCT " + column
						+ "::text AS text, current_setting('matrix.commands') AS commands FROM " + this.written);
				String expected = (this.sample.literal != null) ? text(literal, column) : "nothing";
				if (stored.size() != 1 || !Objects.equals(stored.get(0).get("text"), expected)) {
					return "stored " + stored + " instead of " + expected;
				}
				boolean inserted = this.way == Way.MANY && !"COPY".equals(stored.get(0).get("commands"));
				return inserted ? INSERTED : RIGHT;
			}
			finally {
				jdbc.execute("DELETE FROM " + this.written + "; SET matrix.commands = ''");
			}
		}

		private String text(String literal, String column) {
			String type = column.equals("v") ? this.sample.type
					: column.equals("j") ? "jsonb" : this.sample.type + "[]";
			return TEXTS
				.computeIfAbsent("(" + literal + ")::" + type + "::text",
						(sql) -> Optional.ofNullable(jdbc.queryForObject("SELECT " + sql, String.class)))
				.orElse(null);
		}

		private void read() {
			Integer id = id();
			Object expected = comparable(this.sample.read);
			Class<?> type = this.sample.readType;
			this.calls.put("get", () -> compare(expected, soong.get(this.right, id).orElseThrow().get("v", type)));
			this.calls.put("select", () -> compare(expected,
					soong.select(this.right).columns("v").where("id", id).list().get(0).get("v", type)));
			if (!Json.isTarget(type)) {
				this.calls.put("scalar", () -> compare(expected,
						soong.query(type, "SELECT v FROM " + this.right + " WHERE id = ?", id).get(0)));
			}
		}

		private static String compare(Object expected, Object actual) {
			return Objects.equals(comparable(actual), expected) ? RIGHT : "read " + actual + " instead of " + expected;
		}

		private Integer id() {
			return jdbc
				.queryForList("SELECT id FROM " + this.right + " WHERE v::text IS NOT DISTINCT FROM ("
						+ this.sample.literal + ")::" + this.sample.type + "::text", Integer.class)
				.get(0);
		}

		private void row() {
			Integer id = id();
			Row whole = soong.get(this.right, id).orElseThrow();
			Row row = soong.select(this.right).columns("v").where("id", id).list().get(0);
			String literal = this.sample.literal;
			Map<String, Runnable> writes = new LinkedHashMap<>();
			writes.put("insert", () -> soong.insert(this.written, row));
			writes.put("few", () -> soong.insertAll(this.written, List.of(row, row)));
			writes.put("many", () -> soong.insertAll(this.written, Collections.nCopies(MANY, row)));
			writes.put("upsert", () -> soong.upsert(this.written, whole, "id"));
			writes.put("upsertAll", () -> soong.upsertAll(this.written, List.of(whole), "id"));
			writes.put("update", () -> {
				jdbc.execute("INSERT INTO " + this.written + " (id) VALUES (1)");
				soong.update(this.written, 1, row);
			});
			writes.put("sql", () -> soong.execute("INSERT INTO " + this.written + " (v) VALUES (:v)", row));
			writes.forEach((name, write) -> this.calls.put(name, () -> written(write, "v", literal)));
		}

		private void equal() {
			Object value = this.sample.value;
			find("eq", this.equalsValue, () -> soong.select(this.right).where("v", eq(value)));
			find("filter", this.equalsValue, () -> soong.select(this.right)
				.where(Filter.not(Filter.where("v", Condition.not(eq(value).or(eq(value)))))));
			if (!isStructured(value)) {
				find("plain", this.equalsValue, () -> soong.select(this.right).where("v", value));
			}
		}

		private void in() {
			Sample other = other();
			find("in", in(other, false), () -> soong.select(this.right)
				.where("v", Condition.in(Arrays.asList(this.sample.value, other.value))));
			find("notIn", in(other, true),
					() -> soong.select(this.right).where("v", notIn(Arrays.asList(this.sample.value, other.value))));
		}

		private String in(Sample other, boolean not) {
			String is = "(" + this.equalsValue + " OR " + new Cell(other, this.way).equalsValue + ")";
			return not ? "v IS NOT NULL AND NOT " + is : is;
		}

		/** Another value of the same kind if there is one, for lists. */
		private Sample other() {
			Class<?> type = (this.sample.value != null) ? this.sample.value.getClass() : null;
			return SAMPLES.get(this.sample.type)
				.stream()
				.filter((other) -> other.value != null && other.value.getClass() == type)
				.filter((other) -> other.literal != null && !other.literal.equals(this.sample.literal))
				.findFirst()
				.orElse(this.sample);
		}

		private void sqlEqual() {
			Object value = this.sample.value;
			sql("?", this.equalsValue, "v = ? AND 1 = ?", value, 1);
			sql(":value", this.equalsValue, "v = :value", Collections.singletonMap("value", value));
			sql("? first", this.equalsValue, "? = v AND 1 = ?", value, 1);
		}

		private void sqlIn() {
			Sample other = other();
			List<Object> values = Arrays.asList(this.sample.value, other.value);
			sql("IN (?)", in(other, false), "v IN (?)", values);
			sql("NOT IN (:v)", in(other, true), "v NOT IN (:v)", Map.of("v", values));
			sql("ANY", in(other, false), "v = ANY (?)", values);
		}

		private void sql(String name, String expected, String condition, Object... arguments) {
			found(name, expected, () -> soong.query(Integer.class,
					"SELECT id FROM " + this.right + " WHERE " + condition + " ORDER BY id", arguments));
		}

		private void find(String name, String expected, Supplier<Select> select) {
			found(name, expected, () -> select.get().columns("id").orderBy(Order.asc("id")).list(Integer.class));
		}

		private void found(String name, String expected, Supplier<List<Integer>> call) {
			this.calls.put(name, () -> {
				List<Integer> found = call.get();
				List<Integer> right = oracle("SELECT id FROM " + this.right + " WHERE " + expected + " ORDER BY id");
				return found.equals(right) ? RIGHT : "found " + found + " instead of " + right;
			});
		}

		// That plain SQL is refused must not pass for Soong's refusal
		private static List<Integer> oracle(String sql) {
			try {
				return jdbc.queryForList(sql, Integer.class);
			}
			catch (DataAccessException ex) {
				throw new IllegalStateException(ex);
			}
		}

		private void array() {
			List<Object> elements = Arrays.asList(this.sample.value, null);
			WRITES.keySet().forEach((name) -> write(name, "vs", elements, "ARRAY[" + this.sample.literal + ", NULL]"));
		}

		private void arrayEqual() {
			Object value = this.sample.value;
			List<Object> elements = Arrays.asList(value, null);
			find("eq", this.equalsArray, () -> soong.select(this.right).where("vs", eq(elements)));
			if (!(value instanceof Collection<?>)
					&& (value == null || !value.getClass().isArray() || value instanceof byte[])) {
				find("contains", this.containsValue,
						() -> soong.select(this.right).where("vs", contains(Collections.singletonList(value))));
			}
		}

		private void sqlArray() {
			sql("=", this.equalsArray, "vs = ?", Arrays.asList(this.sample.value, null));
		}

		private void arrayRead() {
			Integer id = id();
			Class<?> type = this.sample.readType.arrayType();
			Object expected = Arrays.asList(comparable(this.sample.read), null);
			this.calls.put("get", () -> compare(expected, soong.get(this.right, id).orElseThrow().get("vs", type)));
		}

		private void json() {
			Object value = this.sample.value;
			String text = this.sample.json;
			Map<Object, String> documents = new LinkedHashMap<>();
			documents.put(Collections.singletonMap("a", value), "{\"a\": " + text + "}");
			documents.put(new Document("x", value), "{\"a\": " + text + ", \"b\": \"x\"}");
			documents.put(JsonValue.json(Collections.singletonList(value)), "[" + text + "]");
			documents.forEach((document, expected) -> WRITES
				.forEach((name, write) -> this.calls.put(name + " " + document.getClass().getSimpleName(),
						() -> written(() -> write.write(this.written, "j", document), "j",
								TypeMatrixSamples.quoted(expected)))));
		}

		private void jsonRead() {
			Object expected = Collections.singletonList(comparable(this.sample.read));
			String sql = "SELECT CAST(? AS jsonb) AS j";
			Class<?> type = this.sample.readType.arrayType();
			this.calls.put("array",
					() -> compare(expected, soong.query(sql, "[" + this.sample.json + "]").get(0).get("j", type)));
		}

	}

	/**
	 * Writes a value to a column.
	 */
	@FunctionalInterface
	private interface Write {

		void write(String table, String column, Object value);

	}

	record V(int id, Object v) {

	}

	record Vs(int id, Object vs) {

	}

	record J(int id, Object j) {

	}

	record Document(String b, Object a) {

	}

}
