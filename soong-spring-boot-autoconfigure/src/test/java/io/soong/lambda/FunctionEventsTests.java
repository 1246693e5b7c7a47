package io.soong.lambda;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;

import com.amazonaws.services.lambda.runtime.events.APIGatewayProxyRequestEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayProxyResponseEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.S3Event;
import com.amazonaws.services.lambda.runtime.events.SNSEvent;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import com.amazonaws.services.lambda.runtime.events.ScheduledEvent;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.messaging.Message;
import org.springframework.messaging.support.MessageBuilder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Events as each source sends them, to functions of every kind.
 */
@ExtendWith(OutputCaptureExtension.class)
class FunctionEventsTests {

	private static final ObjectMapper JSON = new ObjectMapper();

	private static final String SECRET = "tell-nobody";

	private static final Map<String, SoongFunctionInvoker> INVOKERS = new HashMap<>();

	/** What functions were called with. */
	private static final List<Object> CALLS = new CopyOnWriteArrayList<>();

	@BeforeAll
	static void nameApplication() {
		System.setProperty("MAIN_CLASS", Application.class.getName());
	}

	@AfterAll
	static void forgetApplication() {
		System.clearProperty("MAIN_CLASS");
		INVOKERS.clear();
	}

	@BeforeEach
	void forgetCalls() {
		CALLS.clear();
	}

	static Stream<String> httpSources() {
		return Stream.of("rest", "http", "function-url", "load-balancer", "load-balancer-multi-value");
	}

	@ParameterizedTest
	@MethodSource("httpSources")
	void bodyIsBoundWhetherEncodedOrNot(String source) {
		for (String function : List.of("record", "message", "mono", "flux", "bi", "routed")) {
			forgetCalls();
			String event = (function.equals("routed")) ? routedTo(source, "record") : source;
			String text = "{\"id\": 7, \"name\": \"Plumbus \u00e9\u20ac\"}";
			String answer = answer(invoke(function.equals("routed") ? "functionRouter" : function,
					http(event, JSON.writeValueAsString(text), false)));
			assertThat(answer).as(function).isEqualTo("{\"id\":7,\"name\":\"Plumbus \u00e9\u20ac\"}");
			assertThat(answer(
					invoke(function.equals("routed") ? "functionRouter" : function, http(event, base64(text), true))))
				.as(function)
				.isEqualTo(answer);
			assertThat(CALLS).as(function).hasSize(2).containsOnly(new Gizmo(7, "Plumbus \u00e9\u20ac"));
		}
	}

	@ParameterizedTest
	@MethodSource("httpSources")
	void bodyThatDoesNotBindIsRefusedAndInvokesNothing(String source) throws IOException {
		Map<String, String> reasons = new HashMap<>();
		reasons.put("null", "The request has no body");
		reasons.put("\"\"", "The request has no body");
		reasons.put("\" \"", "The request has no body");
		reasons.put("\"null\"", "The body is null");
		reasons.put("\"not json\"", "The body is not valid JSON (line 1, column");
		reasons.put("\"{\"", "The body is not valid JSON");
		reasons.put("\"{\\\"id\\\": 7} {\\\"id\\\": 8}\"", "The body");
		reasons.put("\"7\"", "The body does not fit the function");
		reasons.put("\"\\\"seven\\\"\"", "The body does not fit the function");
		reasons.put("\"{\\\"id\\\": \\\"tell-nobody\\\"}\"", "'id' is not a valid Integer");
		reasons.put("\"{\\\"id\\\": [7, 8]}\"", "'id' is not a valid Integer");
		reasons.put("\"{\\\"name\\\": \\\"tell-nobody\\\"}\"", "is refused: id is missing");
		reasons.put("\"{}\"", "is refused: id is missing");
		for (String function : List.of("record", "message", "mono", "routed")) {
			for (Map.Entry<String, String> body : reasons.entrySet()) {
				String event = (function.equals("routed")) ? routedTo(source, "record") : source;
				byte[] answer = invoke(function.equals("routed") ? "functionRouter" : function,
						http(event, body.getKey(), false));
				assertRefused(answer, body.getValue());
			}
			String event = (function.equals("routed")) ? routedTo(source, "record") : source;
			String handler = function.equals("routed") ? "functionRouter" : function;
			assertRefused(invoke(handler, http(event, "\"***\"", true)), "not");
			assertRefused(invoke(handler, http(event, base64("\u0000\u0001"), true)), "The body is not valid JSON");
			assertRefused(invoke(handler, http(event, "\"" + gzip("{\"id\": 7}") + "\"", true)),
					"The body is not valid JSON");
		}
		assertThat(CALLS).isEmpty();
	}

	@Test
	void bodyThatIsAnArrayWithOneBadElementInvokesNothing() {
		for (String body : List.of("[{\"id\": 7}, {}]", "[{\"id\": 7}, 8]", "[{\"id\": 7}, null]")) {
			assertRefused(invoke("record", http("http", JSON.writeValueAsString(body), false)), "The body");
			assertRefused(invoke("functionRouter", http(routedTo("http", "record"), base64(body), true)), "The body");
			assertRefused(invoke("mono", http("http", base64(body), true)), "The body does not fit");
			assertRefused(invoke("list", http("http", JSON.writeValueAsString(body.replace("null", "9")), false)),
					"The body does not fit");
		}
		assertThat(CALLS).isEmpty();
	}

	@Test
	void bodyThatIsAnArrayIsAListOrOneCallForEach() {
		String body = "[{\"id\": 7}, {\"id\": 8}]";
		assertThat(answer(invoke("list", http("rest", base64(body), true)))).isEqualTo("2");
		assertThat(CALLS).containsExactly(List.of(new Gizmo(7, null), new Gizmo(8, null)));
		forgetCalls();
		assertThat(answer(invoke("record", http("rest", base64(body), true)))).contains("\"id\":7", "\"id\":8");
		assertThat(CALLS).containsExactly(new Gizmo(7, null), new Gizmo(8, null));
	}

	@Test
	void textIsTheBodyAsItIs() throws IOException {
		for (String body : List.of("", "plain", "\"quoted\"", "{\"id\": 7}", "null", "\u00e9\u20ac")) {
			assertThat(answer(invoke("text", http("http", JSON.writeValueAsString(body), false))))
				.isEqualTo(JSON.writeValueAsString("<" + body + ">"));
			assertThat(answer(invoke("text", http("http", base64(body), true))))
				.isEqualTo(JSON.writeValueAsString("<" + body + ">"));
		}
		assertThat(answer(invoke("text", http("rest", "null", false)))).isEqualTo("\"<>\"");
		assertThat(answer(invoke("text", event("function-url-get")))).isEqualTo("\"<>\"");
		String latin = Base64.getEncoder().encodeToString("\u00e9".getBytes(StandardCharsets.ISO_8859_1));
		assertRefused(invoke("text", http("http", "\"" + latin + "\"", true)), "The body is not text in UTF-8");
		for (String source : List.of("http", "load-balancer-multi-value")) {
			assertThat(answer(invoke("text", http(source, "\"" + latin + "\"", true).replace("\"application/json\"",
					"\"text/plain; charset=iso-8859-1\""))))
				.as(source)
				.isEqualTo("\"<\u00e9>\"");
		}
		assertRefused(invoke("text", http("http", "\"" + gzip("x") + "\"", true)), "The body is not text");
	}

	@Test
	void functionOfTheWholeEventGetsItUnchanged() throws IOException {
		String body = "\"" + gzip("{\"id\": 7}") + "\"";
		for (String function : List.of("map", "object", "bytes", "bytesMessage", "stream", "typed", "typedHttp")) {
			forgetCalls();
			String source = function.equals("typedHttp") ? "http" : "rest";
			for (String event : List.of(http(source, body, true), http(source, "\"[1, null]\"", false),
					http(source, "null", false), http(source, "\"not json\"", true))) {
				invoke(function, event);
				Map<?, ?> expected = JSON.readValue(event, Map.class);
				Map<String, Object> got = new HashMap<>();
				got.put("body", expected.get("body"));
				got.put("isBase64Encoded", expected.get("isBase64Encoded"));
				assertThat(CALLS).as(function).last().isEqualTo(got);
			}
			assertThat(CALLS).as(function).hasSize(4);
		}
	}

	@Test
	void requestWithoutABodyIsRefusedWhereTheFunctionTakesOne() {
		assertRefused(invoke("record", event("function-url-get")), "The request has no body");
		assertThat(answer(invoke("supplier", event("function-url-get")))).isEqualTo("\"supplied\"");
		invoke("map", event("function-url-get"));
		assertThat(CALLS).hasSize(1);
	}

	@ParameterizedTest
	@MethodSource("httpSources")
	void requestHeadersAreDataAndNeitherSentBackNorShown(String source, CapturedOutput output) {
		String body = JSON.writeValueAsString("{\"id\": 7, \"name\": \"x\"}");
		for (String function : List.of("record", "message", "mono", "map", "bytes", "asList", "asBytes", "asMap",
				"copying", "consumer")) {
			String text = new String(invoke(function, http(source, body, false)), StandardCharsets.UTF_8);
			Map<?, ?> answer = JSON.readValue(text, Map.class);
			assertThat(answer.get("statusCode")).as(function + text).isEqualTo(200);
			assertThat(text).as(function)
				.doesNotContain(SECRET)
				.doesNotContain("curl/8.5.0")
				.doesNotContain("aws-context");
		}
		for (String function : List.of("failing", "failingMono")) {
			assertThatIllegalStateException().isThrownBy(() -> invoke(function, http(source, body, false)))
				.satisfies((ex) -> assertThat(stackTrace(ex)).doesNotContain(SECRET));
		}
		assertThat(output.getAll()).doesNotContain(SECRET).doesNotContain("curl/8.5.0");
	}

	@Test
	void functionSeesTheHeadersAndSetsItsOwn() {
		byte[] answer = invoke("echoing", http("http", "\"{\\\"id\\\": 7}\"", false));
		Map<?, ?> headers = (Map<?, ?>) Objects.requireNonNull(JSON.readValue(answer, Map.class).get("headers"));
		assertThat(headers.get("x-forwarded-for")).isEqualTo("192.0.2.1");
		assertThat(headers.get("location")).isEqualTo("/gizmos/7");
		assertThat(JSON.readValue(answer, Map.class).get("statusCode")).isEqualTo(201);
	}

	@Test
	void multiValueHeadersAreReadAndWritten() {
		Map<?, ?> answer = JSON
			.readValue(invoke("echoing", http("load-balancer-multi-value", "\"{\\\"id\\\": 7}\"", false)), Map.class);
		assertThat(answer.get("multiValueHeaders")).asString()
			.contains("location=[/gizmos/7]", "x-accept=[application/json,text/plain]");
		Map<?, ?> refused = JSON.readValue(invoke("record", http("load-balancer-multi-value", "\"\"", false)),
				Map.class);
		assertThat(refused.get("multiValueHeaders")).asString().contains("application/json");
		assertThat(refused.get("statusDescription")).isEqualTo("400 Bad Request");
	}

	@ParameterizedTest
	@ValueSource(strings = { "aws-api-gateway", "AWS-API-GATEWAY", "aws-event", "aws-context", "payload", "Records",
			"statusCode", "isBase64Encoded", "contentType", "expected-content-type", "scf-func-name",
			"lambda-runtime-aws-request-id", "spring.cloud.function.definition", "Spring.Cloud.Function.Definition",
			"spring.cloud.function.routing-expression", "id", "timestamp" })
	void headerOfACallerSteersNothing(String name) {
		for (String value : List.of("false", "true", "[]", "[{\"id\": 666}]", "drop", "'drop'", "text/plain",
				"application/json;type=java.lang.Runtime", "\u0000 bad/mime")) {
			for (String function : List.of("record", "message", "map", "bi", "text", "object", "bytes")) {
				forgetCalls();
				String event = http("http", "\"{\\\"id\\\": 7, \\\"name\\\": \\\"x\\\"}\"", false).replace(
						"\"accept\": \"*/*\"", JSON.writeValueAsString(name) + ": " + JSON.writeValueAsString(value));
				Map<?, ?> answer = JSON.readValue(invoke(function, event), Map.class);
				assertThat(answer.get("statusCode")).as(function + value).isEqualTo(200);
				assertThat(answer.get("isBase64Encoded")).as(function + value).isEqualTo(false);
				assertThat(CALLS).as(function + value).hasSize(1).doesNotContain("dropped");
				assertThat(String.valueOf(CALLS.get(0))).as(function + value).doesNotContain("666");
			}
		}
	}

	@Test
	void routerRefusesARequestThatNamesNoFunction() {
		String event = http("http", "\"{\\\"id\\\": 7}\"", false);
		assertRefused(invoke("functionRouter", event), "must name a function");
		assertRefused(invoke("functionRouter", http(routedTo("http", "tell-nobody"), "\"{}\"", false)),
				"names no function");
		String expression = event.replace("\"accept\": \"*/*\"",
				"\"spring.cloud.function.routing-expression\": \"'record'\"");
		assertRefused(invoke("functionRouter", expression), "must name a function");
		assertThat(CALLS).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "functionRouter", "functionRouter|record", "record|functionRouter",
			"record | functionRouter", "record,map" })
	void routerRefusesARequestForItselfOrForSeveralFunctions(String definition) {
		assertRefused(invoke("functionRouter", http(routedTo("http", definition), "\"{\\\"id\\\": 7}\"", false)),
				"names no function");
		assertThat(CALLS).isEmpty();
	}

	@Test
	void eventWithAPropertyNamedPayloadIsNoMessage() {
		invoke("wholeMap", "{\"id\": \"1\", \"payload\": {\"id\": \"2\"}}");
		assertThat(CALLS).containsExactly(Map.of("id", "1", "payload", Map.of("id", "2")));
		forgetCalls();
		invoke("wholeMap", "{\"headers\": {\"a\": \"b\"}, \"payload\": {\"id\": \"2\"}}");
		assertThat(CALLS).containsExactly(Map.of("id", "2"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "12345678901234567890.123456789012345", "0.10", "1E+3", "-7" })
	void decimalInAnArrayIsReadExactly(String amount) {
		byte[] answer = invoke("price", http("http", "\"[{\\\"amount\\\": " + amount + "}]\"", false));
		assertThat(JSON.readValue(answer, Map.class).get("body")).asString().contains("is " + amount);
	}

	@Test
	void routerTakesTheHeaderOfADirectEvent() {
		assertThat(new String(invoke("functionRouter", """
				{"headers": {"spring.cloud.function.definition": "record"}, "payload": {"id": 7, "name": "x"}}
				"""), StandardCharsets.UTF_8)).isEqualTo("{\"id\":7,\"name\":\"x\"}");
		assertThatIllegalStateException().isThrownBy(() -> invoke("functionRouter", """
				{"headers": {"authorization": "tell-nobody"}, "payload": {"id": 7}}
				""")).withMessageContaining("Failed to establish route").withMessageNotContaining(SECRET);
	}

	@Test
	void webSocketCallerSteersNothing() {
		invoke("map", event("websocket-connect"));
		invoke("map", http("websocket-message", "\"{\\\"id\\\": 7}\"", false));
		assertThat(CALLS).hasSize(2);
		assertThatIllegalStateException().isThrownBy(() -> invoke("functionRouter", event("websocket-connect")))
			.withMessageContaining("Failed to establish route")
			.withMessageNotContaining(SECRET);
		assertThat(CALLS).hasSize(2);
	}

	@Test
	void eventsOfServicesReachTypedFunctionsAndMapsWhole() {
		assertThat(invokeToText("sqs", event("sqs"))).isEqualTo("{\"id\": 7}");
		assertThat(invokeToText("sns", event("sns"))).isEqualTo("{\"id\": 7}");
		assertThat(invokeToText("s3", event("s3"))).isEqualTo("\"gizmo-7.json\"");
		assertThat(invokeToText("scheduled", event("schedule"))).isEqualTo("\"Scheduled Event\"");
		assertThat(invokeToText("scheduled", event("eventbridge"))).isEqualTo("\"GizmoSold\"");
		for (String source : List.of("sqs", "sns", "s3", "eventbridge", "schedule")) {
			forgetCalls();
			String text = event(source);
			invoke("wholeMap", text);
			assertThat(CALLS).containsExactly(JSON.readValue(text, Map.class));
			invoke("wholeText", text);
			assertThat(JSON.readTree(String.valueOf(CALLS.get(1)))).isEqualTo(JSON.readTree(text));
		}
	}

	@Test
	void eventBridgeEventBindsToARecordOfItsEnvelope() {
		assertThat(invokeToText("sold", event("eventbridge"))).isEqualTo("7");
	}

	@Test
	void directEventOfEveryKindOfValueIsBound() {
		assertThat(invokeToText("record", "{\"id\": 7, \"name\": \"x\"}")).isEqualTo("{\"id\":7,\"name\":\"x\"}");
		assertThat(invokeToText("message", "{\"id\": 7, \"name\": \"x\"}")).isEqualTo("{\"id\":7,\"name\":\"x\"}");
		assertThat(invokeToText("number", "7")).isEqualTo("8");
		assertThat(invokeToText("number", "\"7\"")).isEqualTo("8");
		assertThat(invokeToText("text", "\"plain\"")).isEqualTo("\"<plain>\"");
		assertThat(invokeToText("list", "[{\"id\": 7}, {\"id\": 8}]")).isEqualTo("2");
		assertThat(invokeToText("record", "[{\"id\": 7, \"name\": \"x\"}, {\"id\": 8, \"name\": \"y\"}]"))
			.contains("\"id\":7", "\"id\":8");
		assertThat(invokeToText("supplier", "{}")).isEqualTo("\"supplied\"");
	}

	@Test
	void directEventThatDoesNotBindSaysWhatIsWrongWithIt() {
		Map<String, String> reasons = Map.of("", "The event is empty", "null", "The event is null", "{",
				"not valid JSON", "{\"id\": \"tell-nobody\"}",
				"The event does not fit the function: 'id' is not a valid Integer", "{\"id\": [7]}",
				"'id' is not a valid Integer", "{}", "is refused: id is missing", "7",
				"The event does not fit the function", "[{\"id\": \"x\"}]", "The event");
		for (String function : List.of("record", "message", "mono")) {
			reasons.forEach(
					(event, reason) -> assertThatExceptionOfType(UnreadableEventException.class).as(function + event)
						.isThrownBy(() -> invoke(function, event))
						.withMessageContaining(reason)
						.withMessageNotContaining(SECRET));
		}
		for (String event : List.of("7", "[1]", "\"x\"", "null")) {
			assertThatExceptionOfType(UnreadableEventException.class).isThrownBy(() -> invoke("stringMap", event))
				.withMessageContaining("The event");
		}
		assertThat(CALLS).isEmpty();
	}

	@Test
	void eventThatIsRefusedSaysWhatIsRefusedAndWhatToDo() {
		assertUnreadable("record", "{}",
				"The event does not fit the function: the value is refused: id is missing. Correct the event");
		assertUnreadable("sold", "{\"detail\": {\"name\": \"x\"}}",
				"The event does not fit the function: 'detail' is refused: id is missing. Correct the event");
		assertUnreadable("list", "[{\"id\": 7}, {}]",
				"The event does not fit the function: '[1]' is refused: id is missing. Correct the event");
		assertUnreadable("careless", "{\"name\": null}", "The event does not fit the function: the value is refused: "
				+ "the constructor of Careless failed. Correct the event");
		assertUnreadable("strict", "{\"name\": \"\"}",
				"The event does not fit the function: the value is refused: name is empty. Correct the event");
		assertUnreadable("record", "7", "The event does not fit the function: the value is not a valid Gizmo");
		assertRefused(invoke("record", http("http", "\"{}\"", false)),
				"The body does not fit the function: the value is refused: id is missing. Correct the body");
		assertThat(CALLS).isEmpty();
	}

	@Test
	void numberThatIsNoIntegerIsRefusedForOne() {
		for (String number : List.of("1.9", "7.0", "1e400", "-1e400", "1e2", "2147483648", "true", "\"1.9\"")) {
			assertRefused(invoke("record", http("http", JSON.writeValueAsString("{\"id\": " + number + "}"), false)),
					"'id' is not a valid");
			assertThatExceptionOfType(UnreadableEventException.class)
				.isThrownBy(() -> invoke("record", "{\"id\": " + number + "}"))
				.withMessageContaining("'id' is not a valid");
		}
		assertThat(CALLS).isEmpty();
	}

	@Test
	void invokerThatDoesNotKnowWhichFunctionRefusesToStart(CapturedOutput output) {
		assertThatExceptionOfType(UndecidedFunctionException.class).isThrownBy(SoongFunctionInvoker::new)
			.withMessageContaining("several functions")
			.withMessageContaining("bi, bytes")
			.withMessageNotContaining("functionRouter,");
		assertThat(output.getAll()).contains("APPLICATION FAILED TO START")
			.contains("Set SPRING_CLOUD_FUNCTION_DEFINITION");
		for (String typo : List.of("recrod", "record|nothing", "functionRoter")) {
			assertThatExceptionOfType(UndecidedFunctionException.class).isThrownBy(() -> new SoongFunctionInvoker(typo))
				.withMessageContaining("'" + typo + "'")
				.withMessageContaining("no such function");
		}
	}

	@Test
	void invokerOfASingleFunctionNeedsNoDefinition() {
		System.setProperty("MAIN_CLASS", Single.class.getName());
		try {
			assertThat(new String(invoke(new SoongFunctionInvoker(), "7"), StandardCharsets.UTF_8)).isEqualTo("7");
		}
		finally {
			nameApplication();
		}
	}

	@Test
	void invokerOfNoFunctionRefusesToStart() {
		System.setProperty("MAIN_CLASS", None.class.getName());
		try {
			assertThatExceptionOfType(UndecidedFunctionException.class).isThrownBy(SoongFunctionInvoker::new)
				.withMessageContaining("The application has no function.");
		}
		finally {
			nameApplication();
		}
	}

	private static void assertUnreadable(String function, String event, String message) {
		assertThatExceptionOfType(UnreadableEventException.class).isThrownBy(() -> invoke(function, event))
			.withMessage(message);
	}

	private static void assertRefused(byte[] answer, String reason) {
		Map<?, ?> read = JSON.readValue(answer, Map.class);
		assertThat(read.get("statusCode")).as(new String(answer, StandardCharsets.UTF_8)).isEqualTo(400);
		assertThat(String.valueOf(JSON.readValue((String) read.get("body"), Map.class).get("message"))).contains(reason)
			.doesNotContain(SECRET);
	}

	private static String answer(byte[] answer) {
		Map<?, ?> read = JSON.readValue(answer, Map.class);
		assertThat(read.get("statusCode")).as(new String(answer, StandardCharsets.UTF_8)).isEqualTo(200);
		return String.valueOf(read.get("body"));
	}

	private static String invokeToText(String function, String event) {
		return new String(invoke(function, event), StandardCharsets.UTF_8);
	}

	private static byte[] invoke(String function, String event) {
		return invoke(INVOKERS.computeIfAbsent(function, (name) -> new SoongFunctionInvoker(name)), event);
	}

	private static byte[] invoke(SoongFunctionInvoker invoker, String event) {
		ByteArrayOutputStream output = new ByteArrayOutputStream();
		try {
			invoker.handleRequest(new ByteArrayInputStream(event.getBytes(StandardCharsets.UTF_8)), output, null);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return output.toByteArray();
	}

	/** As {@code source/function}. */
	private static String routedTo(String source, String function) {
		return source + "/" + function;
	}

	private static String http(String source, String body, boolean encoded) {
		String[] parts = source.split("/");
		String event = event(parts[0]).replace("${body}", body).replace("${encoded}", String.valueOf(encoded));
		if (parts.length == 1) {
			return event;
		}
		String several = parts[0].contains("multi") ? "[\"%s\"]" : "\"%s\"";
		return event.replaceFirst("eaders\": \\{",
				"eaders\": {\"spring.cloud.function.definition\": " + several.formatted(parts[1]) + ", ");
	}

	private static String event(String source) {
		try (InputStream stream = Objects
			.requireNonNull(FunctionEventsTests.class.getResourceAsStream("events/" + source + ".json"))) {
			return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static String base64(String text) {
		return "\"" + Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8)) + "\"";
	}

	private static String gzip(String text) throws IOException {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
			gzip.write(text.getBytes(StandardCharsets.UTF_8));
		}
		return Base64.getEncoder().encodeToString(bytes.toByteArray());
	}

	private static String stackTrace(Throwable failure) {
		java.io.StringWriter writer = new java.io.StringWriter();
		failure.printStackTrace(new java.io.PrintWriter(writer));
		return writer.toString();
	}

	record Price(BigDecimal amount) {

	}

	record Gizmo(Integer id, @Nullable String name) {

		Gizmo {
			Objects.requireNonNull(id, "id is missing");
		}

	}

	record Careless(String name) {

		Careless {
			name = name.strip();
		}

	}

	record Strict(String name) {

		Strict {
			if (name.isEmpty()) {
				throw new IllegalArgumentException("name is empty.");
			}
		}

	}

	record Sold(Gizmo detail) {

	}

	@SpringBootConfiguration
	@EnableAutoConfiguration
	static class Single {

		@Bean
		Function<Integer, Integer> only() {
			return (value) -> value;
		}

	}

	@SpringBootConfiguration
	@EnableAutoConfiguration
	static class None {

	}

	@SpringBootConfiguration
	@EnableAutoConfiguration
	static class Application {

		private static <T> T called(T value) {
			CALLS.add(value);
			return value;
		}

		private static Map<String, Object> part(@Nullable Object body, @Nullable Object encoded) {
			Map<String, Object> part = new HashMap<>();
			part.put("body", body);
			part.put("isBase64Encoded", encoded);
			return part;
		}

		private static Map<String, Object> part(byte[] event) {
			Map<?, ?> map = JSON.readValue(event, Map.class);
			return part(map.get("body"), map.get("isBase64Encoded"));
		}

		@Bean
		Function<Price, String> price() {
			return (price) -> "is " + price.amount();
		}

		@Bean
		Function<Gizmo, Gizmo> record() {
			return Application::called;
		}

		@Bean
		Function<Message<Gizmo>, Gizmo> message() {
			return (message) -> called(message.getPayload());
		}

		@Bean
		Function<Mono<Gizmo>, Mono<Gizmo>> mono() {
			return (mono) -> mono.map(Application::called);
		}

		@Bean
		Function<Flux<Gizmo>, Flux<Gizmo>> flux() {
			return (flux) -> flux.map(Application::called);
		}

		@Bean
		BiFunction<Gizmo, Map<String, Object>, Gizmo> bi() {
			return (gizmo, headers) -> called(gizmo);
		}

		@Bean
		Function<List<Gizmo>, Integer> list() {
			return (gizmos) -> {
				assertThat(gizmos).hasOnlyElementsOfType(Gizmo.class);
				return called(gizmos).size();
			};
		}

		@Bean
		Function<Integer, Integer> number() {
			return (number) -> called(number) + 1;
		}

		@Bean
		Function<String, String> text() {
			return (text) -> "<" + called(text) + ">";
		}

		@Bean
		Function<String, String> wholeText() {
			return Application::called;
		}

		@Bean
		Function<Map<String, Object>, Integer> wholeMap() {
			return (event) -> called(event).size();
		}

		@Bean
		Function<Map<String, String>, Integer> stringMap() {
			return (event) -> called(event).size();
		}

		@Bean
		Function<Map<String, Object>, Map<String, Object>> map() {
			return (event) -> called(part(event.get("body"), event.get("isBase64Encoded")));
		}

		@Bean
		Function<Object, Object> object() {
			return (event) -> called(part(((Map<?, ?>) event).get("body"), ((Map<?, ?>) event).get("isBase64Encoded")));
		}

		@Bean
		Function<byte[], String> bytes() {
			return (event) -> "" + called(part(event)).size();
		}

		@Bean
		Function<Message<byte[]>, String> bytesMessage() {
			return (event) -> "" + called(part(event.getPayload())).size();
		}

		@Bean
		Function<InputStream, String> stream() {
			return (event) -> {
				try {
					return "" + called(part(event.readAllBytes())).size();
				}
				catch (IOException ex) {
					throw new UncheckedIOException(ex);
				}
			};
		}

		@Bean
		Function<APIGatewayProxyRequestEvent, APIGatewayProxyResponseEvent> typed() {
			return (event) -> {
				called(part(event.getBody(), event.getIsBase64Encoded()));
				return new APIGatewayProxyResponseEvent().withStatusCode(200);
			};
		}

		@Bean
		Function<APIGatewayV2HTTPEvent, Integer> typedHttp() {
			return (event) -> called(part(event.getBody(), event.getIsBase64Encoded())).size();
		}

		@Bean
		Function<SQSEvent, String> sqs() {
			return (event) -> event.getRecords().get(0).getBody();
		}

		@Bean
		Function<SNSEvent, String> sns() {
			return (event) -> event.getRecords().get(0).getSNS().getMessage();
		}

		@Bean
		Function<S3Event, String> s3() {
			return (event) -> event.getRecords().get(0).getS3().getObject().getKey();
		}

		@Bean
		Function<ScheduledEvent, String> scheduled() {
			return ScheduledEvent::getDetailType;
		}

		@Bean
		Function<Sold, Integer> sold() {
			return (sold) -> sold.detail().id();
		}

		@Bean
		Consumer<Careless> careless() {
			return Application::called;
		}

		@Bean
		Consumer<Strict> strict() {
			return Application::called;
		}

		@Bean
		Supplier<String> supplier() {
			return () -> "supplied";
		}

		@Bean
		Consumer<Gizmo> consumer() {
			return Application::called;
		}

		@Bean
		Function<Gizmo, List<Gizmo>> asList() {
			return (gizmo) -> new ArrayList<>(List.of(gizmo));
		}

		@Bean
		Function<Gizmo, byte[]> asBytes() {
			return (gizmo) -> new byte[] { 'x' };
		}

		@Bean
		Function<Gizmo, Map<String, Object>> asMap() {
			return (gizmo) -> Map.of("id", gizmo.id());
		}

		@Bean
		Function<Message<Gizmo>, Message<Gizmo>> copying() {
			return (message) -> MessageBuilder.fromMessage(message).build();
		}

		@Bean
		Function<Message<Gizmo>, Message<Gizmo>> echoing() {
			return (message) -> MessageBuilder.withPayload(message.getPayload())
				.setHeader("statusCode", 201)
				.setHeader("location", "/gizmos/" + message.getPayload().id())
				.setHeader("x-accept", message.getHeaders().get("accept"))
				.setHeader("x-forwarded-for", message.getHeaders().get("x-forwarded-for"))
				.build();
		}

		@Bean
		Function<Gizmo, Gizmo> failing() {
			return (gizmo) -> {
				throw new IllegalStateException("as it must");
			};
		}

		@Bean
		Function<Mono<Gizmo>, Mono<Gizmo>> failingMono() {
			return (mono) -> mono.map((gizmo) -> {
				throw new IllegalStateException("as it must");
			});
		}

		@Bean
		Consumer<JsonNode> drop() {
			return (event) -> CALLS.add("dropped");
		}

	}

}
