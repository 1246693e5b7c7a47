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
 * A test of what an application does with its database, and of that alone: Soong's data
 * source and template, Spring's JDBC support and transactions, Flyway or Liquibase where
 * they are on the class path, Jackson. Not the web, not the function catalog, and no
 * component of the application but those that are imported or included.
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
 * The database is a real PostgreSQL, embedded, whose server starts once for all tests of
 * a JVM. Every application context has a database of its own in it, so that test classes
 * of one configuration share one, and those of another do not meet it. Migrations,
 * {@code schema.sql} and {@code data.sql} are applied when the context starts. Each test
 * runs in a transaction that is rolled back. Nothing that {@code soong.host},
 * {@code PG_HOST} or {@code spring.datasource.url} name is ever connected to.
 *
 * <p>
 * A container with {@code @ServiceConnection}, or a service of Docker Compose, is used
 * instead where there is one.
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
	 * {@link RdsLookalike} of the context is a bean then, so that a test can ask it for
	 * logins and for faults; it has a server of its own, which takes a second to start.
	 * {@code false} by default: by password.
	 * @return whether the login is by IAM
	 */
	@PropertyMapping(value = "soong.test.iam", skip = Skip.ON_DEFAULT_VALUE)
	boolean iam() default false;

	/**
	 * Properties in the form {@code key=value}, over those of the application.
	 * @return the properties
	 */
	String[] properties() default {};

	/**
	 * Whether the application's components are left out, except those that
	 * {@link #includeFilters()} include.
	 * @return whether they are left out
	 */
	boolean useDefaultFilters() default true;

	/**
	 * Which components of the application to include.
	 * @return what to include
	 */
	ComponentScan.Filter[] includeFilters() default {};

	/**
	 * Which components of the application to keep out.
	 * @return what to leave out
	 */
	ComponentScan.Filter[] excludeFilters() default {};

	/**
	 * Which auto-configurations to leave out.
	 * @return the auto-configurations
	 */
	@AliasFor(annotation = ImportAutoConfiguration.class, attribute = "exclude")
	Class<?>[] excludeAutoConfiguration() default {};

}
