package io.soong.sql;

import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.core.JsonParser;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/**
 * {@link JacksonJson}.
 */
@NullUnmarked
class JacksonJsonTests {

	private static final String DIGITS = "12345678901234567890.123456789012345";

	private static final String CIRCLE = "{\"@type\":\"JacksonJsonTests$Circle\",\"radius\":1.5}";

	private final JacksonJson json = new JacksonJson(null);

	static Stream<Arguments> numbers() {
		return Stream.of(arguments("1", 1), arguments("3000000000", 3000000000L),
				arguments("12345678901234567890", new BigInteger("12345678901234567890")), arguments("1.5", 1.5),
				arguments("1.50", 1.5), arguments("0.1", 0.1), arguments("1e300", 1e300),
				arguments(DIGITS, new BigDecimal(DIGITS)), arguments("1e400", new BigDecimal("1e400")),
				arguments("0.12345678901234567890", new BigDecimal("0.12345678901234567890")));
	}

	@Test
	void writeWhenTwoKeysAreTheSameTextRefuses() {
		Map<Object, Object> map = new LinkedHashMap<>();
		map.put(1, "secret");
		map.put("1", "b");
		Map<Object, Object> constants = new LinkedHashMap<>();
		constants.put(Thread.State.NEW, 1);
		constants.put("NEW", 2);
		for (Object value : List.of(map, constants, List.of(map), Map.of("a", map), new AnyHolder(map))) {
			assertThatExceptionOfType(JacksonJson.JsonFormatException.class).as(value.toString())
				.isThrownBy(() -> this.json.write(value, null))
				.withMessage("two keys of an object are the same text; leave one out");
		}
		assertThat(this.json.write(List.of(Map.of(1, "a"), Map.of("1", "a")), null))
			.isEqualTo("[{\"1\":\"a\"},{\"1\":\"a\"}]");
	}

	@ParameterizedTest
	@MethodSource("numbers")
	void readWhenTypeIsOpenKeepsDigits(String text, Object expected) {
		assertThat(this.json.read(text, Object.class)).isEqualTo(expected);
		assertThat(this.json.read("{\"a\": [" + text + "]}", Object.class)).isEqualTo(Map.of("a", List.of(expected)));
		assertThat(((Numbers) this.json.read("{\"any\": " + text + "}", Numbers.class)).any()).isEqualTo(expected);
	}

	@Test
	void readWhenTypeIsNodeKeepsDigits() {
		assertThat(this.json.read("{\"a\":" + DIGITS + "}", JsonNode.class)).hasToString("{\"a\":" + DIGITS + "}");
		assertThat(((JsonNode) this.json.read("1.5", JsonNode.class)).isDouble()).isTrue();
	}

	@ParameterizedTest
	@CsvSource({ "f, 1e300", "f, 1e-300", "f, 1.23456789", "f, 16777217", "d, 9007199254740993", "d, 1e400",
			"d, 1e-400", "i, 1.5", "i, 3000000000", "l, 1.5", "s, 1.5", "b, 1.5", "boxed, 1.5", "is, [1.5]",
			"list, [0.5]", "ds, [1e400]" })
	void readWhenNumberWouldBeAnotherRefuses(String property, String text) {
		assertThatExceptionOfType(JacksonJson.JsonFormatException.class)
			.isThrownBy(() -> this.json.read("{\"" + property + "\": " + text + "}", Numbers.class))
			.withMessageNotContaining(text);
	}

	@Test
	void readWhenNumbersFitGivesThem() {
		Numbers numbers = (Numbers) this.json.read("{\"f\": 0.1, \"d\": 3.3333333333333333333, \"i\": 1.0, \"l\": 1e3, "
				+ "\"s\": 7, \"b\": -128, \"boxed\": 5.00, \"is\": [1, 2.0], \"list\": [3], \"ds\": [0, 0.0, 1e-10]}",
				Numbers.class);
		assertThat(numbers.f()).isEqualTo(0.1f);
		assertThat(numbers.d()).isEqualTo(3.3333333333333335);
		assertThat(numbers.i()).isEqualTo(1);
		assertThat(numbers.l()).isEqualTo(1000);
		assertThat(numbers.s()).isEqualTo((short) 7);
		assertThat(numbers.b()).isEqualTo((byte) -128);
		assertThat(numbers.boxed()).isEqualTo(5);
		assertThat(numbers.is()).containsExactly(1, 2);
		assertThat(numbers.list()).containsExactly(3);
		assertThat(numbers.ds()).containsExactly(0, 0, 1e-10);
	}

	@ParameterizedTest
	@CsvSource({ "i, 1.5", "l, 2.5", "d, 9007199254740993", "d, 1e400", "f, 1e300", "is, [1.5]" })
	void readWhenNumberStandsBeforeTypeIdRefusesToo(String property, String text) {
		assertThatExceptionOfType(JacksonJson.JsonFormatException.class).isThrownBy(() -> this.json
			.read("{\"" + property + "\": " + text + ", \"@type\": \"JacksonJsonTests$Numbers\"}", Any.class));
	}

	@Test
	void readWhenNumbersStandBeforeTypeIdKeepsDigits() {
		Numbers numbers = (Numbers) this.json.read("{\"i\": 1.0, \"d\": 0.1, \"l\": 3000000000, \"any\": " + DIGITS
				+ ", \"@type\": \"JacksonJsonTests$Numbers\", \"s\": 7}", Any.class);
		assertThat(numbers.i()).isEqualTo(1);
		assertThat(numbers.d()).isEqualTo(0.1);
		assertThat(numbers.l()).isEqualTo(3000000000L);
		assertThat(numbers.any()).isEqualTo(new BigDecimal(DIGITS));
		assertThat(numbers.s()).isEqualTo((short) 7);
	}

	@Test
	void readWhenDeserializerOfTheUserAsksForAnIntegerRefusesAFraction() {
		for (Function<JsonParser, Number> getter : List.<Function<JsonParser, Number>>of(JsonParser::getByteValue,
				JsonParser::getShortValue, JsonParser::getIntValue, JsonParser::getLongValue)) {
			JsonMapper mapper = JsonMapper.builder()
				.addModule(new SimpleModule().addDeserializer(Count.class, new CountDeserializer(getter)))
				.build();
			JacksonJson counting = new JacksonJson(mapper);
			assertThat(counting.read("2.0", Count.class)).isEqualTo(new Count(2));
			assertThatExceptionOfType(JacksonJson.JsonFormatException.class)
				.isThrownBy(() -> counting.read("1.5", Count.class));
		}
	}

	@Test
	void readWhenMapperIsOfAnotherClassChecksNumbers() {
		JsonMapper derived = new JsonMapper() {

			private static final long serialVersionUID = 1L;

		};
		assertThatExceptionOfType(JacksonJson.JsonFormatException.class)
			.isThrownBy(() -> new JacksonJson(derived).read("1.5", Integer.class));
	}

	@Test
	void readWhenMapperIsOfUserUsesItsSettings() {
		JsonMapper snake = JsonMapper.builder().propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE).build();
		assertThat(new JacksonJson(snake).read("{\"unit_price\": 1.5}", Price.class)).isEqualTo(new Price(1.5));
	}

	static Stream<Arguments> polymorphicValues() {
		Circle circle = new Circle(1.5);
		return Stream.of(arguments(circle, Shape.class, CIRCLE), arguments(circle, null, CIRCLE),
				arguments(List.of(circle), null, "[" + CIRCLE + "]"),
				arguments(List.of(circle), type(new TypeReference<List<Shape>>() {
				}), "[" + CIRCLE + "]"), arguments(List.of(circle), type(new TypeReference<List<? extends Shape>>() {
				}), "[" + CIRCLE + "]"), arguments(List.of(circle), type(new TypeReference<List<Object>>() {
				}), "[" + CIRCLE + "]"), arguments(List.of(circle), List.class, "[" + CIRCLE + "]"),
				arguments(Map.of("a", circle), type(new TypeReference<Map<String, Shape>>() {
				}), "{\"a\":" + CIRCLE + "}"), arguments(Map.of("a", circle), null, "{\"a\":" + CIRCLE + "}"),
				arguments(Map.of("a", List.of(circle, 1)), null, "{\"a\":[" + CIRCLE + ",1]}"),
				arguments(Arrays.asList(null, circle), null, "[null," + CIRCLE + "]"),
				arguments(new Shape[] { circle }, null, "[" + CIRCLE + "]"),
				arguments(new Object[] { circle }, null, "[" + CIRCLE + "]"),
				arguments(new Holder<>(circle), type(new TypeReference<Holder<Shape>>() {
				}), "{\"held\":" + CIRCLE + "}"));
	}

	@ParameterizedTest
	@MethodSource("polymorphicValues")
	void writeWhenValueIsPolymorphicKeepsTypeIds(Object value, Type declared, String text) {
		assertThat(this.json.write(value, declared)).isEqualTo(text);
	}

	@Test
	void writeWhenValueIsOfSubclassWritesAllOfIt() {
		assertThat(this.json.write(new Derived(), Base.class)).isEqualTo("{\"a\":1,\"b\":2}");
		assertThat(this.json.write(List.of(new Derived()), type(new TypeReference<List<Base>>() {
		}))).isEqualTo("[{\"a\":1,\"b\":2}]");
		assertThat(this.json.write(new DerivedHolder(new Derived()), type(new TypeReference<Holder<Base>>() {
		}))).isEqualTo("{\"held\":{\"a\":1,\"b\":2},\"more\":3}");
	}

	@Test
	void writeWhenValueIsNotPolymorphicWritesIt() {
		assertThat(this.json.write(Map.of("a", Arrays.asList(1, null, "x", List.of())), null))
			.isEqualTo("{\"a\":[1,null,\"x\",[]]}");
		assertThat(this.json.write(Collections.singletonMap("a", null), null)).isEqualTo("{\"a\":null}");
		assertThat(this.json.write(List.of(), type(new TypeReference<List<Object>>() {
		}))).isEqualTo("[]");
	}

	private static Type type(TypeReference<?> reference) {
		return reference.getType();
	}

	@JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
	sealed interface Shape permits Circle {

	}

	record Circle(double radius) implements Shape {

	}

	static class Holder<T> {

		private final T held;

		Holder(T held) {
			this.held = held;
		}

		public T getHeld() {
			return this.held;
		}

	}

	static class DerivedHolder extends Holder<Base> {

		DerivedHolder(Base held) {
			super(held);
		}

		public int getMore() {
			return 3;
		}

	}

	static class Base {

		public int getA() {
			return 1;
		}

	}

	static class Derived extends Base {

		public int getB() {
			return 2;
		}

	}

	record AnyHolder(Object any) {

	}

	record Price(double unitPrice) {

	}

	@JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
	sealed interface Any permits Numbers {

	}

	@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, defaultImpl = Numbers.class)
	record Numbers(Float f, Double d, Integer i, Long l, Short s, Byte b, Integer boxed, int[] is, List<Integer> list,
			double[] ds, Object any) implements Any {

	}

	record Count(int value) {

	}

	private static final class CountDeserializer extends ValueDeserializer<Count> {

		private final Function<JsonParser, Number> getter;

		private CountDeserializer(Function<JsonParser, Number> getter) {
			this.getter = getter;
		}

		@Override
		public Count deserialize(JsonParser parser, DeserializationContext context) {
			return new Count(this.getter.apply(parser).intValue());
		}

	}

}
