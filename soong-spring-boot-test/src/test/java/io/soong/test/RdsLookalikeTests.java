package io.soong.test;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Map;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * Tests for {@link RdsLookalike} that need no server.
 */
class RdsLookalikeTests {

	@Test
	void startWhenOnLambdaIsRefused() {
		assertThatIllegalStateException()
			.isThrownBy(() -> PostgresServer.refuseLambda(Map.of("AWS_LAMBDA_RUNTIME_API", "127.0.0.1:9001")))
			.withMessageContaining("does not start on AWS Lambda");
		assertThatIllegalStateException()
			.isThrownBy(() -> PostgresServer.refuseLambda(Map.of("AWS_EXECUTION_ENV", "AWS_Lambda_java21")));
	}

	@Test
	void startWhenUnderSamLocalOrElsewhereIsAllowed() {
		assertThatNoException().isThrownBy(() -> PostgresServer
			.refuseLambda(Map.of("AWS_LAMBDA_RUNTIME_API", "127.0.0.1:9001", "AWS_SAM_LOCAL", "true")));
		assertThatNoException()
			.isThrownBy(() -> PostgresServer.refuseLambda(Map.of("AWS_EXECUTION_ENV", "AWS_ECS_FARGATE")));
	}

	@Test
	void addressWhenNotOfTheLoopbackInterfaceIsRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> RdsLookalike.builder().address("0.0.0.0"))
			.withMessage("RdsLookalike listens on the loopback interface, not on 0.0.0.0");
	}

	@Test
	void startWhenPortIsTakenSaysSo() throws IOException {
		try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
			assertThatIllegalStateException()
				.isThrownBy(() -> RdsLookalike.builder().port(taken.getLocalPort()).start())
				.withMessageContaining("port " + taken.getLocalPort() + ": it is taken");
		}
	}

}
