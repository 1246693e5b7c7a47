/**
 * Everyday SQL.
 */
@NullMarked
package io.soong.sql;

import org.jspecify.annotations.NullMarked;
