package io.soong.samples.gizmos;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import io.soong.test.Answer;
import io.soong.test.LambdaRuntime;
import io.soong.test.Login;
import io.soong.test.RdsLookalike;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class StormIntegrationTests {

	@Test
	void environmentsWhenAllReconnectToAFullServerAreAnsweredInTheEnd() throws Exception {
		try (RdsLookalike rds = RdsLookalike.start()) {
			rds.execute(Files.readString(Path.of("src/test/resources/schema.sql")));
			rds.execute("GRANT ALL ON gizmos TO jane_doe");
			List<LambdaRuntime> environments = new ArrayList<>();
			try {
				for (int i = 0; i < 3; i++) {
					environments.add(LambdaRuntime.builder()
						.packageFolder(Path.of("target/gizmos-lambda"))
						.handler("io.soong.lambda.SoongFunctionInvoker")
						.environment("MAIN_CLASS", "io.soong.samples.gizmos.GizmosApplication")
						.environment("SPRING_CLOUD_FUNCTION_DEFINITION", "addGizmo")
						.environment(rds.environment())
						.timeout(Duration.ofSeconds(30))
						.start());
				}
				assertThat(invokeAtOnce(environments)).noneMatch(Answer::isError);

				environments.forEach(LambdaRuntime::freeze);
				assertThat(rds.killConnections()).isEqualTo(3);
				rds.refuseLogins(6, "53300", "sorry, too many clients already");
				environments.forEach(LambdaRuntime::thaw);

				assertThat(invokeAtOnce(environments)).noneMatch(Answer::isError);
				assertThat(rds.logins()).filteredOn((login) -> !login.accepted()).hasSize(6);
				assertThat(rds.logins()).filteredOn(Login::accepted).hasSize(6);
			}
			finally {
				environments.forEach(LambdaRuntime::close);
			}
		}
	}

	private static List<Answer> invokeAtOnce(List<LambdaRuntime> environments) throws Exception {
		ExecutorService callers = Executors.newFixedThreadPool(environments.size());
		try {
			List<Callable<Answer>> calls = new ArrayList<>();
			environments.forEach((environment) -> calls.add(() -> environment.invoke("{\"name\": \"Flux\"}")));
			List<Answer> answers = new ArrayList<>();
			for (Future<Answer> answer : callers.invokeAll(calls)) {
				answers.add(answer.get());
			}
			return answers;
		}
		finally {
			callers.shutdown();
		}
	}

}
