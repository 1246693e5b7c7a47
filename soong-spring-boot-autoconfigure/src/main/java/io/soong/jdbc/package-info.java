/**
 * One living connection to the database.
 */
@NullMarked
package io.soong.jdbc;

import org.jspecify.annotations.NullMarked;
