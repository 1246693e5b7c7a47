package io.soong.lambda;

import java.util.concurrent.TimeUnit;

import com.amazonaws.services.lambda.runtime.ClientContext;
import com.amazonaws.services.lambda.runtime.CognitoIdentity;
import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.LambdaLogger;
import com.amazonaws.services.lambda.runtime.LambdaRuntime;
import org.jspecify.annotations.Nullable;

/**
 * The context of a {@link SampleEvent}, which has no request.
 *
 * @param end the deadline of the function, in terms of {@link System#nanoTime()}
 */
record SampleContext(long end) implements Context {

	@Override
	public String getAwsRequestId() {
		return "00000000-0000-0000-0000-000000000000";
	}

	@Override
	public String getLogGroupName() {
		return variable("AWS_LAMBDA_LOG_GROUP_NAME");
	}

	@Override
	public String getLogStreamName() {
		return variable("AWS_LAMBDA_LOG_STREAM_NAME");
	}

	@Override
	public String getFunctionName() {
		return variable("AWS_LAMBDA_FUNCTION_NAME");
	}

	@Override
	public String getFunctionVersion() {
		return variable("AWS_LAMBDA_FUNCTION_VERSION");
	}

	@Override
	public String getInvokedFunctionArn() {
		return "";
	}

	@Override
	public @Nullable CognitoIdentity getIdentity() {
		return null;
	}

	@Override
	public @Nullable ClientContext getClientContext() {
		return null;
	}

	@Override
	public int getRemainingTimeInMillis() {
		return (int) TimeUnit.NANOSECONDS.toMillis(this.end - System.nanoTime());
	}

	@Override
	public int getMemoryLimitInMB() {
		String memory = variable("AWS_LAMBDA_FUNCTION_MEMORY_SIZE");
		return memory.isEmpty() ? 0 : Integer.parseInt(memory);
	}

	@Override
	public LambdaLogger getLogger() {
		return LambdaRuntime.getLogger();
	}

	private static String variable(String name) {
		String value = System.getenv(name);
		return (value != null) ? value : "";
	}

}
