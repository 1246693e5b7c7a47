package io.soong.autoconfigure;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.soong.SharedRds;
import io.soong.auth.DatabaseCredentialsProvider;
import io.soong.jdbc.Invocation;
import io.soong.sql.SoongTemplate;
import io.soong.test.RdsLookalike;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import org.springframework.aot.agent.RecordedInvocation;
import org.springframework.aot.hint.BindingReflectionHintsRegistrar;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.aot.test.agent.EnabledIfRuntimeHintsAgent;
import org.springframework.aot.test.agent.RuntimeHintsInvocations;
import org.springframework.aot.test.agent.RuntimeHintsRecorder;
import org.springframework.beans.factory.aot.AotServices;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Compares what Soong's classes do by reflection while they work with the hints that a
 * native image is built with. Spring's agent records it; it is deprecated in favour of a
 * flag of native images, which cannot be built everywhere.
 */
@EnabledIfRuntimeHintsAgent
@SuppressWarnings("removal")
class RuntimeHintsIntegrationTests {

	private static final RdsLookalike rds = SharedRds.rds();

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(SoongAutoConfiguration.class, SoongTemplateAutoConfiguration.class,
				JdbcTemplateAutoConfiguration.class, DataSourceTransactionManagerAutoConfiguration.class))
		.withBean(DatabaseCredentialsProvider.class, SharedRds::iam)
		.withPropertyValues("AWS_LAMBDA_RUNTIME_API=127.0.0.1:9001", "soong.host=" + rds.endpoint(),
				"soong.hostaddr=" + rds.address(), "soong.port=" + rds.port(), "soong.dbname=" + rds.database(),
				"soong.user=jane_doe", "soong.ssl.root-cert=file:" + rds.caCertificate());

	@BeforeAll
	static void createTable() throws Exception {
		rds.execute(
				"""
						CREATE TABLE planets (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text UNIQUE, moons jsonb,
							kind text, tags text[]);
						GRANT ALL ON planets TO jane_doe;
						""");
	}

	@AfterAll
	static void dropTable() throws Exception {
		rds.execute("DROP TABLE planets");
	}

	@Test
	void startAndCallsDoNothingByReflectionThatANativeImageWouldNotKnow() {
		RuntimeHintsInvocations invocations = RuntimeHintsRecorder
			.record(() -> this.runner.run((context) -> call(context.getBean(SoongTemplate.class))));
		invocations.assertThat()
			.notMatching(hints())
			.filteredOn((invocation) -> !isOfTheJdk(invocation))
			.extracting(RuntimeHintsIntegrationTests::describe)
			.isEmpty();
		invocations.assertThat().notMatching(new RuntimeHints()).hasSizeGreaterThan(10);
	}

	/**
	 * Proxies and annotations of the JDK's, which are generated into Soong's packages.
	 */
	private static boolean isOfTheJdk(RecordedInvocation invocation) {
		return invocation.getStackFrames()
			.findFirst()
			.filter((caller) -> caller.getClassName().contains("$Proxy"))
			.isPresent();
	}

	private static String describe(RecordedInvocation invocation) {
		return invocation + " of " + invocation.getInstance() + " by "
				+ invocation.getStackFrames().limit(2).map(Object::toString).toList();
	}

	@SuppressWarnings("try")
	private static void call(SoongTemplate soong) {
		try (Invocation invocation = Invocation.open("planets", Duration.ofSeconds(30))) {
			Planet earth = new Planet("Earth", List.of(new Moon("Luna")), Kind.ROCK, List.of("blue"));
			Integer id = soong.insert("planets", earth, "id", Integer.class);
			assertThat(soong.get("planets", id, Planet.class)).contains(earth);
			assertThat(soong.get("planets", id)).isPresent();
			soong.update("planets", id, Map.of("kind", Kind.GAS));
			soong.upsert("planets", earth, "name");
			soong.insertAll("planets",
					IntStream.range(0, 2000)
						.mapToObj((i) -> new Planet("P" + i, List.of(), Kind.GAS, List.of()))
						.toList());
			soong.inTransaction(() -> {
				try (Stream<Planet> planets = soong.select("planets").stream(Planet.class)) {
					assertThat(planets.count()).isEqualTo(2001);
				}
			});
			assertThat(soong.query(Planet.class, "SELECT * FROM planets WHERE kind IN (:kinds)",
					Map.of("kinds", List.of(Kind.ROCK))))
				.hasSize(1);
		}
	}

	/** Soong's, and those that an application gives for its own records. */
	private static RuntimeHints hints() {
		RuntimeHints hints = new RuntimeHints();
		AotServices.factories()
			.load(RuntimeHintsRegistrar.class)
			.stream()
			.filter((registrar) -> registrar.getClass().getName().startsWith("io.soong."))
			.forEach(
					(registrar) -> registrar.registerHints(hints, RuntimeHintsIntegrationTests.class.getClassLoader()));
		new BindingReflectionHintsRegistrar().registerReflectionHints(hints.reflection(), Planet.class, Moon.class,
				Kind.class);
		return hints;
	}

	record Planet(String name, List<Moon> moons, Kind kind, List<String> tags) {

	}

	record Moon(String name) {

	}

	enum Kind {

		ROCK, GAS

	}

}
