package io.soong.samples.gizmos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.soong.test.LambdaRuntime;
import io.soong.test.RdsLookalike;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a function may carry, and load until its first answer. Counts, because they are
 * alike on every machine. Who exceeds one knowingly raises it here, and says why.
 */
class ColdStartBudgetIntegrationTests {

	private static final Path DEPLOYMENT = Path.of("target", "gizmos-lambda");

	private static final long ZIP_BYTES = 15_400_000;

	/**
	 * Some 6,950, a few more or less as threads meet. Five of them are the seam for those
	 * who observe connections, and its property.
	 */
	private static final int CLASSES = 6_960;

	private static final Pattern LOADED = Pattern.compile("(\\S+) source: (.*)");

	private static final List<String> JARS = List.of("annotations", "auth", "checksums", "checksums-spi",
			"commons-logging", "crac", "endpoints-spi", "http-auth", "http-auth-aws", "http-auth-spi",
			"http-client-spi", "identity-spi", "jackson-annotations", "jackson-core", "jackson-databind",
			"jackson-datatype-joda", "jakarta.annotation-api", "joda-time", "json-utils", "jspecify", "jul-to-slf4j",
			"log4j-api", "log4j-to-slf4j", "logback-classic", "logback-core", "metrics-spi", "micrometer-commons",
			"micrometer-observation", "postgresql", "profiles", "reactive-streams", "reactor-core", "regions",
			"retries", "retries-spi", "sdk-core", "slf4j-api", "snakeyaml", "soong-spring-boot-autoconfigure",
			"spring-aop", "spring-beans", "spring-boot", "spring-boot-autoconfigure", "spring-boot-jdbc",
			"spring-boot-persistence", "spring-boot-sql", "spring-boot-transaction",
			"spring-cloud-function-adapter-aws", "spring-cloud-function-context", "spring-cloud-function-core",
			"spring-context", "spring-core", "spring-expression", "spring-jdbc", "spring-messaging", "spring-tx",
			"spring-web", "third-party-jackson-core", "utils");

	@TempDir
	private Path folder;

	@Test
	void deploymentHoldsTheseJars() throws IOException {
		try (Stream<Path> jars = Files.list(DEPLOYMENT.resolve("lib"))) {
			assertThat(jars.map((jar) -> jar.getFileName().toString().replaceFirst("-\\d+\\..*$", "")))
				.containsExactlyInAnyOrderElementsOf(JARS);
		}
	}

	@Test
	void deploymentIsNoLargerThanItsBudget() throws IOException {
		assertThat(Files.size(Path.of("target", "gizmos-lambda.zip"))).as("bytes of the zip")
			.isLessThanOrEqualTo(ZIP_BYTES);
	}

	/** The JDK's own classes differ by its release. */
	@Test
	@EnabledForJreRange(min = JRE.JAVA_17, max = JRE.JAVA_17)
	void functionLoadsNoMoreClassesThanItsBudget() throws Exception {
		Path log = this.folder.resolve("classes.log");
		try (RdsLookalike rds = RdsLookalike.builder().iamUser("jane_doe").start()) {
			GizmosDatabase.create(rds);
			try (LambdaRuntime function = GizmosRuntime.of(DEPLOYMENT, rds, "getGizmo")
				.addJvmOptions("-Xlog:class+load:file=" + log + "::filecount=0")
				.start()) {
				assertThat(function.invoke("{\"id\": 42}").isError()).isFalse();
				assertThat(function.logs())
					.anyMatch((line) -> line.contains("Starting AOT-processed GizmosApplication"));
				Map<String, Integer> classes = classesBySource(log);
				assertThat(classes.values().stream().mapToInt(Integer::intValue).sum())
					.as("classes loaded, of which %s", classes)
					.isLessThanOrEqualTo(CLASSES);
			}
		}
	}

	private static Map<String, Integer> classesBySource(Path log) throws IOException {
		try (Stream<String> lines = Files.lines(log)) {
			return lines.map(LOADED::matcher)
				.filter(Matcher::find)
				.map((loaded) -> source(loaded.group(2)))
				.collect(Collectors.toMap((source) -> source, (source) -> 1, Integer::sum, TreeMap::new));
		}
	}

	/**
	 * A jar, a module of the JDK, the JDK's own archive; lambdas and proxies come from
	 * classes.
	 */
	private static String source(String source) {
		if (source.endsWith(".jar")) {
			return source.substring(source.lastIndexOf('/') + 1);
		}
		return (source.startsWith("jrt:/") || source.contains("shared")) ? source : "generated";
	}

}
