/**
 * Spring Boot auto-configuration.
 */
@NullMarked
package io.soong.autoconfigure;

import org.jspecify.annotations.NullMarked;
