/**
 * The function as one would write it without Soong.
 */
@NullMarked
package io.soong.benchmarks.stock;

import org.jspecify.annotations.NullMarked;
