/**
 * The function without any framework.
 */
@NullMarked
package io.soong.benchmarks.bare;

import org.jspecify.annotations.NullMarked;
