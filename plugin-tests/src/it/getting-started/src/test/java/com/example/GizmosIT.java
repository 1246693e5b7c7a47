package com.example;

import java.nio.file.Files;
import java.nio.file.Path;

import io.soong.test.LambdaRuntime;
import io.soong.test.RdsLookalike;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class GizmosIT {

	@Test
	void functionAnswersUnderTheRuntimeOfLambda() throws Exception {
		try (RdsLookalike rds = RdsLookalike.start()) {
			rds.execute(Files.readString(Path.of("src/test/resources/schema.sql")));
			rds.execute("GRANT SELECT ON gizmos TO jane_doe");
			try (LambdaRuntime function = LambdaRuntime.builder()
				.packageFolder(Path.of("target/gizmos-lambda"))
				.handler("io.soong.lambda.SoongFunctionInvoker")
				.environment(rds.environment())
				.start()) {
				assertThat(function.invoke("{\"id\": 42}").payload())
					.isEqualTo("{\"id\":42,\"name\":\"Gizmo42\",\"color\":\"pink\"}");
			}
		}
	}

}
