package io.soong.lambda;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.Method;
import java.sql.SQLException;
import java.time.Duration;
import java.util.function.Function;

import com.amazonaws.services.lambda.runtime.Context;
import io.soong.jdbc.Invocation;
import org.jspecify.annotations.Nullable;

import org.springframework.cloud.function.adapter.aws.FunctionInvoker;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.util.ReflectionUtils;

/**
 * The handler to deploy: {@code io.soong.lambda.SoongFunctionInvoker}. It does what
 * Spring Cloud Function's {@link FunctionInvoker} does, within an {@link Invocation},
 * which gives the database connection its deadline and revokes connections that the
 * function did not return.
 * <p>
 * That also applies to functions that return a {@code Mono} or {@code Flux}, because the
 * invocation includes their subscription and completion. Work on threads of a scheduler
 * belongs to the invocation, unless the environment handles several events at a time
 * (Lambda Managed Instances); then only the handling thread does. Work that continues
 * after the answer, such as a subscription of the function's own, is not part of any
 * invocation.
 * <p>
 * The body of an HTTP request is decoded, and bound to the function's parameter. If that
 * fails, the request is answered with status 400 and a reason, and no function is called.
 * Request headers are data: they are not sent back, do not appear in errors, and choose
 * no function unless {@code spring.cloud.function.definition} is {@code functionRouter}.
 * <p>
 * Created once per execution environment by the Lambda runtime. {@code MAIN_CLASS} or the
 * manifest names the application, {@code spring.cloud.function.definition} the function.
 * Thread-safe.
 */
public class SoongFunctionInvoker extends FunctionInvoker {

	private static final boolean LATE = Boolean.parseBoolean(System.getenv("FUNCTION_INVOKER_LATE_INITIALIZATION"));

	private final boolean alone;

	private final @Nullable String definition;

	private volatile @Nullable FunctionEndpoint endpoint;

	/**
	 * Starts the application. Called by the Lambda runtime.
	 * @throws IllegalStateException if {@code MAIN_CLASS} names no class
	 * @throws UndecidedFunctionException if the application has several functions and
	 * none is configured
	 */
	public SoongFunctionInvoker() {
		this(null);
	}

	/**
	 * Starts the application for one of its functions.
	 * @param functionDefinition the function's name, or several composed with {@code |}
	 * @throws UndecidedFunctionException if there is no such function
	 */
	public SoongFunctionInvoker(@Nullable String functionDefinition) {
		this(functionDefinition, System::getenv);
	}

	/**
	 * Starts the application with the given environment variables.
	 */
	SoongFunctionInvoker(@Nullable String functionDefinition, Function<String, @Nullable String> variables) {
		super(StartedApplication.expect(functionDefinition));
		this.alone = new LambdaEnvironment(variables).concurrency() == 1;
		this.definition = functionDefinition;
		this.endpoint = StartedApplication.take();
		if (!LATE) {
			endpoint();
		}
	}

	/**
	 * Returns the function, and starts the application first if the start was deferred to
	 * the first event.
	 */
	private FunctionEndpoint endpoint() {
		FunctionEndpoint endpoint = this.endpoint;
		if (endpoint == null && LATE) {
			endpoint = startLate();
		}
		if (endpoint == null) {
			throw new IllegalStateException("The application's functions were not found. Keep Soong's "
					+ "META-INF/spring.factories in the deployed package, and start the application by Spring Boot");
		}
		return endpoint;
	}

	private synchronized @Nullable FunctionEndpoint startLate() {
		if (this.endpoint == null) {
			Method start = ReflectionUtils.findMethod(FunctionInvoker.class, "start");
			if (start != null) {
				ReflectionUtils.makeAccessible(start);
				StartedApplication.expect(this.definition);
				try {
					ReflectionUtils.invokeMethod(start, this);
				}
				finally {
					this.endpoint = StartedApplication.take();
				}
			}
		}
		return this.endpoint;
	}

	@Override
	public void handleRequest(InputStream input, OutputStream output, @Nullable Context context) throws IOException {
		Invocation invocation = open(context);
		InvocationReports.Report report = null;
		try {
			FunctionEndpoint endpoint = endpoint();
			report = endpoint.beginReport(invocation, context);
			output.write(endpoint.handle(input, context));
		}
		catch (CannotCreateTransactionException ex) {
			throw withReason(ex);
		}
		finally {
			try {
				invocation.close();
			}
			finally {
				if (report != null) {
					report.end();
				}
			}
		}
	}

	/**
	 * Lambda's context may be a test's, which has no time left; that means no deadline.
	 */
	private Invocation open(@Nullable Context context) {
		String id = (context != null) ? LambdaEnvironment.visible(context.getAwsRequestId()) : "without a context";
		int left = (context != null) ? context.getRemainingTimeInMillis() : 0;
		Duration remaining = (left > 0) ? Duration.ofMillis(left) : null;
		return this.alone ? Invocation.open(id, remaining) : Invocation.openConcurrent(id, remaining);
	}

	/**
	 * Lambda's callers see the message of an exception but not its cause. Spring puts the
	 * reason why there is no connection into the cause.
	 */
	private static CannotCreateTransactionException withReason(CannotCreateTransactionException ex) {
		String message = String.valueOf(ex.getMessage());
		if (!(ex.getCause() instanceof SQLException cause) || message.contains(String.valueOf(cause.getMessage()))) {
			return ex;
		}
		CannotCreateTransactionException result = new CannotCreateTransactionException(
				message + ": " + cause.getMessage(), cause);
		result.setStackTrace(ex.getStackTrace());
		return result;
	}

}
