package io.soong.sql;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;

import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;

import static io.soong.sql.Condition.atLeast;
import static io.soong.sql.Condition.atMost;
import static io.soong.sql.Condition.between;
import static io.soong.sql.Condition.containedBy;
import static io.soong.sql.Condition.contains;
import static io.soong.sql.Condition.eq;
import static io.soong.sql.Condition.greaterThan;
import static io.soong.sql.Condition.ilike;
import static io.soong.sql.Condition.in;
import static io.soong.sql.Condition.isNotNull;
import static io.soong.sql.Condition.isNull;
import static io.soong.sql.Condition.lessThan;
import static io.soong.sql.Condition.like;
import static io.soong.sql.Condition.ne;
import static io.soong.sql.Condition.notIn;
import static io.soong.sql.Condition.op;
import static io.soong.sql.Condition.overlaps;
import static io.soong.sql.Filter.allOf;
import static io.soong.sql.Filter.anyOf;
import static io.soong.sql.Filter.not;
import static io.soong.sql.Filter.where;
import static io.soong.sql.Order.asc;
import static io.soong.sql.Order.desc;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * The SQL that every call sends, word for word.
 */
@NullUnmarked
class StatementTextTests {

	private final RecordingDataSource dataSource = new RecordingDataSource();

	private final SoongTemplate soong = new SoongTemplate(new JdbcTemplate(this.dataSource));

	@Test
	void getWhenKeyIsScalarSelectsById() {
		sends("SELECT * FROM \"gizmos\" WHERE \"id\" = ?", () -> this.soong.get("gizmos", 42));
		sends("SELECT * FROM \"shop\".\"Gizmos\" WHERE \"id\" = ?", () -> this.soong.get("shop.Gizmos", 42));
		sends("SELECT \"name\", \"color\" FROM \"gizmos\" WHERE \"id\" = ?",
				() -> this.soong.get("gizmos", 42, List.of("name", "color")));
	}

	@Test
	void getWhenTargetIsRecordSelectsItsColumns() {
		sends("SELECT \"id\", \"unit_price\" FROM \"gizmos\" WHERE \"id\" = ?",
				() -> this.soong.get("gizmos", 42, Gizmo.class));
		sends("SELECT * FROM \"gizmos\" WHERE \"id\" = ?", () -> this.soong.get("gizmos", 42, String.class));
	}

	@Test
	void getWhenKeyIsMapMeetsAll() {
		sends("SELECT * FROM \"gizmos\" WHERE \"color\" = ? AND \"price\" < ?",
				() -> this.soong.get("gizmos", map("color", "pink", "price", lessThan(3))));
	}

	@Test
	void selectWhenFluentReadsAsWritten() {
		Select select = this.soong.select("gizmos")
			.columns("id", "name")
			.where("color", "pink")
			.where("price", lessThan(3))
			.where("price", isNotNull())
			.orderBy(desc("price"), asc("name"))
			.orderBy("id")
			.limit(10)
			.offset(20);
		String where = " FROM \"gizmos\" WHERE \"color\" = ? AND \"price\" < ? AND \"price\" IS NOT NULL";
		String list = "SELECT \"id\", \"name\"" + where + " ORDER BY \"price\" DESC, \"name\", \"id\" LIMIT ? OFFSET ?";
		sends(list, select::list);
		sends(list, () -> select.list(Gizmo.class));
		sends(list, select::optional);
		sends(list, select::first);
		sends("SELECT count(*) FROM (SELECT 1" + where + " LIMIT ? OFFSET ?) AS selected", select::count);
		sends("SELECT EXISTS (SELECT 1" + where + " LIMIT ? OFFSET ?)", select::exists);
		assertThat(select).hasToString(list);
	}

	@Test
	void selectWhenLockingSaysSoLast() {
		Select select = this.soong.select("gizmos").where("color", "pink").limit(1).forUpdate();
		assertThat(select).hasToString("SELECT * FROM \"gizmos\" WHERE \"color\" = ? LIMIT ? FOR UPDATE");
		assertThat(select.skipLocked().limit(2))
			.hasToString("SELECT * FROM \"gizmos\" WHERE \"color\" = ? LIMIT ? FOR UPDATE SKIP LOCKED");
		assertThatIllegalStateException().isThrownBy(() -> this.soong.select("gizmos").skipLocked())
			.withMessageContaining("forUpdate()");
		assertThatIllegalStateException().isThrownBy(select::count);
		assertThatIllegalStateException().isThrownBy(select::exists);
	}

	@Test
	void selectWhenPlainSelectsAll() {
		sends("SELECT * FROM \"gizmos\"", () -> this.soong.select("gizmos").list());
		sends("SELECT \"id\", \"unit_price\" FROM \"gizmos\"", () -> this.soong.select("gizmos").list(Gizmo.class));
		sends("SELECT * FROM \"gizmos\" LIMIT ?", () -> this.soong.select("gizmos").first());
		sends("SELECT count(*) FROM \"gizmos\"", () -> this.soong.select("gizmos").orderBy("id").count());
		sends("SELECT EXISTS (SELECT 1 FROM \"gizmos\")", () -> this.soong.select("gizmos").exists());
		sends("SELECT * FROM \"gizmos\" WHERE \"color\" = ?",
				() -> this.soong.select("gizmos", Map.of("color", "pink")));
		sends("SELECT \"id\", \"unit_price\" FROM \"gizmos\" WHERE \"color\" = ?",
				() -> this.soong.select("gizmos", Map.of("color", "pink"), Gizmo.class));
	}

	@Test
	void selectWhenDerivedLeavesTheOriginalAsItIs() {
		Select all = this.soong.select("gizmos");
		all.where("id", 1).orderBy("id").limit(1);
		sends("SELECT * FROM \"gizmos\"", all::list);
	}

	@Test
	void whereWhenConditionIsOfEveryKindHasItsSql() {
		condition("= ?", eq(1));
		condition("<> ?", ne(1));
		condition("< ?", lessThan(1));
		condition("<= ?", atMost(1));
		condition("> ?", greaterThan(1));
		condition(">= ?", atLeast(1));
		condition("BETWEEN ? AND ?", between(1, 2));
		condition("= ANY (?)", in(1, 2));
		condition("= ANY (?)", in(List.of()));
		condition("<> ALL (?)", notIn(1, 2));
		condition("<> ALL (?)", notIn());
		condition("LIKE ?", like("a%"));
		condition("ILIKE ?", ilike("a%"));
		condition("IS NULL", isNull());
		condition("IS NOT NULL", isNotNull());
		condition("@> ?", contains(1));
		condition("<@ ?", containedBy(1));
		condition("&& ?", overlaps(1));
		condition("~* ?", op("~*", "x"));
		condition("??| ?", op("?|", "{x}"));
		condition("@?? ?", op("@?", "$.a"));
	}

	@Test
	void insertWhenValuesAreMapNamesItsColumns() {
		Map<String, Object> values = map("name", "x", "color", null);
		String insert = "INSERT INTO \"gizmos\" (\"name\", \"color\") VALUES (?, ?)";
		sends(insert, () -> this.soong.insert("gizmos", values));
		sends(insert + " RETURNING \"id\"", () -> this.soong.insert("gizmos", values, "id", Integer.class));
		sends(insert + " RETURNING \"id\", \"name\"", () -> this.soong.insert("gizmos", values, List.of("id", "name")));
		sends(insert + " RETURNING \"id\", \"unit_price\"", () -> this.soong.insert("gizmos", values, Gizmo.class));
		sends(insert + " RETURNING *", () -> this.soong.insert("gizmos", values, Row.class));
	}

	@Test
	void insertWhenValuesAreRecordLeavesNullOut() {
		sends("INSERT INTO \"gizmos\" (\"unit_price\") VALUES (?)",
				() -> this.soong.insert("gizmos", new Gizmo(null, 3)));
		sends("INSERT INTO \"gizmos\" DEFAULT VALUES", () -> this.soong.insertDefaults("gizmos"));
	}

	@Test
	void updateWhenValueIsThatOfTheKeyDoesNotSetIt() {
		sends("UPDATE \"gizmos\" SET \"name\" = ?, \"color\" = ? WHERE \"id\" = ?",
				() -> this.soong.update("gizmos", 42, map("id", 42L, "name", "x", "color", null)));
		sends("UPDATE \"gizmos\" SET \"id\" = ?, \"name\" = ? WHERE \"id\" = ?",
				() -> this.soong.update("gizmos", 42, map("id", 43, "name", "x")));
		sends("UPDATE \"gizmos\" SET \"id\" = ?, \"name\" = ? WHERE \"id\" = ?",
				() -> this.soong.update("gizmos", 42, map("id", null, "name", "x")));
		sends("UPDATE \"gizmos\" SET \"name\" = ? WHERE \"id\" = ?",
				() -> this.soong.update("gizmos", "42", map("id", 42, "name", "x")));
		sends("UPDATE \"gizmos\" SET \"unit_price\" = ? WHERE \"id\" = ?",
				() -> this.soong.update("gizmos", 42, new Gizmo(42, null)));
		sends("UPDATE \"gizmos\" SET \"id\" = ?, \"color\" = ?, \"price\" = ? WHERE \"color\" = ? AND \"name\" IS NULL",
				() -> this.soong.update("gizmos", map("color", "pink", "name", isNull()),
						map("id", 1, "color", "red", "price", 2)));
	}

	@Test
	void updateWhenTextHidesThatValuesDifferSetsThem() {
		Object[][] differing = { { new java.util.Date(1000), new java.util.Date(1500) },
				{ new java.sql.Time(1000), new java.sql.Time(1500) }, { 0.1f, 0.1d },
				{ java.sql.Timestamp.from(java.time.Instant.EPOCH), new java.sql.Timestamp(1) }, { 1.0, 1 } };
		for (Object[] values : differing) {
			sends("UPDATE \"t\" SET \"c\" = ? WHERE \"c\" = ?",
					() -> this.soong.update("t", Map.of("c", values[0]), Map.of("c", values[1])));
		}
		assertThat(Where.of("t", Map.of("c", Alike.ONE), "").holds("c", Alike.OTHER)).isFalse();
	}

	@Test
	void deleteWhenKeyIsGivenDeletesByIt() {
		sends("DELETE FROM \"gizmos\" WHERE \"id\" = ?", () -> this.soong.delete("gizmos", 42));
		sends("DELETE FROM \"gizmos\" WHERE \"color\" = ANY (?)",
				() -> this.soong.delete("gizmos", Map.of("color", in("pink"))));
	}

	@Test
	void freeSqlWhenPositionalIsSentAsItIs() {
		sends("SELECT ? :: int, ':a', data ?? 'b'", () -> this.soong.query("SELECT ? :: int, ':a', data ?? 'b'", 1));
		sends("DELETE FROM x", () -> this.soong.execute("DELETE FROM x"));
	}

	@Test
	void parametersWhenBuiltStandInTheOrderOfTheQuestionMarks() {
		Where where = Where.all("t").and("a", between(1, 2)).and("b", isNull()).and("c", "x");
		ColumnValues values = ColumnValues.forUpdate("t", map("d", 3, "e", null), new Model.Cache(), where);
		assertThat(StatementText.update("t", where, values, null).parameters())
			.isEqualTo(Arrays.asList(3, null, 1, 2, "x"));
		assertThat(Select.Selection.of(where).withLimit(7).withOffset(8).select().parameters()).containsExactly(1, 2,
				"x", 7L, 8L);
	}

	@Test
	void placesWhenBuiltNameTheColumnOfEachParameter() {
		Where where = Where.all("t")
			.and("a", between(1, 2))
			.and("b", isNull())
			.and("c", lessThan(1).or(eq(3)))
			.and(anyOf(where("d", 1), not(where("e", in(1, 2)))))
			.after(List.of(asc("f")), List.of(1));
		assertThat(places(Select.Selection.of(where).withLimit(7).withOffset(8).select()))
			.containsExactly(columns("a", "a", "c", "c", "d", "e", "f", "the limit or offset", "the limit or offset"));
		assertThat(places(StatementText.delete("t", where, null)))
			.containsExactly(columns("a", "a", "c", "c", "d", "e", "f"));
		ColumnValues values = ColumnValues.forUpdate("t", map("x", 3, "y", null), new Model.Cache(), where);
		assertThat(places(StatementText.update("t", where, values, null)))
			.containsExactly(columns("x", "y", "a", "a", "c", "c", "d", "e", "f"));
		assertThat(places(new StatementText("SELECT ?, ?", List.of(1, 2)))).containsExactly("parameter 1",
				"parameter 2");
	}

	@Test
	void placesWhenRowsAreManyNameTheRow() {
		Object out = GivenColumns.LEFT_OUT;
		List<Object[]> rows = List.of(new Object[] { 1, out, 3 }, new Object[] { out, out, 6 });
		StatementText leavesOut = StatementText.insertAll("t", List.of("a", "b", "c"), rows, 11, null, null);
		assertThat(leavesOut.sql()).isEqualTo("INSERT INTO \"t\" (\"a\", \"c\") VALUES (?, ?), (DEFAULT, ?)");
		assertThat(leavesOut.parameters()).containsExactly(1, 3, 6);
		assertThat(places(leavesOut)).containsExactly(row(11, "a"), row(11, "c"), row(12, "c"));
		assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> leavesOut.places().apply(3));
		List<Object[]> nulls = List.of(new Object[] { 1, null, 3 }, new Object[] { null, null, 6 });
		StatementText writesNull = StatementText.insertAll("t", List.of("a", "b", "c"), nulls, 1, null, null);
		assertThat(writesNull.sql()).isEqualTo("INSERT INTO \"t\" (\"a\", \"b\", \"c\") VALUES (?, ?, ?), (?, ?, ?)");
		assertThat(writesNull.parameters()).containsExactly(1, null, 3, null, null, 6);
		assertThat(places(writesNull)).endsWith(row(2, "a"), row(2, "b"), row(2, "c"));
	}

	@Test
	void holdsWhenEveryRowHasTheValueIsTrue() {
		assertThat(Where.of("t", Map.of("c", atLeast(1).and(eq(5))), "").holds("c", 5)).isTrue();
		assertThat(Where.key("t", allOf(where("c", 5), where("d", 6))).holds("d", 6)).isTrue();
		for (Where other : List.of(Where.of("t", Map.of("c", atLeast(5)), ""),
				Where.of("t", Map.of("c", atLeast(1).and(atMost(5))), ""),
				Where.of("t", Map.of("c", eq(5).or(eq(6))), ""), Where.of("t", Map.of("c", Condition.not(eq(5))), ""),
				Where.key("t", anyOf(where("c", 5), where("d", 6))), Where.key("t", not(where("c", 5))),
				Where.key("t", allOf(where("d", 5), where("c", 6))),
				Where.all("t").after(List.of(asc("c")), List.of(5)), Where.all("t"))) {
			assertThat(other.holds("c", 5)).as("%s", other).isFalse();
		}
		assertThat(Where.of("t", Map.of("c", 5), "").holds("c", null)).isFalse();
	}

	@Test
	void whereWhenValueCannotBeBoundRefusesItAtOnce() {
		Select select = this.soong.select("t");
		for (Object value : List.of("cut \ud800", Expression.now(), lessThan("cut \ud800"))) {
			assertThatIllegalArgumentException().isThrownBy(() -> select.where("c", value))
				.withMessageStartingWith("The value for column \"c\" of table \"t\" ");
		}
	}

	@Test
	void conditionWhenOperatorTakesKeysBindsThemAsText() {
		for (String operator : List.of("?|", "?&")) {
			assertThat(operand(op(operator, List.of("x"))).place())
				.isEqualTo(new ParameterPlace.Compared(new ParameterPlace.Column("t", "c"), false, true));
		}
		assertThat(operand(contains(List.of(List.of(1)))).place())
			.isEqualTo(new ParameterPlace.Compared(new ParameterPlace.Column("t", "c"), false, false));
		assertThat(operand(in(Thread.State.NEW)).place())
			.isEqualTo(new ParameterPlace.Compared(new ParameterPlace.Column("t", "c"), true, false));
	}

	@Test
	void shortenedWhenSqlIsLongLeavesOutItsMiddle() {
		String sql = "0123456789".repeat(50);
		assertThat(new StatementText(sql, List.of()).shortened()).isEqualTo(sql);
		assertThat(new StatementText(sql + "x", List.of()).shortened())
			.isEqualTo(sql.substring(0, 400) + " ... " + sql.substring(401) + "x");
	}

	private static ParameterValue.Structured operand(Condition condition) {
		StatementText text = StatementText.delete("t", Where.all("t").and("c", condition), null);
		return (ParameterValue.Structured) text.parameters().get(0);
	}

	private static List<String> places(StatementText text) {
		return IntStream.range(0, text.parameters().size())
			.mapToObj((index) -> text.places().apply(index).toString())
			.toList();
	}

	private static String[] columns(String... columns) {
		return Stream.of(columns)
			.map((column) -> (column.length() == 1) ? "column \"" + column + "\" of table \"t\"" : column)
			.toArray(String[]::new);
	}

	private static String row(int number, String column) {
		return "row " + number + " of the rows given for table \"t\", column \"" + column + "\"";
	}

	private void condition(String expected, Condition condition) {
		sends("SELECT * FROM \"t\" WHERE \"c\" " + expected, () -> this.soong.select("t").where("c", condition).list());
	}

	private void sends(String expected, Runnable call) {
		assertThatExceptionOfType(DataAccessException.class).isThrownBy(call::run);
		assertThat(this.dataSource.takeStatements()).containsExactly(expected);
	}

	private static Map<String, Object> map(Object... entries) {
		Map<String, Object> map = new LinkedHashMap<>();
		for (int i = 0; i < entries.length; i += 2) {
			map.put((String) entries[i], entries[i + 1]);
		}
		return map;
	}

	enum Alike {

		ONE, OTHER;

		@Override
		public String toString() {
			return "the same";
		}

	}

	record Gizmo(Integer id, Integer unitPrice) {

	}

}
