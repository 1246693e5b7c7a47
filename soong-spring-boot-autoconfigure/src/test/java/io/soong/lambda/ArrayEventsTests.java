package io.soong.lambda;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.cloud.function.context.config.ContextFunctionCatalogAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.messaging.Message;
import org.springframework.messaging.support.MessageBuilder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Arrays, as events, parts of messages and bodies, to functions of every kind.
 */
class ArrayEventsTests {

	private static final ObjectMapper JSON = new ObjectMapper();

	private static final List<Object> CALLS = new ArrayList<>();

	private final ApplicationContextRunner application = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(ContextFunctionCatalogAutoConfiguration.class))
		.withUserConfiguration(Functions.class);

	@BeforeEach
	void forgetCalls() {
		CALLS.clear();
	}

	/** The ways in which an array arrives. */
	static Stream<Arguments> ways() {
		return Stream.of(way("event", false, (array) -> array),
				way("message", false, (array) -> "{\"payload\": " + array + "}"),
				way("body", true, (array) -> http("", JSON.writeValueAsString(array))),
				way("base64", true, (array) -> base64("", array.getBytes(StandardCharsets.UTF_8))),
				way("JSON as the body", true, (array) -> http("", array)),
				way("routed body", true, (array) -> http("ROUTED", JSON.writeValueAsString(array))),
				way("routed message", false,
						(array) -> "{\"headers\": {\"ROUTED\": \"\"}, \"payload\": " + array + "}"),
				way("VPC Lattice", true,
						(array) -> "{\"raw_path\": \"/\", \"method\": \"POST\", \"is_base64_encoded\": \"true\", "
								+ "\"body\": \"" + base64(array.getBytes(StandardCharsets.UTF_8)) + "\"}"),
				way("VPC Lattice 2", true,
						(array) -> "{\"version\": \"2.0\", \"path\": \"/\", \"method\": \"POST\", \"body\": "
								+ JSON.writeValueAsString(array)
								+ ", \"requestContext\": {\"serviceNetworkArn\": \"arn\"}}"));
	}

	private static Arguments way(String name, boolean http, UnaryOperator<String> event) {
		return Arguments.argumentSet(name, http, event);
	}

	@ParameterizedTest
	@MethodSource("ways")
	void functionOfOneValueIsCalledForEachElementAndAnswersWithAnArray(boolean http, UnaryOperator<String> event) {
		assertAnswer("increment", event.apply("[1, 2, 3]"), http, "[2,3,4]", 1, 2, 3);
		assertAnswer("increment", event.apply("[1]"), http, "[2]", 1);
		assertAnswer("increment", event.apply("[]"), http, "[]");
		assertAnswer("record", event.apply("[{\"id\": 1}, {\"id\": 1}]"), http, "[{\"id\":1},{\"id\":1}]", new Gizmo(1),
				new Gizmo(1));
		assertAnswer("message", event.apply("[{\"id\": 1}, {\"id\": 2}]"), http, "[1,2]", new Gizmo(1), new Gizmo(2));
		assertAnswer("half", event.apply("[1, 2, 3, 4]"), http, "[null,1,null,2]", 1, 2, 3, 4);
		assertAnswer("name", event.apply("[1, 2]"), http, "[\"number 1\",\"number 2\"]", 1, 2);
		assertAnswer("asBytes", event.apply("[1, 2]"), http, "[\"AQ==\",\"Ag==\"]", 1, 2);
		assertAnswer("asMono", event.apply("[1, 2]"), http, "[1,null]", 1, 2);
		assertAnswer("asFlux", event.apply("[0, 1, 2]"), http, "[null,0,[0,1]]", 0, 1, 2);
		assertAnswer("asList", event.apply("[0, 2]"), http, "[[],[0,1]]", 0, 2);
	}

	@ParameterizedTest
	@MethodSource("ways")
	void consumerIsCalledForEachElement(boolean http, UnaryOperator<String> event) {
		assertAnswer("consumer", event.apply("[{\"id\": 1}, {\"id\": 2}]"), http, "\"OK\"", new Gizmo(1), new Gizmo(2));
		assertAnswer("consumer", event.apply("[]"), http, "\"OK\"");
		assertAnswer("asVoid", event.apply("[1, 2]"), http, "\"OK\"", 1, 2);
	}

	@ParameterizedTest
	@MethodSource("ways")
	void functionThatTakesAnArrayIsCalledOnce(boolean http, UnaryOperator<String> event) {
		String gizmos = event.apply("[{\"id\": 1}, {\"id\": 2}]");
		assertAnswer("list", gizmos, http, "2", List.of(new Gizmo(1), new Gizmo(2)));
		assertAnswer("array", gizmos, http, "2", List.of(new Gizmo(1), new Gizmo(2)));
		assertAnswer("node", gizmos, http, "2", JSON.readTree("[{\"id\": 1}, {\"id\": 2}]"));
		assertAnswer("list", event.apply("[]"), http, "0", List.of());
		assertAnswer("array", event.apply("[]"), http, "0", List.of());
	}

	@ParameterizedTest
	@MethodSource("ways")
	void streamTakesTheElements(boolean http, UnaryOperator<String> event) {
		String gizmos = event.apply("[{\"id\": 1}, {\"id\": 2}]");
		assertAnswer("flux", gizmos, http, "[{\"id\":1},{\"id\":2}]", new Gizmo(1), new Gizmo(2));
		assertAnswer("count", gizmos, http, "2", new Gizmo(1), new Gizmo(2));
	}

	@ParameterizedTest
	@MethodSource("ways")
	void nothingIsCalledIfAnElementDoesNotBind(boolean http, UnaryOperator<String> event) {
		String start = http ? "The body" : "The event";
		for (String function : List.of("record", "message", "consumer", "list", "array", "flux", "count")) {
			assertRefused(function, event.apply("[{\"id\": 1}, {\"id\": \"secret\"}]"), http,
					start + " does not fit the function: '[1].id' is not a valid int");
			assertRefused(function, event.apply("[{\"id\": 1}, [{\"id\": 2}]]"), http,
					start + " does not fit the function: '[1]' is not a valid Gizmo");
		}
		for (String function : List.of("record", "message", "consumer", "flux", "count")) {
			assertRefused(function, event.apply("[{\"id\": 1}, null]"), http,
					start + " is an array with null in it, but the function takes a value");
		}
		assertRefused("increment", event.apply("[1, 2.5]"), http,
				start + " does not fit the function: '[1]' is not a valid Integer");
		assertThat(CALLS).isEmpty();
	}

	@ParameterizedTest
	@MethodSource("ways")
	void numbersKeepAllTheirDigits(boolean http, UnaryOperator<String> event) {
		for (String amount : List.of("12345678901234567890.123456789012345", "0.10", "1E+3", "-7")) {
			for (String function : List.of("price", "priceFlux")) {
				assertAnswer(function, event.apply("[{\"amount\": " + amount + "}, {\"amount\": 1}]"), http,
						"[{\"amount\":" + amount + "},{\"amount\":1}]", new Price(new BigDecimal(amount)),
						new Price(new BigDecimal("1")));
			}
		}
	}

	@Test
	void textOfTheBodyIsTheWholeArray() {
		for (String array : List.of("[\"a\", 1]", "[]", "[1")) {
			assertAnswer("text", http("", JSON.writeValueAsString(array)), true,
					JSON.writeValueAsString("<" + array + ">"), array);
		}
	}

	@Test
	void textOfAnEventIsEachElement() {
		assertAnswer("text", "[\"a\", \"true\", 1, {\"b\": 2.50}]", false,
				"[\"<a>\",\"<true>\",\"<1>\",\"<{\\\"b\\\":2.50}>\"]", "a", "true", "1", "{\"b\":2.50}");
	}

	@Test
	void mapIsTheWholeRequestOrEachElementOfAnEvent() {
		assertAnswer("map", "[{\"a\": 1}, {}]", false, "[1,0]", Map.of("a", 1), Map.of());
		assertAnswer("map", http("", "\"[1]\""), true, "2", Map.of("httpMethod", "POST", "body", "[1]"));
	}

	@Test
	void functionOfOneMonoTakesNoArray() {
		assertRefused("mono", "[{\"id\": 1}]", false, "The event is an array, but the function takes one value");
		assertRefused("mono", http("", "\"[{\\\"id\\\": 1}]\""), true, "does not fit the function");
	}

	@ParameterizedTest
	@CsvSource({ "record, 2", "list, 1", "flux, 2" })
	void routerThatChoosesByAnExpressionSplitsAnArrayForAFunctionOfOneValue(String function, int calls) {
		String gizmos = "[{\"id\": 1}, {\"id\": 2}]";
		this.application.withPropertyValues("spring.cloud.function.routing-expression='" + function + "'")
			.run((context) -> {
				FunctionEndpoint router = FunctionEndpoint.of(context, "functionRouter");
				handle(router, gizmos);
				assertThat(CALLS).hasSize(calls);
				handle(router, http("", JSON.writeValueAsString(gizmos)));
				assertThat(CALLS).hasSize(2 * calls);
			});
	}

	@Test
	void headersOfTheLastResultAreTheResponses() {
		Map<?, ?> answer = JSON.readValue(answer("created", http("", "\"[1, 2]\"")), Map.class);
		assertThat(answer.get("statusCode")).isEqualTo(201);
		assertThat(answer.get("body")).isEqualTo("[1,2]");
		assertThat(answer.get("headers")).asInstanceOf(InstanceOfAssertFactories.MAP)
			.containsEntry("location", "/2")
			.doesNotContainKeys("payload", "authorization");
	}

	@Test
	void failureEndsTheCalls() {
		assertThatIllegalStateException().isThrownBy(() -> answer("failing", "[1, 2, 3]"));
		assertThat(CALLS).containsExactly(1, 2);
	}

	@ParameterizedTest
	@ValueSource(strings = { "application/json; charset=iso-8859-1", "application/json;charset=utf-16", "text/plain",
			"application/json", "no type", "application/json; charset=klingon" })
	void bodyIsReadInItsCharacterSet(String type) {
		String text = "{\"name\": \"\u00e9\"}";
		Charset charset = type.contains("8859") ? StandardCharsets.ISO_8859_1
				: type.contains("16") ? StandardCharsets.UTF_16 : StandardCharsets.UTF_8;
		String header = "\"content-type\": \"" + type + "\"";
		assertAnswer("named", base64(header, text.getBytes(charset)), true, "\"\u00e9\"", new Named("\u00e9"));
		assertAnswer("named", base64(header, ("[" + text + "]").getBytes(charset)), true, "[\"\u00e9\"]",
				new Named("\u00e9"));
	}

	@Test
	void bodyThatIsNotInItsCharacterSetIsRefused() {
		assertRefused("named",
				base64("\"content-type\": \"text/plain; charset=us-ascii\"",
						"{\"name\": \"\u00e9\"}".getBytes(StandardCharsets.UTF_8)),
				true, "The body is not text in US-ASCII");
	}

	@ParameterizedTest
	@ValueSource(strings = { "\"application/json\"", "\"text/plain\"", "7", "[\"application/json\"]", "{}", "\"\"",
			"\"no type\"" })
	void contentTypeOfADirectEventIsNoReasonToFail(String type) {
		assertAnswer("record", "{\"headers\": {\"contentType\": " + type + "}, \"payload\": {\"id\": 1}}", false,
				"{\"id\":1}", new Gizmo(1));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "\n\t " })
	void blankEventOrBodyIsEmpty(String blank) {
		assertRefused("record", blank, false, "The event is empty");
		assertRefused("map", blank, false, "The event is empty");
		assertRefused("record", http("", JSON.writeValueAsString(blank)), true, "The request has no body");
		assertRefused("record", base64("", blank.getBytes(StandardCharsets.UTF_8)), true, "The request has no body");
	}

	@Test
	void composedFunctionIsCalledForEachElement() {
		for (String event : List.of("[1, 2]", http("", "\"[1, 2]\""))) {
			assertAnswer("increment|increment", event, event.startsWith("{"), "[3,4]", 1, 2, 2, 3);
			assertAnswer("increment|print", event, event.startsWith("{"), "\"OK\"", 1, 2, 2, 3);
		}
	}

	@Test
	void functionThatTakesTheHeadersTooIsCalledForEachElement() {
		for (String event : List.of("[{\"id\": 1}, {\"id\": 2}]", http("", "\"[{\\\"id\\\": 1}, {\\\"id\\\": 2}]\""))) {
			assertAnswer("bi", event, event.startsWith("{"), "[1,2]", new Gizmo(1), new Gizmo(2));
		}
	}

	@Test
	void functionOfTheEnvelopeAnswersVpcLatticeItself() {
		assertThat(answer("map", "{\"raw_path\": \"/\", \"method\": \"GET\"}")).isEqualTo("2");
	}

	private void assertAnswer(String function, String event, boolean http, String expected, Object... calls) {
		CALLS.clear();
		String answer = answer(function, event);
		String body = answer;
		if (http) {
			Map<?, ?> response = JSON.readValue(answer, Map.class);
			assertThat(response.get("statusCode")).as(answer).isEqualTo(200);
			body = String.valueOf(response.get("body"));
		}
		assertThat(body).as(function + " of " + event).isEqualTo(expected);
		assertThat(CALLS).as(function + " of " + event).containsExactly(calls);
	}

	private void assertRefused(String function, String event, boolean http, String reason) {
		if (http) {
			Map<?, ?> response = JSON.readValue(answer(function, event), Map.class);
			assertThat(response.get("statusCode")).isEqualTo(400);
			assertThat(response.get("body")).asString().contains(reason).doesNotContain("secret");
		}
		else {
			assertThatExceptionOfType(UnreadableEventException.class).isThrownBy(() -> answer(function, event))
				.withMessageContaining(reason)
				.withMessageNotContaining("secret");
		}
	}

	private String answer(String function, String event) {
		List<String> answers = new ArrayList<>();
		boolean routed = event.contains("ROUTED");
		String header = "\"spring.cloud.function.definition\": \"" + function + "\"";
		this.application
			.run((context) -> answers.add(handle(FunctionEndpoint.of(context, routed ? "functionRouter" : function),
					event.replace("\"ROUTED\": \"\"", header).replace("ROUTED", header))));
		return answers.get(0);
	}

	private static String handle(FunctionEndpoint endpoint, String event) {
		try {
			byte[] answer = endpoint.handle(new ByteArrayInputStream(event.getBytes(StandardCharsets.UTF_8)), null);
			return new String(answer, StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static String http(String headers, String body) {
		return "{\"httpMethod\": \"POST\", " + (headers.isEmpty() ? "" : "\"headers\": {" + headers + "}, ")
				+ "\"body\": " + body + "}";
	}

	private static String base64(String headers, byte[] body) {
		return http(headers, "\"" + base64(body) + "\", \"isBase64Encoded\": true");
	}

	private static String base64(byte[] body) {
		return Base64.getEncoder().encodeToString(body);
	}

	private static <T> T called(T value) {
		CALLS.add(value);
		return value;
	}

	record Gizmo(int id) {

	}

	record Named(String name) {

	}

	record Price(BigDecimal amount) {

	}

	@Configuration(proxyBeanMethods = false)
	static class Functions {

		@Bean
		Function<Integer, Integer> increment() {
			return (number) -> called(number) + 1;
		}

		@Bean
		Function<Integer, @Nullable Integer> half() {
			return (number) -> (called(number) % 2 == 0) ? number / 2 : null;
		}

		@Bean
		Function<Integer, String> name() {
			return (number) -> "number " + called(number);
		}

		@Bean
		Function<Integer, byte[]> asBytes() {
			return (number) -> new byte[] { called(number).byteValue() };
		}

		@Bean
		Function<Integer, Mono<Integer>> asMono() {
			return (number) -> (called(number) == 1) ? Mono.just(1) : Mono.empty();
		}

		@Bean
		Function<Integer, Flux<Integer>> asFlux() {
			return (number) -> Flux.range(0, called(number));
		}

		@Bean
		Function<Integer, List<Integer>> asList() {
			return (number) -> Stream.iterate(0, (last) -> last + 1).limit(called(number)).toList();
		}

		@Bean
		Function<Integer, Mono<Void>> asVoid() {
			return (number) -> Mono.fromRunnable(() -> called(number));
		}

		@Bean
		Consumer<Integer> print() {
			return ArrayEventsTests::called;
		}

		@Bean
		BiFunction<Gizmo, Map<String, Object>, Integer> bi() {
			return (gizmo, headers) -> called(gizmo).id();
		}

		@Bean
		Function<Integer, Message<Integer>> created() {
			return (number) -> MessageBuilder.withPayload(called(number))
				.setHeader("statusCode", 201)
				.setHeader("location", "/" + number)
				.build();
		}

		@Bean
		Function<Integer, Integer> failing() {
			return (number) -> {
				if (called(number) == 2) {
					throw new IllegalStateException("two");
				}
				return number;
			};
		}

		@Bean
		Function<Gizmo, Gizmo> record() {
			return ArrayEventsTests::called;
		}

		@Bean
		Function<Message<Gizmo>, Integer> message() {
			return (message) -> called(message.getPayload()).id();
		}

		@Bean
		Function<Mono<Gizmo>, Mono<Gizmo>> mono() {
			return (mono) -> mono.map(ArrayEventsTests::called);
		}

		@Bean
		Function<Flux<Gizmo>, Flux<Gizmo>> flux() {
			return (flux) -> flux.map(ArrayEventsTests::called);
		}

		@Bean
		Function<Flux<Gizmo>, Mono<Long>> count() {
			return (flux) -> flux.map(ArrayEventsTests::called).count();
		}

		@Bean
		Consumer<Gizmo> consumer() {
			return ArrayEventsTests::called;
		}

		@Bean
		Function<List<Gizmo>, Integer> list() {
			return (gizmos) -> called(gizmos).size();
		}

		@Bean
		Function<Gizmo[], Integer> array() {
			return (gizmos) -> called(Arrays.asList(gizmos)).size();
		}

		@Bean
		Function<JsonNode, Integer> node() {
			return (node) -> called(node).size();
		}

		@Bean
		Function<String, String> text() {
			return (text) -> "<" + called(text) + ">";
		}

		@Bean
		Function<Map<String, Object>, Integer> map() {
			return (map) -> called(map).size();
		}

		@Bean
		Function<Named, String> named() {
			return (named) -> called(named).name();
		}

		@Bean
		Function<Price, Price> price() {
			return ArrayEventsTests::called;
		}

		@Bean
		Function<Flux<Price>, Flux<Price>> priceFlux() {
			return (flux) -> flux.map(ArrayEventsTests::called);
		}

	}

}
