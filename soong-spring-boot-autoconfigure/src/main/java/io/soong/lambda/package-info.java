/**
 * The AWS Lambda runtime that a function lives in.
 */
@NullMarked
package io.soong.lambda;

import org.jspecify.annotations.NullMarked;
