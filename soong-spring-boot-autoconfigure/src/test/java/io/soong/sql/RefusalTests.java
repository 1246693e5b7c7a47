package io.soong.sql;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.jdbc.core.JdbcTemplate;

import static io.soong.sql.Condition.eq;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * What {@link SoongTemplate} refuses before it as much as asks for a connection.
 */
@NullUnmarked
class RefusalTests {

	private static final String LONGEST = "a".repeat(63);

	private final RecordingDataSource dataSource = new RecordingDataSource();

	private final SoongTemplate soong = new SoongTemplate(new JdbcTemplate(this.dataSource));

	@AfterEach
	void nothingWasSent() {
		assertThat(this.dataSource.connections()).isZero();
	}

	static Stream<String> hostileNames() {
		return Stream.of("", " ", "a b", " a", "a ", "a\"", "\"a\"", "a\"\"b", "a'b", "a;b", "a; DROP TABLE gizmos; --",
				"a--", "a/*", "a*/", "*", "a.*", "a\0", "\0", "a\nb", "a\tb", "a\u00a0b", "1a", "$a", "a-b", "a(b)",
				"a=1", "a,b", "a\\", "a?", "a:b", "a::text", "\u0430", "\uff41", "\u00e9", "a\u0301", "a\u200b",
				"\u212a", "\u0130", "\ud83d\ude00", "\ufeffa", LONGEST + "a", "\u00e9".repeat(32), "a".repeat(10_000),
				null);
	}

	@ParameterizedTest
	@MethodSource("hostileNames")
	void callWhenTableIsHostileIsRefused(String name) {
		Map<String, Object> values = Map.of("x", 1);
		refused(name, () -> this.soong.get(name, 1));
		refused(name, () -> this.soong.get(name, 1, List.of("x")));
		refused(name, () -> this.soong.get(name, 1, Gizmo.class));
		refused(name, () -> this.soong.select(name));
		refused(name, () -> this.soong.select(name, values));
		refused(name, () -> this.soong.select(name, values, Gizmo.class));
		refused(name, () -> this.soong.insert(name, values));
		refused(name, () -> this.soong.insert(name, values, "id", Integer.class));
		refused(name, () -> this.soong.insert(name, values, List.of("id")));
		refused(name, () -> this.soong.insert(name, values, Gizmo.class));
		refused(name, () -> this.soong.update(name, 1, values));
		refused(name, () -> this.soong.delete(name, 1));
		if (name != null) {
			refused(name, () -> this.soong.select("public." + name));
			refused(name, () -> this.soong.select(name + ".gizmos"));
		}
	}

	@ParameterizedTest
	@MethodSource("hostileNames")
	void callWhenColumnIsHostileIsRefused(String name) {
		Map<String, Object> values = new HashMap<>();
		values.put(name, 1);
		refused(name, () -> this.soong.get("t", values));
		refused(name, () -> this.soong.get("t", 1, Collections.singletonList(name)));
		refused(name, () -> this.soong.select("t", values));
		refused(name, () -> this.soong.select("t").columns(Arrays.asList("a", name)).list());
		refused(name, () -> this.soong.select("t").where(name, 1));
		refused(name, () -> this.soong.select("t").orderBy(Order.asc(name)));
		refused(name, () -> this.soong.select("t").orderBy(Order.desc(name)));
		refused(name, () -> this.soong.select("t").orderBy(name, "b"));
		refused(name, () -> this.soong.insert("t", values));
		refused(name, () -> this.soong.insert("t", Map.of("a", 1), Arrays.asList(name, "b")));
		refused(name, () -> this.soong.update("t", 1, values));
		refused(name, () -> this.soong.update("t", values, Map.of("a", 1)));
		refused(name, () -> this.soong.delete("t", values));
		refused(name, () -> this.soong.get("t", 1, Collections.singletonList(name)));
	}

	@ParameterizedTest
	@ValueSource(strings = { ".", "a.", ".a", "a.b.c", "a..b", "\"a\".b", "a.b.", "pg_catalog.*" })
	void callWhenTableHasOddDotsIsRefused(String name) {
		refused(name, () -> this.soong.select(name));
		refused(name, () -> this.soong.delete(name, 1));
	}

	@Test
	void columnWhenItHasDotIsRefused() {
		refused("t.a", () -> this.soong.select("t").where("t.a", 1));
	}

	@Test
	void nameWhenAsLongAsPostgresAllowsIsAccepted() {
		assertThat(Identifier.table(LONGEST + "." + LONGEST)).hasSize(131);
		assertThat(Identifier.column("_A9$")).isEqualTo("\"_A9$\"");
	}

	@Test
	void messageWhenNameIsHostileShowsNoneOfItsControlCharacters() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.soong.select("a\nFATAL: \u202e" + "x".repeat(500)))
			.withMessageContaining("\\u000a")
			.satisfies((ex) -> assertThat(ex.getMessage()).hasSizeLessThan(400).doesNotContain("\n", "\u202e"));
	}

	@Test
	void callWhenConditionIsNullAsksForIsNull() {
		Map<String, Object> event = new HashMap<>();
		event.put("owner", null);
		for (ThrowingCallable call : List.<ThrowingCallable>of(() -> this.soong.get("gizmos", event),
				() -> this.soong.select("gizmos", event), () -> this.soong.select("gizmos").where("owner", null),
				() -> this.soong.update("gizmos", event, Map.of("a", 1)), () -> this.soong.delete("gizmos", event))) {
			assertThatIllegalArgumentException().isThrownBy(call)
				.withMessageContainingAll("\"owner\"", "\"gizmos\"", "isNull()");
		}
	}

	static Stream<Arguments> collections() {
		return Stream
			.<Object>of(List.of(1, 2), List.of(), Set.of(1), new int[] { 1 }, new Object[0], new String[] { "a" },
					new ArrayList<>(List.of(List.of())))
			.map((collection) -> Arguments.of(collection));
	}

	@ParameterizedTest
	@MethodSource("collections")
	void callWhenConditionIsCollectionAsksForIn(Object collection) {
		for (ThrowingCallable call : List.<ThrowingCallable>of(() -> this.soong.get("gizmos", collection),
				() -> this.soong.get("gizmos", Map.of("id", collection)),
				() -> this.soong.select("gizmos", Map.of("id", collection)),
				() -> this.soong.select("gizmos").where("id", collection),
				() -> this.soong.update("gizmos", collection, Map.of("a", 1)),
				() -> this.soong.delete("gizmos", collection))) {
			assertThatIllegalArgumentException().isThrownBy(call)
				.withMessageContainingAll("\"id\"", "\"gizmos\"", "in(...)");
		}
	}

	@Test
	void callWhenConditionIsMapOrOptionalIsRefused() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> this.soong.select("gizmos", Map.of("id", Map.of("gt", 0))))
			.withMessageContainingAll("\"id\"", "\"gizmos\"", "Map");
		assertThatIllegalArgumentException().isThrownBy(() -> this.soong.get("gizmos", Optional.of(1)))
			.withMessageContainingAll("\"id\"", "Optional");
		assertThatIllegalArgumentException().isThrownBy(() -> this.soong.delete("gizmos", new Composite(1, 2)))
			.withMessageContainingAll("\"id\"", "Composite");
	}

	@Test
	void callWhenMapIsEmptyIsRefused() {
		for (ThrowingCallable call : List.<ThrowingCallable>of(() -> this.soong.get("gizmos", Map.of()),
				() -> this.soong.select("gizmos", Map.of()),
				() -> this.soong.update("gizmos", Map.of(), Map.of("a", 1)),
				() -> this.soong.delete("gizmos", Map.of()))) {
			assertThatIllegalArgumentException().isThrownBy(call).withMessageContainingAll("\"gizmos\"", "every row");
		}
		assertThatIllegalArgumentException().isThrownBy(() -> this.soong.insert("gizmos", Map.of()))
			.withMessageContainingAll("\"gizmos\"", "empty");
		assertThatIllegalArgumentException().isThrownBy(() -> this.soong.update("gizmos", 1, Map.of()))
			.withMessageContainingAll("\"gizmos\"", "empty");
	}

	@Test
	void callWhenArgumentIsNullIsRefused() {
		for (ThrowingCallable call : List.<ThrowingCallable>of(() -> this.soong.get("gizmos", null),
				() -> this.soong.delete("gizmos", null), () -> this.soong.update("gizmos", null, Map.of("a", 1)),
				() -> this.soong.select("gizmos", null), () -> this.soong.insert("gizmos", null),
				() -> this.soong.update("gizmos", 1, null), () -> this.soong.get("gizmos", 1, (List<String>) null),
				() -> this.soong.insert("gizmos", Map.of("a", 1), (List<String>) null),
				() -> this.soong.insert("gizmos", Map.of("a", 1), (String) null, String.class),
				() -> this.soong.get("gizmos", 1, (Class<?>) null), () -> this.soong.query((Class<?>) null, "SELECT 1"),
				() -> this.soong.select("gizmos").orderBy((Order) null), () -> this.soong.query((String) null),
				() -> this.soong.execute(" "))) {
			assertThatIllegalArgumentException().isThrownBy(call);
		}
	}

	@Test
	void updateWhenOnlyTheKeysOwnValuesAreGivenHasNothingToSet() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.soong.update("gizmos", 1, Map.of("id", 1)))
			.withMessageContainingAll("\"gizmos\"", "nothing to set");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> this.soong.update("gizmos", Map.of("a", 1), Map.of("a", 1L)));
	}

	@Test
	void callWhenListOfColumnsIsEmptyOrHasOneTwiceIsRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.soong.get("gizmos", 1, List.of()))
			.withMessageContaining("empty");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> this.soong.insert("gizmos", Map.of("a", 1), List.<String>of()));
		assertThatIllegalArgumentException().isThrownBy(() -> this.soong.get("gizmos", 1, List.of("a", "a")))
			.withMessageContaining("twice");
	}

	@Test
	void keyWhenOnlyItsValueIsAMapIsRefused() {
		// As an event has it whose sender wants to choose the columns
		Object key = Map.of("color", "pink");
		for (ThrowingCallable call : List.<ThrowingCallable>of(() -> this.soong.get("gizmos", key),
				() -> this.soong.get("gizmos", key, List.of("id")), () -> this.soong.get("gizmos", key, Gizmo.class),
				() -> this.soong.update("gizmos", key, Map.of("name", "x")), () -> this.soong.delete("gizmos", key))) {
			assertThatIllegalArgumentException().isThrownBy(call)
				.withMessageContaining("gizmos")
				.withMessageContaining("declare it as Map<String, ?>");
		}
	}

	@Test
	void comparisonWhenWithACollectionIsRefused() {
		for (Object list : List.of(List.of(1), List.of(), new int[0], Map.of("a", 1))) {
			for (ThrowingCallable call : List.<ThrowingCallable>of(() -> Condition.ne(list),
					() -> Condition.lessThan(list), () -> Condition.atMost(list), () -> Condition.greaterThan(list),
					() -> Condition.atLeast(list), () -> Condition.between(list, 1),
					() -> Condition.between(1, list))) {
				assertThatIllegalArgumentException().isThrownBy(call).withMessageContaining("single value");
			}
		}
		for (Object nothing : List.of(List.of(), Map.of(), new int[0], List.of(List.of()), new int[][] { {}, {} })) {
			assertThatIllegalArgumentException().isThrownBy(() -> Condition.contains(nothing))
				.withMessageContaining("every row");
		}
	}

	@Test
	void callWhenValuesAreOfNoUseIsRefused() {
		for (Object values : List.of("name", 1, List.of(1), new int[0], Thread.State.NEW, Optional.empty(),
				new Object())) {
			assertThatIllegalArgumentException().isThrownBy(() -> this.soong.insert("gizmos", values))
				.withMessageContaining("gizmos");
		}
		assertThatIllegalArgumentException().isThrownBy(() -> this.soong.insert("gizmos", Map.of(1, 2)))
			.withMessageContaining("strings");
		@SuppressWarnings("unchecked")
		Map<String, Object> polluted = (Map<String, Object>) (Map<?, ?>) Map.of(1, 2);
		assertThatIllegalArgumentException().isThrownBy(() -> this.soong.get("gizmos", polluted))
			.withMessageContaining("strings");
		assertThatIllegalArgumentException().isThrownBy(() -> this.soong.select("gizmos", polluted))
			.withMessageContaining("strings");
		assertThatIllegalArgumentException().isThrownBy(() -> this.soong.insert("gizmos", new Empty()))
			.withMessageContaining("no components");
	}

	@Test
	void callWhenValueHasNoTypeInPostgresNamesColumnAndTypeButNotTheValue() {
		for (Object value : List.of(Optional.of("secret"), List.of(Optional.of("secret")), new NoProperties("secret"),
				eq("secret"))) {
			assertThatIllegalArgumentException().isThrownBy(() -> this.soong.insert("gizmos", Map.of("data", value)))
				.withMessageContainingAll("\"data\"", "\"gizmos\"")
				.satisfies((ex) -> assertThat(ex.getMessage()).doesNotContain("secret"));
		}
		assertThatIllegalArgumentException()
			.isThrownBy(() -> this.soong.execute("SELECT ?, ?", 1, Optional.of("secret")))
			.withMessageContainingAll("parameter 2", "Optional");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> this.soong.execute("SELECT :a", Map.of("a", Optional.of("secret"))))
			.withMessageContainingAll(":a", "Optional");
	}

	@Test
	void callWhenValueIsAnInstructionTellsWhereItBelongs() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.soong.insert("gizmos", Map.of("a", eq("secret"))))
			.withMessageContaining("a condition belongs in a key or a where");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> this.soong.insert("gizmos", Map.of("a", Filter.where("b", "secret"))))
			.withMessageContaining("a filter belongs in a where, or in place of a key");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> this.soong.select("gizmos", Map.of("a", Expression.plus(1))))
			.withMessageContaining("plus(...) and minus(...) belong in an update");
		assertThatIllegalArgumentException().isThrownBy(() -> this.soong.execute("SELECT ?", Expression.now()))
			.withMessageContaining("now() and toDefault() belong in a map for insert, update or upsert");
	}

	@Test
	void conditionWhenOperandIsNullIsRefused() {
		for (ThrowingCallable call : List.<ThrowingCallable>of(() -> eq(null), () -> Condition.ne(null),
				() -> Condition.lessThan(null), () -> Condition.atMost(null), () -> Condition.greaterThan(null),
				() -> Condition.atLeast(null), () -> Condition.between(null, 1), () -> Condition.between(1, null),
				() -> Condition.in((Object[]) null), () -> Condition.in(1, null),
				() -> Condition.in((List<Object>) null), () -> Condition.in(Arrays.asList(1, null)),
				() -> Condition.notIn(1, null), () -> Condition.like(null), () -> Condition.ilike(null),
				() -> Condition.contains(null), () -> Condition.containedBy(null), () -> Condition.overlaps(null),
				() -> Condition.op("=", null))) {
			assertThatIllegalArgumentException().isThrownBy(call).withMessageContaining("isNull()");
		}
	}

	@Test
	void conditionWhenOperandsAreNestedIsRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> Condition.in(List.of(1), List.of(2)));
		assertThatIllegalArgumentException().isThrownBy(() -> Condition.in(new int[] { 1 }));
		assertThatIllegalArgumentException().isThrownBy(() -> Condition.in(List.of(eq(1))));
		assertThatIllegalArgumentException().isThrownBy(() -> eq(eq(1)));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "= ", "--", "<--", "/*", "=/*", "a", "OR", "= 1 OR 1 =", "=;", "=(", "='", "=\"",
			"=$1", "=,", "=[", "=\0", "\uff1d", "=\n", "::", ":=", ".", "\\" })
	void opWhenOperatorIsHostileIsRefused(String operator) {
		assertThatIllegalArgumentException().isThrownBy(() -> Condition.op(operator, 1));
	}

	@Test
	void opWhenOperatorIsLongIsRefusedFrom64Bytes() {
		assertThatCode(() -> Condition.op("=".repeat(63), 1)).doesNotThrowAnyException();
		assertThatIllegalArgumentException().isThrownBy(() -> Condition.op("=".repeat(64), 1));
		assertThatIllegalArgumentException().isThrownBy(() -> Condition.op(null, 1));
	}

	@Test
	void selectWhenWindowIsNegativeIsRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.soong.select("t").limit(-1));
		assertThatIllegalArgumentException().isThrownBy(() -> this.soong.select("t").offset(-1));
	}

	@Test
	void callWhenTargetCannotBeMadeIsRefused() {
		for (Class<?> type : List.of(Map.class, Runnable.class, Thread.class, Optional.class,
				NoDefaultConstructor.class, Empty.class, Unreadable.class, Twins.class)) {
			assertThatIllegalArgumentException().isThrownBy(() -> this.soong.select("t").list(type));
			assertThatIllegalArgumentException().isThrownBy(() -> this.soong.insert("t", Map.of("a", 1), type));
			assertThatIllegalArgumentException().isThrownBy(() -> this.soong.query(type, "SELECT 1"));
		}
		assertThatIllegalArgumentException().isThrownBy(() -> this.soong.insert("t", Map.of("a", 1), Integer.class))
			.withMessageContaining("name it");
	}

	@Test
	void freeSqlWhenArgumentsDoNotFitIsRefused() {
		refusedSql("has 2 parameters", "SELECT ?, ?", 1);
		refusedSql("1 arguments", "SELECT 'x?', $$?$$, \"?\" /* ? */, ??, 1 -- ?", 1);
		refusedSql(":b", "SELECT :a, :b", Map.of("a", 1));
		refusedSql("no :name", "SELECT 1", Map.of("a", 1));
		refusedSql("no :name", "DELETE FROM t WHERE ':a' = '::b'", Map.of());
		refusedSql("mixes", "SELECT :a, ?", Map.of("a", 1));
	}

	private void refusedSql(String message, String sql, Object... args) {
		assertThatIllegalArgumentException().isThrownBy(() -> this.soong.query(sql, args))
			.withMessageContaining(message);
		assertThatIllegalArgumentException().isThrownBy(() -> this.soong.execute(sql, args))
			.withMessageContaining(message);
		assertThatIllegalArgumentException().isThrownBy(() -> this.soong.query(String.class, sql, args));
		assertThatIllegalArgumentException().isThrownBy(() -> this.soong.query((resultSet, number) -> 1, sql, args));
	}

	private static void refused(String name, ThrowingCallable call) {
		assertThatIllegalArgumentException().as("%s", name).isThrownBy(call);
	}

	record Composite(Integer x, Integer y) {

	}

	record Gizmo(Integer x) {

	}

	record Empty() {

	}

	record Unreadable(int id, Thread name) {

	}

	static final class NoProperties {

		private final String value;

		NoProperties(String value) {
			this.value = value;
		}

		@Override
		public String toString() {
			return this.value;
		}

	}

	record Twins(int aB, int a_b) {

	}

	static final class NoDefaultConstructor {

		private String name;

		NoDefaultConstructor(String name) {
			this.name = name;
		}

		NoDefaultConstructor(int number) {
			this.name = "number " + number;
		}

		public String getName() {
			return this.name;
		}

		public void setName(String name) {
			this.name = name;
		}

	}

}
