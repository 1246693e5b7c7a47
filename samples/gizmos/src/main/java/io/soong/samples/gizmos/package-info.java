/**
 * The README example of the Python library as Lambda functions.
 */
@NullMarked
package io.soong.samples.gizmos;

import org.jspecify.annotations.NullMarked;
