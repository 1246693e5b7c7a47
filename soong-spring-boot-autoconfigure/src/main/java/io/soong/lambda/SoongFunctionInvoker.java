package io.soong.lambda;

import org.springframework.cloud.function.adapter.aws.FunctionInvoker;

/**
 * The handler to deploy: {@code io.soong.lambda.SoongFunctionInvoker}. It does what
 * Spring Cloud Function's {@link FunctionInvoker} does; deploying it rather than its
 * parent means that a function needs no new handler when Soong has more to do at the
 * edges of an invocation.
 * <p>
 * Created once per execution environment by the Lambda runtime. The application is named
 * by {@code MAIN_CLASS}, or found in the manifest; the function by
 * {@code spring.cloud.function.definition}.
 */
public class SoongFunctionInvoker extends FunctionInvoker {

	/**
	 * Starts the application. Called by the Lambda runtime.
	 */
	public SoongFunctionInvoker() {
	}

	/**
	 * Starts the application for one of its functions.
	 * @param functionDefinition the function's name, or several composed with {@code |}
	 */
	public SoongFunctionInvoker(String functionDefinition) {
		super(functionDefinition);
	}

}
