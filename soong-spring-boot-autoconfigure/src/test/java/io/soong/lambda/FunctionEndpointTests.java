package io.soong.lambda;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.cloud.function.context.MessageRoutingCallback;
import org.springframework.cloud.function.context.config.ContextFunctionCatalogAutoConfiguration;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.converter.AbstractMessageConverter;
import org.springframework.messaging.converter.MessageConverter;
import org.springframework.util.MimeTypeUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * How what an application sets changes the way that its function is called.
 */
class FunctionEndpointTests {

	private final ApplicationContextRunner application = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(ContextFunctionCatalogAutoConfiguration.class))
		.withUserConfiguration(Functions.class);

	@Test
	void numberWithAFractionIsCutOffOnlyWhereTheApplicationAllowsIt() {
		String gizmo = "{\"id\": 7.9}";
		this.application.run((context) -> assertThatExceptionOfType(UnreadableEventException.class)
			.isThrownBy(() -> handle(context, "number", gizmo))
			.withMessageContaining("'id' is not a valid"));
		this.application.withPropertyValues("spring.jackson.deserialization.accept-float-as-int=true")
			.run((context) -> assertThat(handle(context, "number", gizmo)).isEqualTo("7"));
	}

	@Test
	void converterOfTheApplicationComesFirst() {
		this.application.withBean(MessageConverter.class, GizmoConverter::new)
			.run((context) -> assertThat(handle(context, "number", "{\"id\": 7}")).isEqualTo("42"));
	}

	@Test
	void headerChoosesTheFunctionOfARouter() {
		this.application.run((context) -> assertThat(handle(context, "functionRouter", request("second")))
			.contains("\"body\":\"\\\"second\\\"\""));
	}

	@Test
	void headerChoosesNoFunctionBesideARoutingExpression() {
		this.application.withPropertyValues("spring.cloud.function.routing-expression='first'")
			.run((context) -> assertThat(handle(context, "functionRouter", request("second")))
				.contains("\"body\":\"\\\"first\\\"\""));
	}

	@Test
	void headerChoosesNoFunctionAndIsNotAskedForBesideARoutingCallback() {
		ApplicationContextRunner routed = this.application.withBean(MessageRoutingCallback.class, First::new);
		for (String event : List.of(request("second"), "{\"httpMethod\": \"POST\", \"body\": \"x\"}")) {
			routed.run((context) -> assertThat(handle(context, "functionRouter", event))
				.contains("\"body\":\"\\\"first\\\"\""));
		}
	}

	private static String request(String function) {
		return """
				{"httpMethod": "POST", "headers": {"spring.cloud.function.definition": "%s"}, "body": "x"}"""
			.formatted(function);
	}

	private static String handle(ApplicationContext context, String function, String event) {
		try {
			byte[] answer = FunctionEndpoint.of(context, function)
				.handle(new ByteArrayInputStream(event.getBytes(StandardCharsets.UTF_8)), null);
			return new String(answer, StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	record Gizmo(Integer id) {

	}

	/** Reads any event as one and the same gizmo. */
	private static final class GizmoConverter extends AbstractMessageConverter {

		private GizmoConverter() {
			super(MimeTypeUtils.APPLICATION_JSON);
		}

		@Override
		protected boolean supports(Class<?> type) {
			return type == Gizmo.class;
		}

		@Override
		protected boolean canConvertTo(Object payload, @Nullable MessageHeaders headers) {
			return false;
		}

		@Override
		protected Object convertFromInternal(Message<?> message, Class<?> type, @Nullable Object hint) {
			return new Gizmo(42);
		}

	}

	private static final class First implements MessageRoutingCallback {

		@Override
		public String routingResult(Message<?> message) {
			return "first";
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Functions {

		@Bean
		Function<Gizmo, Integer> number() {
			return Gizmo::id;
		}

		@Bean
		Function<String, String> first() {
			return (event) -> "first";
		}

		@Bean
		Function<String, String> second() {
			return (event) -> "second";
		}

	}

}
