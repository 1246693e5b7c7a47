/**
 * Builds the packages that are deployed to Lambda.
 */
@NullMarked
package io.soong.maven;

import org.jspecify.annotations.NullMarked;
