package io.soong.lambda;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Type;
import java.time.Clock;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

import com.amazonaws.services.lambda.runtime.Context;
import io.soong.jdbc.Invocation;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.DeserializationFeature;

import org.springframework.cloud.function.adapter.aws.AWSLambdaUtils;
import org.springframework.cloud.function.context.FunctionCatalog;
import org.springframework.cloud.function.context.MessageRoutingCallback;
import org.springframework.cloud.function.context.catalog.FunctionTypeUtils;
import org.springframework.cloud.function.context.catalog.SimpleFunctionRegistry;
import org.springframework.cloud.function.context.catalog.SimpleFunctionRegistry.FunctionInvocationWrapper;
import org.springframework.cloud.function.context.config.RoutingFunction;
import org.springframework.cloud.function.json.JacksonMapper;
import org.springframework.cloud.function.json.JsonMapper;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.Environment;
import org.springframework.messaging.Message;
import org.springframework.messaging.converter.MessageConverter;
import org.springframework.util.ClassUtils;
import org.springframework.util.StringUtils;

/**
 * The function that runs for every event: reads the event, calls the function, and writes
 * the answer. It differs from Spring Cloud Function's handler in HTTP bodies in base64,
 * in unreadable bodies and events, and in the effect of headers. Thread-safe.
 */
final class FunctionEndpoint {

	private static final Log logger = LogFactory.getLog(SoongFunctionInvoker.class);

	private static final String JSON = "application/json";

	private static final String METRICS = "soong.metrics.emf";

	private static final String LOG = "soong.invocation-log";

	private static final boolean CRAC_IS_PRESENT = ClassUtils.isPresent("org.crac.Resource",
			FunctionEndpoint.class.getClassLoader());

	private static final String FLOAT_AS_INT = "spring.jackson.deserialization.accept-float-as-int";

	private final FunctionCatalog catalog;

	private final JsonMapper json;

	private final FunctionInvocationWrapper function;

	private final boolean chosenByHeader;

	// The runtime holds hooks weakly
	private final @Nullable Object sampleEvent;

	private final @Nullable InvocationReports reports;

	private FunctionEndpoint(ApplicationContext context, FunctionCatalog catalog, JsonMapper json,
			FunctionInvocationWrapper function, boolean chosenByHeader) {
		this.catalog = catalog;
		this.json = json;
		this.function = function;
		this.chosenByHeader = chosenByHeader;
		this.sampleEvent = registerSampleEvent(context);
		this.reports = reports(context.getEnvironment());
	}

	private @Nullable Object registerSampleEvent(ApplicationContext context) {
		// The hook loads classes that nothing else uses
		boolean given = StringUtils.hasText(context.getEnvironment().getProperty(SampleEvent.EVENT));
		return (given && CRAC_IS_PRESENT) ? SampleEvent.register(this::handleUnlessRefused, context) : null;
	}

	/**
	 * Returns the reports that the application asks for, whose classes are not loaded
	 * where it asks for none.
	 */
	static @Nullable InvocationReports reports(Environment environment) {
		boolean metrics = environment.getProperty(METRICS, Boolean.class, false);
		boolean log = environment.getProperty(LOG, Boolean.class, false);
		return (metrics || log) ? new InvocationReports(metrics, log, Clock.systemUTC()) : null;
	}

	static boolean isAvailableIn(ApplicationContext context) {
		return context.getBeanNamesForType(FunctionCatalog.class).length > 0;
	}

	/**
	 * Finds the function to run.
	 * @param context the application
	 * @param given the definition that was passed to the handler, which takes precedence
	 * over the application's
	 * @throws UndecidedFunctionException if the definition does not identify a function
	 */
	static FunctionEndpoint of(ApplicationContext context, @Nullable String given) {
		Environment environment = context.getEnvironment();
		String definition = StringUtils.hasText(given) ? given : environment.getProperty(Event.DEFINITION);
		FunctionCatalog catalog = context.getBean(FunctionCatalog.class);
		FunctionInvocationWrapper function = catalog.lookup(definition, JSON);
		if (function == null) {
			throw new UndecidedFunctionException(StringUtils.hasText(definition) ? definition : null, names(catalog));
		}
		if (function.isOutputTypePublisher()) {
			function.setSkipOutputConversion(true);
		}
		JsonMapper json = context.getBean(JsonMapper.class);
		convertEvents(context, catalog, json);
		boolean chosenByHeader = function.getFunctionDefinition().contains(RoutingFunction.FUNCTION_NAME)
				&& !StringUtils.hasText(environment.getProperty("spring.cloud.function.routing-expression"))
				&& context.getBeanNamesForType(MessageRoutingCallback.class).length == 0;
		return new FunctionEndpoint(context, catalog, json, function, chosenByHeader);
	}

	private static Set<String> names(FunctionCatalog catalog) {
		Set<String> names = new TreeSet<>(catalog.getNames(null));
		names.remove(RoutingFunction.FUNCTION_NAME);
		names.remove(RoutingFunction.DEFAULT_ROUTE_HANDLER);
		return names;
	}

	/**
	 * Puts Soong's converter before Spring Cloud Function's. The application's own
	 * converters, if any, run first.
	 */
	private static void convertEvents(ApplicationContext context, FunctionCatalog catalog, JsonMapper json) {
		if (catalog instanceof SimpleFunctionRegistry registry
				&& context instanceof ConfigurableApplicationContext configurable) {
			boolean alone = context.getBeansOfType(MessageConverter.class)
				.values()
				.stream()
				.allMatch((converter) -> converter.getClass().getName().startsWith("org.springframework."));
			EventConverter converter = new EventConverter(exact(json, context.getEnvironment()), alone);
			registry.addMessageConverters(Set.of(converter));
			configurable.getBeanFactory().registerSingleton(EventConverter.class.getName(), converter);
		}
	}

	/**
	 * Refuses a number with a fraction for an integer, which Jackson would truncate,
	 * unless the application's configuration accepts it.
	 */
	private static JsonMapper exact(JsonMapper json, Environment environment) {
		if (json instanceof JacksonMapper jackson && !environment.getProperty(FLOAT_AS_INT, Boolean.class, false)) {
			return new JacksonMapper(
					jackson.getObjectMapper().rebuild().disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT).build());
		}
		return json;
	}

	/**
	 * Begins to observe an invocation, if the application wants reports of them.
	 */
	InvocationReports.@Nullable Report beginReport(Invocation invocation, @Nullable Context context) {
		return (this.reports != null) ? this.reports.begin(invocation, context) : null;
	}

	/**
	 * Handles an event.
	 * @return the answer
	 */
	byte[] handle(InputStream input, @Nullable Context context) throws IOException {
		if (InputStream.class.isAssignableFrom(parameter())) {
			return handleStream(input, context);
		}
		Event event = Event.of(input.readAllBytes(), this.json);
		try {
			return handle(event, context);
		}
		catch (RuntimeException ex) {
			UnreadableEventException unreadable = unreadable(ex);
			if (unreadable == null) {
				throw ex;
			}
			if (!event.isHttp()) {
				throw unreadable;
			}
			logger.debug("Refused a request with status 400: " + unreadable.getMessage());
			return HttpAnswer.badRequest(event, String.valueOf(unreadable.getMessage()), this.json);
		}
	}

	/**
	 * Handles an event, and throws an exception for one that an HTTP caller would get
	 * status 400 for.
	 */
	private byte[] handleUnlessRefused(InputStream input, Context context) throws IOException {
		return InputStream.class.isAssignableFrom(parameter()) ? handleStream(input, context)
				: handle(Event.of(input.readAllBytes(), this.json), context);
	}

	private byte[] handleStream(InputStream input, @Nullable Context context) throws IOException {
		Message<?> message = AWSLambdaUtils.generateMessage(input, this.function.getInputType(),
				this.function.isSupplier(), this.json, context);
		return answer(message, this.function.apply(message));
	}

	private byte[] handle(Event event, @Nullable Context context) {
		checkChoice(event);
		boolean single = FunctionTypeUtils.isMono(this.function.getInputType());
		if (single && event.isArray() && !FunctionTypeUtils.isTypeCollection(parameter())) {
			throw new UnreadableEventException("The event is an array, but the function takes one value");
		}
		boolean eachElement = !single
				&& (this.function.isRoutingFunction() || !EventConverter.takesEnvelope(parameter()));
		Message<?> message = event.message(context, this.json, eachElement, this.chosenByHeader);
		Object result = this.function.apply(message);
		if (event.isHttp() && result != null) {
			result = HttpAnswer.withoutRequestHeaders(result, message.getHeaders());
		}
		return HttpAnswer.forCaller(event, answer(message, result), this.json);
	}

	private byte[] answer(Message<?> message, @Nullable Object result) {
		return AWSLambdaUtils.generateOutputFromObject(message, result, this.json, this.function.getOutputType());
	}

	/**
	 * Returns the function's input type, unwrapped from a message or publisher.
	 */
	private Class<?> parameter() {
		Type type = this.function.getInputType();
		while (type != null && (FunctionTypeUtils.isPublisher(type) || FunctionTypeUtils.isMessage(type))) {
			Type inner = FunctionTypeUtils.getImmediateGenericType(type, 0);
			if (inner == null || inner == type) {
				return Object.class;
			}
			type = inner;
		}
		return (type != null) ? FunctionTypeUtils.getRawType(type) : Object.class;
	}

	/**
	 * Refuses a request for an unknown function with Soong's own message, because Spring
	 * Cloud Function's contains the header.
	 */
	private void checkChoice(Event event) {
		if (!this.function.isRoutingFunction() || !event.isHttp() || !this.chosenByHeader) {
			return;
		}
		String definition = event.header(Event.DEFINITION);
		if (definition == null) {
			throw new UnreadableEventException("The header " + Event.DEFINITION + " must name a function");
		}
		boolean single = !definition.contains(",") && Stream.of(definition.split("\\|"))
			.map(String::strip)
			.noneMatch(RoutingFunction.FUNCTION_NAME::equals);
		// The router would call itself without end
		boolean known = single && (this.catalog.lookup(definition) != null
				|| this.catalog.lookup(RoutingFunction.DEFAULT_ROUTE_HANDLER) != null);
		if (!known) {
			throw new UnreadableEventException("The header " + Event.DEFINITION + " names no function");
		}
	}

	private static @Nullable UnreadableEventException unreadable(Throwable failure) {
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			if (cause instanceof UnreadableEventException ex) {
				return ex;
			}
		}
		return null;
	}

}
