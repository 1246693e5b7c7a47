/**
 * What it takes from the start of a JVM to the first answer of a function.
 */
@NullMarked
package io.soong.benchmarks.coldstart;

import org.jspecify.annotations.NullMarked;
