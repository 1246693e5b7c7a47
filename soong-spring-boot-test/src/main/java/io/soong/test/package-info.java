/**
 * RDS, IAM login and the Lambda runtime on a laptop.
 */
@NullMarked
package io.soong.test;

import org.jspecify.annotations.NullMarked;
