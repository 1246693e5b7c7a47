/**
 * Who may log in to the database.
 */
@NullMarked
package io.soong.auth;

import org.jspecify.annotations.NullMarked;
