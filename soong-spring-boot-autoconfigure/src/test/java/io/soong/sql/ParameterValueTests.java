package io.soong.sql;

import java.sql.Date;
import java.util.List;
import java.util.Map;

import io.soong.sql.ParameterPlace.Use;
import io.soong.sql.ParameterValue.Structured;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.postgresql.util.PGobject;

import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * {@link ParameterValue}: what is bound for a value at its place.
 */
@NullUnmarked
class ParameterValueTests {

	private static final ParameterPlace.Column COLUMN = new ParameterPlace.Column("t", "c");

	private static final ParameterPlace ASSIGNED = new ParameterPlace.Assigned(COLUMN, null);

	private static final ParameterPlace COMPARED = new ParameterPlace.Compared(COLUMN, false, false);

	private static final ParameterPlace ELEMENTS = new ParameterPlace.Compared(COLUMN, true, false);

	private static final Json JSON = new Json(null, false);

	private static final DatabaseType STATE = new DatabaseType(0, -1, "state", "state", null, List.of("in-progress"));

	private static final StoredValue.JsonText STORED = new StoredValue.JsonText("{\"b\" : 2}", "json", JSON);

	@Test
	void assignedWhenColumnIsUnknownIsByTheClassOfTheValue() {
		assertThat(bound(List.of(1, 2), ASSIGNED)).isEqualTo(typed("_int4", "{1,2}"));
		assertThat(bound(new String[] { "a" }, ASSIGNED)).isEqualTo(typed("_text", "{\"a\"}"));
		assertThat(bound(Map.of("a", 1), ASSIGNED)).isEqualTo(typed("jsonb", "{\"a\":1}"));
		assertThat(bound(JsonValue.json(List.of(1)), ASSIGNED)).isEqualTo(typed("jsonb", "[1]"));
		assertThat(bound(STORED, COMPARED)).isEqualTo(typed("jsonb", "{\"b\" : 2}"));
		assertThat(bound(State.IN_PROGRESS, ASSIGNED)).isEqualTo("IN_PROGRESS");
	}

	@Test
	void assignedWhenColumnIsJsonKeepsItsType() {
		assertThat(bound(Map.of("a", 1), ASSIGNED, "json")).isEqualTo(typed("json", "{\"a\":1}"));
		assertThat(bound(List.of(1, 2), ASSIGNED, "jsonb")).isEqualTo(typed("jsonb", "[1,2]"));
		assertThat(bound(new Email("x"), ASSIGNED, "jsonb")).isEqualTo(typed("jsonb", "{\"value\":\"x\"}"));
		assertThat(bound(STORED, ASSIGNED, "jsonb")).isEqualTo(typed("jsonb", "{\"b\" : 2}"));
	}

	@Test
	void assignedWhenColumnIsNotJsonIsArrayOrComponent() {
		assertThat(bound(List.of(1, 2), ASSIGNED, "_int4")).isEqualTo(typed("_int4", "{1,2}"));
		assertThat(bound(List.of("a"), ASSIGNED, "_varchar")).isEqualTo(typed("_varchar", "{\"a\"}"));
		assertThat(bound(new Email("x"), ASSIGNED, "text")).isEqualTo("x");
		assertThat(bound(new Holder(new Email("x")), ASSIGNED, "text")).isEqualTo("x");
		assertThat(bound(new Tags(List.of("x")), ASSIGNED, "_text")).isEqualTo(typed("_text", "{\"x\"}"));
		assertThat(bound(State.IN_PROGRESS, ASSIGNED, STATE)).isEqualTo("in-progress");
	}

	@Test
	void assignedWhenColumnIsOfAnotherTypeIsRefused() {
		refused(Map.of("secret", 1), ASSIGNED, "text", "is a map, which is json, but the column is of type text");
		refused(new Composite(1, 2), ASSIGNED, "text", "Composite, which is json, but the column is of type text");
		refused(List.of("secret"), ASSIGNED, "text", "is a collection, which is an array or json, but the column");
		refused(new int[] { 1 }, ASSIGNED, "int4", "is a Java array, which is an array or json, but the column");
		refused(JsonValue.json("secret"), ASSIGNED, "text", "is json, but the column is of type text");
		refused(STORED, ASSIGNED, "text", "is json, but the column is of type text");
	}

	@Test
	void assignedWhenRememberedTypeIsOutdatedIsByTheNewOne() {
		assertThat(resolved(List.of("a"), ASSIGNED, new Types(type("text"), type("_text"))))
			.isEqualTo(typed("_text", "{\"a\"}"));
		assertThatExceptionOfType(DatabaseType.ColumnMismatchException.class)
			.isThrownBy(() -> resolved(List.of("a"), ASSIGNED, new Types(type("text"), type("int4"))));
	}

	@Test
	void comparedWhenColumnIsKnownIsByItsType() {
		assertThat(bound(List.of(1), COMPARED)).isEqualTo(typed("_int4", "{1}"));
		assertThat(bound(List.of(1), COMPARED, "_int8")).isEqualTo(typed("_int8", "{1}"));
		assertThat(bound(List.of(1), COMPARED, "text")).isEqualTo(typed("_int4", "{1}"));
		assertThat(bound(List.of(1), COMPARED, "jsonb")).isEqualTo(typed("jsonb", "[1]"));
		assertThat(bound(List.of("a"), new ParameterPlace.Compared(COLUMN, false, true), "jsonb"))
			.isEqualTo(typed("_text", "{\"a\"}"));
		assertThat(bound(Map.of("a", 1), COMPARED, "jsonb")).isEqualTo(typed("jsonb", "{\"a\":1}"));
		assertThat(bound(new Email("x"), COMPARED, "jsonb")).isEqualTo(typed("jsonb", "{\"value\":\"x\"}"));
		assertThat(bound(new Email("x"), COMPARED, "text")).isEqualTo("x");
		assertThat(bound(new Email("x"), COMPARED)).isEqualTo("x");
		assertThat(bound(State.IN_PROGRESS, COMPARED, STATE)).isEqualTo("in-progress");
		assertThatIllegalArgumentException().isThrownBy(() -> bound(new Email(null), COMPARED, "text"))
			.withMessageContaining("isNull()");
	}

	@Test
	void comparedWhenValuesAreElementsIsAnArrayOfThem() {
		assertThat(bound(List.of("a"), ELEMENTS)).isEqualTo("{\"a\"}");
		assertThat(bound(List.of(State.IN_PROGRESS), ELEMENTS, STATE)).isEqualTo("{\"in-progress\"}");
		assertThat(bound(List.of(Map.of()), ELEMENTS, "jsonb")).isEqualTo(typed("_jsonb", "{\"{}\"}"));
		Types untouched = new Types(null, null);
		assertThat(resolved(List.of(1, 2), ELEMENTS, untouched)).isEqualTo(typed("_int4", "{1,2}"));
		assertThat(untouched.asked).isFalse();
		assertThat(resolved(List.of(1, 2), COMPARED, untouched)).isEqualTo(typed("_int4", "{1,2}"));
		assertThat(untouched.asked).isTrue();
	}

	@Test
	void argumentWhenPlainIsByTheClassOfTheValue() {
		assertThat(bound(List.of(1), argument(Use.PLAIN))).isEqualTo(typed("_int4", "{1}"));
		assertThat(bound(List.of("a"), argument(Use.PLAIN))).isEqualTo(typed("_text", "{\"a\"}"));
		assertThat(bound(List.of("a"), argument(Use.ELEMENTS))).isEqualTo("{\"a\"}");
		assertThat(bound(Map.of("a", 1), argument(Use.ELEMENTS))).isEqualTo(typed("jsonb", "{\"a\":1}"));
		assertThat(bound(STORED, argument(Use.PLAIN))).isEqualTo(typed("json", "{\"b\" : 2}"));
		assertThat(bound(new Email("x"), argument(Use.PLAIN))).isEqualTo(text("x"));
		assertThat(bound(new Holder(new Email("x")), argument(Use.PLAIN))).isEqualTo(text("x"));
		assertThat(bound(new Holder(5), argument(Use.PLAIN))).isEqualTo(5);
	}

	@Test
	void argumentWhenServerInfersNoTypeHasOne() {
		assertThat(bound(State.IN_PROGRESS, argument(Use.PLAIN))).isEqualTo("IN_PROGRESS");
		assertThat(bound(State.IN_PROGRESS, argument(Use.WITHOUT_TYPE))).isEqualTo(text("IN_PROGRESS"));
		assertThat(bound(State.IN_PROGRESS, argument(Use.TURNED_INTO_TEXT))).isEqualTo(text("IN_PROGRESS"));
		assertThat(ParameterValue.withType(null)).isEqualTo(text(null));
		assertThat(ParameterValue.withType("a")).isEqualTo(text("a"));
		assertThat(ParameterValue.withType(Date.valueOf("2024-02-29"))).isInstanceOfSatisfying(PGobject.class,
				(date) -> assertThat(date.getType()).isEqualTo("date"));
		assertThat(ParameterValue.withType(5)).isEqualTo(5);
	}

	@ParameterizedTest
	@EnumSource(names = { "TURNED_INTO_TEXT", "PART_OF_TEXT" })
	void argumentWhenFunctionWouldTurnItIntoTextIsRefused(Use use) {
		for (Object value : List.of(List.of(1), Map.of("a", 1), STORED)) {
			assertThatIllegalArgumentException().isThrownBy(() -> bound(value, argument(use)))
				.withMessageContaining("the function around it would turn it into text");
		}
	}

	@Test
	void argumentWhenCastDoesNotFitIsRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> bound(List.of(1), argument(Use.CAST_TO_JSON)))
			.withMessageContaining("is a collection, which is an array, but the SQL casts it to json");
		assertThatIllegalArgumentException().isThrownBy(() -> bound(new int[1], argument(Use.CAST_ELEMENT)))
			.withMessageContaining("is a Java array, which is an array, but the SQL casts it to one value inside IN");
		assertThat(bound(Map.of("a", 1), argument(Use.CAST_TO_JSON))).isEqualTo(typed("jsonb", "{\"a\":1}"));
	}

	@Test
	void argumentWhenServerHasInferredATypeIsOfThat() {
		assertThat(inferred(List.of("a"), "_varchar")).isEqualTo(typed("_varchar", "{\"a\"}"));
		assertThat(inferred(Map.of("a", 1), "json")).isEqualTo(typed("json", "{\"a\":1}"));
		assertThatIllegalArgumentException().isThrownBy(() -> inferred(List.of(1), "jsonb"))
			.withMessageContaining("but json belongs there; write JsonValue.json(...)");
		assertThatIllegalArgumentException().isThrownBy(() -> inferred(List.of(1), "text"))
			.withMessageContaining(
					"the server expects the type text there; cast it where that is meant (CAST(? AS text[]))");
		assertThatIllegalArgumentException().isThrownBy(() -> inferred(Map.of("a", 1), "_text"))
			.withMessageContaining(
					"the server expects the type text[] there; cast it where that is meant (CAST(? AS jsonb))");
	}

	@Test
	void objectOfTheDriverWhenGivenIsOfTheTypeThatItNames() {
		Object range = typed("int4range", "[1,2)");
		for (ParameterPlace place : List.of(ASSIGNED, COMPARED, argument(Use.PLAIN), argument(Use.WITHOUT_TYPE))) {
			assertThat(bound(range, place)).isSameAs(range);
			assertThat(bound(range, place, "jsonb")).isSameAs(range);
		}
		assertThat(bound(List.of(range, typed("int4range", null)), ASSIGNED))
			.isEqualTo(typed("_int4range", "{\"[1,2)\",NULL}"));
		assertThat(bound(List.of(range), ELEMENTS)).isEqualTo(typed("_int4range", "{\"[1,2)\"}"));
	}

	@Test
	void structuredWhenAskedKnowsWhoDecides() {
		assertThat(structured(ASSIGNED).column()).isEqualTo(COLUMN);
		assertThat(structured(COMPARED).column()).isEqualTo(COLUMN);
		assertThat(structured(argument(Use.PLAIN)).column()).isNull();
		assertThat(structured(argument(Use.ASSIGNED)).isInferred()).isTrue();
		assertThat(structured(argument(Use.COMPARED)).isInferred()).isTrue();
		assertThat(structured(argument(Use.PLAIN)).isInferred()).isFalse();
		assertThat(structured(ASSIGNED).isInferred()).isFalse();
		assertThat(structured(argument(Use.COMPARED)).isCompared()).isTrue();
		assertThat(structured(argument(Use.ASSIGNED)).isCompared()).isFalse();
		assertThat(structured(COMPARED).isCompared()).isFalse();
		assertThat(structured(COMPARED)).hasToString("?");
	}

	@Test
	void ofWhenValueWasReadIsStoredAsItWas() {
		assertThat(ParameterValue.of(new StoredValue("PT24H", "interval", "1 day"), ASSIGNED))
			.isEqualTo(typed("interval", "1 day"));
		assertThat(ParameterValue.of(new StoredValue("a", null, "a "), ASSIGNED)).isEqualTo("a ");
	}

	private static void refused(Object value, ParameterPlace place, String type, String message) {
		assertThatExceptionOfType(DatabaseType.ColumnMismatchException.class)
			.isThrownBy(() -> bound(value, place, type))
			.withMessageStartingWith("The value for column \"c\" of table \"t\" ")
			.withMessageContaining(message)
			.withMessageNotContaining("secret");
	}

	private static Object bound(Object value, ParameterPlace place) {
		return resolved(value, place, new Types(null, null));
	}

	private static Object bound(Object value, ParameterPlace place, String type) {
		return bound(value, place, type(type));
	}

	private static Object bound(Object value, ParameterPlace place, DatabaseType type) {
		return resolved(value, place, new Types(type, type));
	}

	private static Object resolved(Object value, ParameterPlace place, Types types) {
		Object parameter = ParameterValue.of(value, place);
		if (parameter instanceof Structured structured) {
			parameter = structured.converted(Converters.NONE);
		}
		return (parameter instanceof Structured structured) ? structured.resolve(types) : parameter;
	}

	private static Object inferred(Object value, String type) {
		return new Structured(value, argument(Use.ASSIGNED)).resolve(new Types(null, null), type(type));
	}

	private static Structured structured(ParameterPlace place) {
		return new Structured(List.of("secret"), place);
	}

	private static ParameterPlace argument(Use use) {
		return new ParameterPlace.Argument("parameter 1", use);
	}

	private static DatabaseType type(String name) {
		return DatabaseType.builtIn(name);
	}

	private static Object typed(String type, String text) {
		return ScalarParameter.typed(type, text);
	}

	private static Object text(String text) {
		return new ParameterValue.Text(text);
	}

	/**
	 * The type of the one column, which is another one once it was read again.
	 */
	private static final class Types extends ParameterValue.Resolver {

		private DatabaseType type;

		private final DatabaseType refreshed;

		private boolean asked;

		private Types(DatabaseType type, DatabaseType refreshed) {
			super(JSON, Converters.NONE, new ColumnTypes(new JdbcTemplate()));
			this.type = type;
			this.refreshed = refreshed;
		}

		@Override
		DatabaseType type(ParameterPlace.Column column) {
			this.asked = true;
			return this.type;
		}

		@Override
		DatabaseType requiredType(ParameterPlace.Column column) {
			return type(column);
		}

		@Override
		boolean refresh(ParameterPlace.Column column) {
			boolean changed = this.type != this.refreshed;
			this.type = this.refreshed;
			return changed;
		}

	}

	enum State {

		IN_PROGRESS

	}

	record Email(String value) {

	}

	record Tags(List<String> value) {

	}

	record Holder(Object value) {

	}

	record Composite(int a, int b) {

	}

}
