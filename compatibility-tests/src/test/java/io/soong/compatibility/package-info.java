/**
 * A user's project with libraries that use the data source.
 */
@NullMarked
package io.soong.compatibility;

import org.jspecify.annotations.NullMarked;
