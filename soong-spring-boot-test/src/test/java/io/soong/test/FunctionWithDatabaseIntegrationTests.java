package io.soong.test;

import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of {@link LambdaRuntime} and {@link RdsLookalike} together.
 */
class FunctionWithDatabaseIntegrationTests {

	@Test
	void functionWhenDatabaseFailsOverDuringFreezeLosesItsConnection() throws Exception {
		try (RdsLookalike rds = RdsLookalike.builder().iamUser("jane_doe").start();
				LambdaRuntime lambda = LambdaRuntime.builder()
					.handler(Functions.Database.class.getName())
					.classPath(System.getProperty("java.class.path"))
					.environment(rds.environment())
					.timeout(Duration.ofSeconds(60))
					.start()) {
			assertThat(lambda.invoke("1").payload()).isEqualTo("jane_doe");
			lambda.freeze();
			assertThat(rds.killConnections()).isEqualTo(1);
			lambda.thaw();
			assertThat(lambda.invoke("2").payload()).isEqualTo("57P01");
			rds.failTokenChecks(1);
			assertThat(lambda.invoke("\"reconnect\"").payload()).isEqualTo("28000");
			assertThat(lambda.invoke("\"reconnect\"").payload()).isEqualTo("jane_doe");
			assertThat(rds.cutConnections()).isEqualTo(1);
			assertThat(lambda.invoke("3").payload()).isEqualTo("08006");
			List<Login> logins = rds.logins();
			assertThat(logins).extracting(Login::accepted).containsExactly(true, false, true);
			rds.rotateCredentials();
			assertThat(lambda.invoke("\"reconnect\"").payload()).isEqualTo("28000");
			assertThat(lambda.logs()).noneMatch((line) -> line.contains("X-Amz"));
		}
	}

	@Test
	void functionWhenNameMovesOrFailsFollows() throws Exception {
		try (HostsFile names = HostsFile.create();
				RdsLookalike rds = RdsLookalike.builder().names(names).start();
				RdsLookalike other = RdsLookalike.builder().sameEndpointAs(rds).start();
				LambdaRuntime lambda = LambdaRuntime.builder()
					.handler(Functions.Database.class.getName())
					.classPath(System.getProperty("java.class.path"))
					.environment(rds.environment())
					.environment("AWS_LAMBDA_JAVA_NETWORKADDRESS_CACHE_NEGATIVE_TTL", "0")
					.addJvmOptions(names.jvmOption(), "-Dsun.net.inetaddr.ttl=0")
					.timeout(Duration.ofSeconds(60))
					.start()) {
			assertThat(rds.environment()).doesNotContainKey("PG_HOSTADDR");
			assertThat(lambda.invoke("1").payload()).isEqualTo("jane_doe");
			names.point(rds.endpoint(), other.address());
			assertThat(lambda.invoke("\"reconnect\"").payload()).isEqualTo("jane_doe");
			assertThat(rds.logins()).hasSize(1);
			assertThat(other.logins()).extracting(Login::accepted).containsExactly(true);
			names.remove(rds.endpoint());
			assertThat(lambda.invoke("\"reconnect\"").payload()).isEqualTo("08001");
			rds.clearFaults();
			assertThat(lambda.invoke("\"reconnect\"").payload()).isEqualTo("jane_doe");
			assertThat(rds.logins()).hasSize(2);
		}
	}

}
