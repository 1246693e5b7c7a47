/**
 * Soong beside plain JDBC and other libraries, on the same database in the same run.
 */
@NullMarked
package io.soong.benchmarks;

import org.jspecify.annotations.NullMarked;
