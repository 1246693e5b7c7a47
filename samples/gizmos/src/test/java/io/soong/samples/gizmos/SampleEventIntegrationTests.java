package io.soong.samples.gizmos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Objects;
import java.util.stream.Stream;

import io.soong.test.LambdaRuntime;
import io.soong.test.RdsLookalike;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * A sample event before a snapshot.
 */
class SampleEventIntegrationTests {

	private static final String EVENT = "{\"name\": \"Flux\"}";

	@TempDir
	private Path folder;

	private RdsLookalike rds;

	@BeforeEach
	void start() throws IOException, SQLException {
		this.rds = RdsLookalike.start();
		this.rds.execute(Files.readString(Path.of("src/test/resources/schema.sql")));
		this.rds.execute("GRANT ALL ON gizmos TO jane_doe");
	}

	@AfterEach
	void stop() {
		this.rds.close();
	}

	@Test
	void sampleEventIsHandledBeforeTheSnapshotAndLeavesNothing() throws Exception {
		assertThatItLeavesNothing(runtime("{\"name\": \"Sample\"}"));
	}

	/** Where there is one. Lambda's Java 25 has all compilers under SnapStart. */
	@Test
	void sampleEventIsHandledOnJava25Too() throws Exception {
		Path home = javaHome25();
		assumeTrue(home != null, "No JDK 25 was found");
		assertThatItLeavesNothing(runtime("{\"name\": \"Sample\"}").javaHome(home)
			.addJvmOptions("-XX:TieredStopAtLevel=4", "--enable-native-access=ALL-UNNAMED"));
	}

	private void assertThatItLeavesNothing(LambdaRuntime.Builder runtime) throws Exception {
		try (LambdaRuntime function = runtime.snapshot()) {
			assertThat(function.logs()).noneMatch((line) -> line.contains("WARN"));
			assertThat(this.rds.killConnections()).isZero();
			this.rds.rotateCredentials();
			function.restore();
			assertThat(function.invoke(EVENT).payload()).as("ids that were drawn are gone").isEqualTo("{\"id\":1007}");
			try (Connection connection = this.rds.openAdminConnection();
					ResultSet names = connection.createStatement().executeQuery("SELECT name FROM gizmos")) {
				assertThat(names.next()).isTrue();
				assertThat(names.getString(1)).isEqualTo("Flux");
				assertThat(names.next()).isFalse();
			}
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "{\"name\": ",
			"{\"httpMethod\": \"POST\", \"requestContext\": {\"requestId\": \"1\"}, \"body\": \"no json\"}" })
	void sampleEventThatFailsOrIsRefusedDoesNotStopTheSnapshot(String event) throws Exception {
		try (LambdaRuntime function = runtime(event).snapshot()) {
			assertThat(function.logs()).anyMatch((line) -> line.contains("WARN")
					&& line.contains("The function failed with the sample event (soong.snapstart.event)"));
			function.restore();
			assertThat(function.invoke(EVENT).payload()).isEqualTo("{\"id\":1000}");
		}
	}

	private LambdaRuntime.Builder runtime(String event) throws IOException {
		return GizmosRuntime.of(Path.of("target/gizmos-lambda"), this.rds, "addGizmo")
			.environment("SOONG_SNAPSTART_EVENT",
					Files.writeString(this.folder.resolve("event.json"), event).toString())
			.environment("SOONG_SNAPSTART_REPETITIONS", "7")
			.credentials(this.rds::environment);
	}

	private static @Nullable Path javaHome25() throws IOException {
		Stream<Path> named = System.getenv()
			.entrySet()
			.stream()
			.filter((variable) -> variable.getKey().startsWith("JAVA_HOME"))
			.map((variable) -> Path.of(variable.getValue()));
		Path parent = Path.of(System.getProperty("java.home")).toAbsolutePath().getParent();
		try (Stream<Path> neighbours = Files.list(Objects.requireNonNull(parent))) {
			return Stream.concat(named, neighbours)
				.filter(SampleEventIntegrationTests::isJava25)
				.findFirst()
				.orElse(null);
		}
	}

	private static boolean isJava25(Path home) {
		try {
			return Files.readString(home.resolve("release")).contains("JAVA_VERSION=\"25");
		}
		catch (IOException ex) {
			return false;
		}
	}

}
