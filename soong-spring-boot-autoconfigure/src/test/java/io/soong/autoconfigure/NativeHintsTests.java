package io.soong.autoconfigure;

import java.lang.reflect.Constructor;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.Statement;
import java.util.List;
import java.util.Properties;

import io.soong.jdbc.DriverSocketFactory;
import io.soong.lambda.SoongFunctionInvoker;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.copy.CopyDual;
import org.postgresql.copy.CopyIn;
import org.postgresql.copy.CopyOut;
import org.postgresql.core.QueryExecutor;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.beans.factory.aot.AotServices;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.aot.hint.predicate.RuntimeHintsPredicates.proxies;
import static org.springframework.aot.hint.predicate.RuntimeHintsPredicates.reflection;
import static org.springframework.aot.hint.predicate.RuntimeHintsPredicates.resource;

/**
 * Tests for the hints that a native image is built with, as Spring finds them.
 */
class NativeHintsTests {

	private final RuntimeHints hints = registeredHints();

	@Test
	void hintsKeepWhatTheDriverKnowsByName() throws NoSuchMethodException {
		Constructor<?> constructor = DriverSocketFactory.class.getConstructor(Properties.class);
		assertThat(reflection().onConstructorInvocation(constructor)).accepts(this.hints);
	}

	@Test
	void hintsKeepTheHandler() {
		assertThat(reflection().onType(SoongFunctionInvoker.class)
			.withMemberCategories(MemberCategory.INVOKE_PUBLIC_CONSTRUCTORS, MemberCategory.INVOKE_PUBLIC_METHODS))
			.accepts(this.hints);
	}

	@ParameterizedTest
	@ValueSource(strings = { "us-east-1", "eu-central-1", "af-south-1" })
	void hintsKeepTheRdsRoots(String region) {
		assertThat(resource().forResource("io/soong/jdbc/rds-roots/" + region + ".pem")).accepts(this.hints);
	}

	@ParameterizedTest
	@ValueSource(classes = { Connection.class, Statement.class, PreparedStatement.class, CallableStatement.class,
			DatabaseMetaData.class, QueryExecutor.class, CopyIn.class, CopyOut.class, CopyDual.class })
	void hintsKeepTheInterfacesOfProxies(Class<?> proxied) {
		assertThat(proxies().forInterfaces(proxied)).accepts(this.hints);
	}

	@Test
	void hintsKeepJackson() {
		assertThat(reflection().onType(JsonMapper.class)).accepts(this.hints);
	}

	/** Only ours, as others' could hide that one is missing. */
	private static RuntimeHints registeredHints() {
		RuntimeHints hints = new RuntimeHints();
		List<RuntimeHintsRegistrar> registrars = AotServices.factories()
			.load(RuntimeHintsRegistrar.class)
			.stream()
			.filter((registrar) -> registrar.getClass().getName().startsWith("io.soong."))
			.toList();
		registrars.forEach((registrar) -> registrar.registerHints(hints, NativeHintsTests.class.getClassLoader()));
		return hints;
	}

}
