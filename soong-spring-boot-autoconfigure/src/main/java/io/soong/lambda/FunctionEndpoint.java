package io.soong.lambda;

import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

import com.amazonaws.services.lambda.runtime.Context;
import io.soong.jdbc.Invocation;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.cloud.function.adapter.aws.AWSLambdaUtils;
import org.springframework.cloud.function.context.FunctionCatalog;
import org.springframework.cloud.function.context.MessageRoutingCallback;
import org.springframework.cloud.function.context.catalog.SimpleFunctionRegistry;
import org.springframework.cloud.function.context.catalog.SimpleFunctionRegistry.FunctionInvocationWrapper;
import org.springframework.cloud.function.context.config.RoutingFunction;
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

	private final EventJson json;

	private final FunctionInvocationWrapper function;

	private final FunctionSignature signature;

	private final FunctionResult result;

	private final boolean chosenByHeader;

	// The runtime holds hooks weakly
	private final @Nullable Object sampleEvent;

	private final @Nullable InvocationReports reports;

	private FunctionEndpoint(ApplicationContext context, FunctionCatalog catalog, EventJson json,
			FunctionInvocationWrapper function, boolean chosenByHeader) {
		this.catalog = catalog;
		this.json = json;
		this.function = function;
		this.signature = FunctionSignature.of(function);
		this.result = new FunctionResult(json, function.getOutputType());
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
		EventJson json = EventJson.of(context.getBean(JsonMapper.class),
				environment.getProperty(FLOAT_AS_INT, Boolean.class, false));
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
	private static void convertEvents(ApplicationContext context, FunctionCatalog catalog, EventJson json) {
		if (catalog instanceof SimpleFunctionRegistry registry
				&& context instanceof ConfigurableApplicationContext configurable) {
			boolean alone = context.getBeansOfType(MessageConverter.class)
				.values()
				.stream()
				.allMatch((converter) -> converter.getClass().getName().startsWith("org.springframework."));
			EventConverter converter = new EventConverter(json, alone);
			registry.addMessageConverters(Set.of(converter));
			configurable.getBeanFactory().registerSingleton(EventConverter.class.getName(), converter);
		}
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
		if (this.signature.isStream()) {
			return handleStream(input, context);
		}
		Event event = read(input);
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
			return HttpAnswer.badRequest(event, String.valueOf(unreadable.getMessage()), this.json.mapper());
		}
	}

	/**
	 * Handles an event, and throws an exception for one that an HTTP caller would get
	 * status 400 for.
	 */
	private byte[] handleUnlessRefused(InputStream input, Context context) throws IOException {
		return this.signature.isStream() ? handleStream(input, context) : handle(read(input), context);
	}

	private byte[] handleStream(InputStream input, @Nullable Context context) throws IOException {
		Message<?> message = AWSLambdaUtils.generateMessage(input, this.function.getInputType(),
				this.function.isSupplier(), this.json.mapper(), context);
		return this.result.answer(message, this.function.apply(message));
	}

	private Event read(InputStream input) throws IOException {
		Event event = Event.of(input.readAllBytes(), this.json);
		return (this.function.isRoutingFunction() || this.signature.takesEnvelope()) ? event : event.forBody();
	}

	private byte[] handle(Event event, @Nullable Context context) {
		FunctionSignature signature = (this.function.isRoutingFunction()) ? routedTo(event) : this.signature;
		if (signature != null && event.isArray() && signature.isMono() && !signature.isArray()) {
			throw new UnreadableEventException("The event is an array, but the function takes one value");
		}
		ArrayElements elements = (signature == null || signature.takesElements(event.isHttp()))
				? event.elements(this.json) : null;
		if (elements != null && signature != null && signature.publisher() == null) {
			return handleEach(event, elements, context, signature.returnsNothing());
		}
		// Spring Cloud Function splits an array, also for Gizmo[], unless this header has
		// another value
		boolean whole = event.isArray() && signature != null && signature.type().isArray();
		Object header = (elements != null) ? elements.split() : (whole) ? Boolean.FALSE : null;
		Message<?> message = event.message(context, header, this.chosenByHeader);
		Object result = withoutRequestHeaders(this.function.apply(message), message);
		return HttpAnswer.forCaller(event, this.result.answer(message, result), this.json.mapper());
	}

	/**
	 * Calls the function for one element after the other.
	 */
	private byte[] handleEach(Event event, ArrayElements elements, @Nullable Context context, boolean nothing) {
		List<@Nullable Object> results = new ArrayList<>();
		for (byte[] element : elements.json()) {
			Message<?> message = event.message(element, context, elements, this.chosenByHeader);
			Object result = this.function.apply(message);
			results.add(this.result.message(withoutRequestHeaders(result, message)));
		}
		Message<?> request = event.message(context, elements, this.chosenByHeader);
		byte[] answer = (nothing) ? this.result.answer(request, null) : this.result.answerToAll(request, results);
		return HttpAnswer.forCaller(event, answer, this.json.mapper());
	}

	private static @Nullable Object withoutRequestHeaders(@Nullable Object result, Message<?> request) {
		boolean http = request.getHeaders().containsKey(Event.HTTP);
		return (http && result != null) ? HttpAnswer.withoutRequestHeaders(result, request.getHeaders()) : result;
	}

	/**
	 * Returns what the function takes that the router will call, or {@code null} if only
	 * the router knows. Refuses a request for an unknown function with Soong's own
	 * message, because Spring Cloud Function's contains the header.
	 */
	private @Nullable FunctionSignature routedTo(Event event) {
		if (!this.chosenByHeader) {
			return null;
		}
		String definition = event.header(Event.DEFINITION);
		if (definition == null && event.isHttp()) {
			throw new UnreadableEventException("The header " + Event.DEFINITION + " must name a function");
		}
		boolean single = definition != null && !definition.contains(",")
				&& Stream.of(definition.split("\\|"))
					.map(String::strip)
					.noneMatch(RoutingFunction.FUNCTION_NAME::equals);
		// The router would call itself without end
		FunctionInvocationWrapper function = (single) ? this.catalog.lookup(definition) : null;
		if (single && function == null) {
			function = this.catalog.lookup(RoutingFunction.DEFAULT_ROUTE_HANDLER);
		}
		if (function == null && event.isHttp()) {
			throw new UnreadableEventException("The header " + Event.DEFINITION + " names no function");
		}
		return (function != null) ? FunctionSignature.of(function) : null;
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
