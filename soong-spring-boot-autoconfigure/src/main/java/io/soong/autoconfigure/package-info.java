/**
 * What Spring Boot configures: {@link io.soong.autoconfigure.SoongAutoConfiguration} the
 * DataSource, {@link io.soong.autoconfigure.SoongTemplateAutoConfiguration} the template,
 * {@link io.soong.autoconfigure.SoongMigrationAutoConfiguration} the roles of migrations.
 * The only package that knows Spring Boot.
 */
@NullMarked
package io.soong.autoconfigure;

import org.jspecify.annotations.NullMarked;
