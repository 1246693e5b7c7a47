package io.soong.compatibility;

import java.util.function.Function;

import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.cloud.function.context.FunctionCatalog;
import org.springframework.cloud.function.context.FunctionProperties;
import org.springframework.cloud.function.context.config.RoutingFunction;
import org.springframework.messaging.Message;
import org.springframework.messaging.support.MessageBuilder;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Spring Cloud Function with several functions and its {@link RoutingFunction}.
 */
@CompatibilityTest
class RoutingIntegrationTests {

	@Autowired
	private FunctionCatalog catalog;

	@Test
	void functionIsChosenByTheHeader() {
		assertThat(route("add", "Routed")).isEqualTo(1);
		assertThat(route("count", "Routed%")).isEqualTo(1);
	}

	private Object route(String function, String payload) {
		Function<Message<String>, Object> router = this.catalog.lookup(RoutingFunction.FUNCTION_NAME);
		Object output = router.apply(MessageBuilder.withPayload(payload)
			.setHeader(FunctionProperties.FUNCTION_DEFINITION, function)
			.build());
		return (output instanceof Message<?> message) ? message.getPayload() : output;
	}

}
