package io.soong.sql;

import java.io.Serializable;
import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.postgresql.util.PGInterval;
import org.postgresql.util.PGobject;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * {@link Json} and {@link StoredValue.JsonText}.
 */
@NullUnmarked
class JsonTests {

	private static final ClassLoader WITHOUT_JACKSON = new ClassLoader(null) {
	};

	private final Json json = new Json(null, false);

	@Test
	void isJsonWhenClassHasMembersIsTrue() {
		for (Object value : List.of(Map.of(), JsonNodeFactory.instance.objectNode(),
				JsonNodeFactory.instance.stringNode("a"), new Composite(1, 2), new Bean())) {
			assertThat(Json.isJson(value)).as(value.getClass().getName()).isTrue();
		}
	}

	@Test
	void isJsonWhenClassHasNoneIsFalse() {
		for (Object value : List.of("a", 1, List.of(), new int[0], Thread.State.NEW, new Empty(), new Opaque(),
				new IterableBean(), new PGobject(), new PGInterval())) {
			assertThat(Json.isJson(value)).as(value.getClass().getName()).isFalse();
		}
	}

	@Test
	void isTargetWhenJsonCanBeReadAsItIsTrue() {
		for (Class<?> type : List.of(Map.class, JsonNode.class, ObjectNode.class, Composite.class, Bean.class,
				Shape.class, AbstractShape.class)) {
			assertThat(Json.isTarget(type)).as(type.getName()).isTrue();
		}
	}

	@Test
	void isTargetWhenTypeIsNotOfTheApplicationIsFalse() {
		for (Class<?> type : List.of(int.class, int[].class, Shape[].class, Number.class, Serializable.class,
				FunctionalInterface.class, Marked.class, AbstractList.class, AbstractValues.class, String.class,
				Empty.class)) {
			assertThat(Json.isTarget(type)).as(type.getName()).isFalse();
		}
	}

	@Test
	void formatWhenJacksonIsAbsentIsAskedFor() {
		Json absent = new Json(null, false, WITHOUT_JACKSON);
		assertThatIllegalArgumentException()
			.isThrownBy(() -> absent.write(new Composite(1, 2), null, () -> "column \"a\""))
			.withMessageContainingAll("The value for column \"a\" is a " + Composite.class.getName(), "Jackson 3",
					"tools.jackson.core:jackson-databind");
		assertThatIllegalArgumentException().isThrownBy(() -> absent.write(null, null, () -> "column \"a\""))
			.withMessageContaining("is a null, which is written as json");
		assertThatExceptionOfType(MismatchException.class).isThrownBy(() -> absent.read("{}", Map.class))
			.withMessageContaining("Jackson 3");
	}

	@Test
	void mapperWhenGivenIsAskedForOnce() {
		List<JsonMapper> mappers = new ArrayList<>();
		Json own = new Json(() -> {
			mappers.add(new JsonMapper());
			return mappers.get(0);
		}, false);
		assertThat(own.write(new Composite(1, 2), null, () -> "")).isEqualTo("{\"a\":1,\"b\":2}");
		assertThat(own.read("{\"a\":1,\"b\":2}", Composite.class)).isEqualTo(new Composite(1, 2));
		assertThat(mappers).hasSize(1);
	}

	@Test
	void readWhenJsonDoesNotFitKeepsTheCauseOnlyWithValues() {
		assertThatExceptionOfType(MismatchException.class)
			.isThrownBy(() -> this.json.read("{\"a\":\"secret\"}", Composite.class))
			.withNoCause()
			.withMessageNotContaining("secret");
		assertThatExceptionOfType(MismatchException.class)
			.isThrownBy(() -> new Json(null, true).read("{\"a\":\"secret\"}", Composite.class))
			.withCauseInstanceOf(JacksonException.class);
	}

	@Test
	@SuppressWarnings("unchecked")
	void plainWhenJsonIsNestedCannotBeChanged() {
		StoredValue.JsonText text = new StoredValue.JsonText("{\"a\": [{\"b\": null}]}", "jsonb", this.json);
		Map<String, Object> plain = (Map<String, Object>) text.plain();
		assertThat(plain).isSameAs(text.plain())
			.isEqualTo(Map.of("a", List.of(Collections.singletonMap("b", null))))
			.isUnmodifiable();
		List<Object> list = (List<Object>) plain.get("a");
		assertThat(list).isUnmodifiable();
		assertThat((Map<String, Object>) list.get(0)).isUnmodifiable();
		assertThat(text).hasToString("json");
	}

	@Test
	void plainWhenValueIsJsonsNullIsNull() {
		assertThat(new StoredValue.JsonText("null", "json", this.json).plain()).isNull();
	}

	@Test
	void plainWhenListHoldsJsonIsAnotherList() {
		StoredValue.JsonText text = new StoredValue.JsonText("[1]", "jsonb", this.json);
		assertThat(StoredValue.JsonText.plain(text)).isEqualTo(List.of(1));
		assertThat(StoredValue.JsonText.plain(Arrays.asList(null, text))).isEqualTo(Arrays.asList(null, List.of(1)));
		assertThat(StoredValue.JsonText.plain(List.of(List.of(), Arrays.asList(null, text))))
			.asInstanceOf(InstanceOfAssertFactories.LIST)
			.isEqualTo(List.of(List.of(), Arrays.asList(null, List.of(1))))
			.isUnmodifiable();
		for (Object other : List.of(Arrays.asList(null, "a"), List.of(List.of("a"), List.of()), List.of(), "a")) {
			assertThat(StoredValue.JsonText.plain(other)).isSameAs(other);
		}
		assertThat(StoredValue.JsonText.plain((Object) null)).isNull();
	}

	record Composite(int a, int b) {

	}

	record Empty() {

	}

	public static class Bean {

		public int getId() {
			return 1;
		}

	}

	public static class Opaque {

		public void setId(int id) {
		}

	}

	public static class IterableBean extends Bean implements Iterable<String> {

		@Override
		public Iterator<String> iterator() {
			return Collections.emptyIterator();
		}

	}

	interface Shape {

	}

	abstract static class AbstractShape {

	}

	@interface Marked {

	}

	abstract static class AbstractList implements Iterable<String> {

	}

	abstract static class AbstractValues extends AbstractMap<String, String> {

	}

}
