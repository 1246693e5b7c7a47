/**
 * The edges of an invocation on AWS Lambda: {@link io.soong.lambda.SoongFunctionInvoker}
 * is the handler, {@link io.soong.lambda.LambdaEnvironment} reads Lambda's environment
 * variables. The hidden classes read events ({@code Event}, {@code HttpBody},
 * {@code ArrayElements}), choose and call the function ({@code FunctionEndpoint}) and
 * write answers ({@code FunctionResult}, {@code HttpAnswer}).
 */
@NullMarked
package io.soong.lambda;

import org.jspecify.annotations.NullMarked;
