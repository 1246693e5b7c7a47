/**
 * A user's project, as its test slices see it.
 */
@NullMarked
package io.soong.slices;

import org.jspecify.annotations.NullMarked;
