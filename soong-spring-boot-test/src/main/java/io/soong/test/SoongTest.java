package io.soong.test;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.jdbc.test.autoconfigure.AutoConfigureJdbc;
import org.springframework.boot.jdbc.test.autoconfigure.AutoConfigureTestDatabase;
import org.springframework.boot.test.autoconfigure.OverrideAutoConfiguration;
import org.springframework.boot.test.context.PropertyMapping;
import org.springframework.boot.test.context.PropertyMapping.Skip;
import org.springframework.boot.test.context.filter.annotation.TypeExcludeFilters;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.core.annotation.AliasFor;
import org.springframework.test.context.BootstrapWith;
import org.springframework.test.context.junit.jupiter.SpringExtension;
import org.springframework.transaction.annotation.Transactional;

/**
 * A test of an application's database access. It configures Soong's data source and
 * template, Spring's JDBC support and transactions, Jackson, and Flyway or Liquibase if
 * they are on the class path. It configures neither the web layer nor the function
 * catalog, and no components of the application except those that are imported or
 * included.
 *
 * <pre class="code">
 * &#64;SoongTest
 * &#64;Import(Gizmos.class)
 * class GizmosTests {
 *
 *     &#64;Autowired
 *     Gizmos gizmos;
 *
 *     ...
 * }
 * </pre>
 *
 * <p>
 * The database is a real, embedded PostgreSQL, whose server starts once for all tests of
 * a JVM. Every application context has a separate database in it, which test classes with
 * the same configuration share. Migrations, {@code schema.sql} and {@code data.sql} are
 * applied when the context starts. Each test runs in a transaction that is rolled back.
 * The test never connects to the hosts in {@code soong.host}, {@code PG_HOST} or
 * {@code spring.datasource.url}.
 *
 * <p>
 * A container with {@code @ServiceConnection}, or a service of Docker Compose, replaces
 * the embedded PostgreSQL.
 *
 * <p>
 * For a test of the whole application with the same database, annotate it with
 * {@code @SpringBootTest} and {@link AutoConfigureTestDatabase}.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
@BootstrapWith(SoongTestContextBootstrapper.class)
@ExtendWith(SpringExtension.class)
@OverrideAutoConfiguration(enabled = false)
@TypeExcludeFilters(SoongTypeExcludeFilter.class)
@Transactional
@AutoConfigureJdbc
@AutoConfigureTestDatabase
@ImportAutoConfiguration
public @interface SoongTest {

	/**
	 * Whether to log in as on RDS, by an IAM token over TLS that verifies the server. The
	 * context then has an {@link RdsLookalike} bean, which lists logins and produces
	 * faults. It has a separate server, which takes a second to start. By default the
	 * login is by password.
	 * @return whether the login is by IAM
	 */
	@PropertyMapping(value = "soong.test.iam", skip = Skip.ON_DEFAULT_VALUE)
	boolean iam() default false;

	/**
	 * Properties in the form {@code key=value}, which override those of the application.
	 * @return the properties
	 */
	String[] properties() default {};

	/**
	 * Whether the application's components are excluded, except those that
	 * {@link #includeFilters()} include.
	 * @return whether they are excluded
	 */
	boolean useDefaultFilters() default true;

	/**
	 * Filters for the components of the application to include.
	 * @return the filters
	 */
	ComponentScan.Filter[] includeFilters() default {};

	/**
	 * Filters for the components of the application to exclude.
	 * @return the filters
	 */
	ComponentScan.Filter[] excludeFilters() default {};

	/**
	 * The auto-configurations to exclude.
	 * @return the auto-configurations
	 */
	@AliasFor(annotation = ImportAutoConfiguration.class, attribute = "exclude")
	Class<?>[] excludeAutoConfiguration() default {};

}
