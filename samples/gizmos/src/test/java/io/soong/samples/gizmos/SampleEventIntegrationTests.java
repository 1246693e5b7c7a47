package io.soong.samples.gizmos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;

import io.soong.test.LambdaRuntime;
import io.soong.test.RdsLookalike;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

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
		try (LambdaRuntime function = snapshot("{\"name\": \"Sample\"}")) {
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
		try (LambdaRuntime function = snapshot(event)) {
			assertThat(function.logs()).anyMatch((line) -> line.contains("WARN")
					&& line.contains("The function failed with the sample event (soong.snapstart.event)"));
			function.restore();
			assertThat(function.invoke(EVENT).payload()).isEqualTo("{\"id\":1000}");
		}
	}

	private LambdaRuntime snapshot(String event) throws IOException {
		return GizmosRuntime.of(Path.of("target/gizmos-lambda"), this.rds, "addGizmo")
			.environment("SOONG_SNAPSTART_EVENT",
					Files.writeString(this.folder.resolve("event.json"), event).toString())
			.environment("SOONG_SNAPSTART_REPETITIONS", "7")
			.credentials(this.rds::environment)
			.snapshot();
	}

}
