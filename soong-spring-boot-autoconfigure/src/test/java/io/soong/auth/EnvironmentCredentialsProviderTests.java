package io.soong.auth;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

import com.sun.net.httpserver.HttpServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;

import static org.assertj.core.api.Assertions.assertThat;

class EnvironmentCredentialsProviderTests {

	private final Map<String, String> variables = new HashMap<>();

	private final EnvironmentCredentialsProvider provider = new EnvironmentCredentialsProvider(this.variables::get);

	@AfterEach
	void clearSystemProperties() {
		for (String property : new String[] { "aws.containerCredentialsFullUri", "aws.containerServiceEndpoint",
				"aws.containerCredentialsPath", "aws.containerAuthorizationToken", "aws.accessKeyId",
				"aws.secretAccessKey" }) {
			System.clearProperty(property);
		}
	}

	@Test
	void resolveWhenKeyVariablesAreSetTakesThemAnewEachTime() {
		this.variables.putAll(Map.of("AWS_ACCESS_KEY_ID", "AKID1", "AWS_SECRET_ACCESS_KEY", "secret1",
				"AWS_SESSION_TOKEN", "token1"));
		assertThat(this.provider.resolveCredentials())
			.isEqualTo(AwsSessionCredentials.create("AKID1", "secret1", "token1"));
		this.variables.put("AWS_ACCESS_KEY_ID", "AKID2");
		assertThat(this.provider.resolveCredentials().accessKeyId()).isEqualTo("AKID2");
	}

	@Test
	void resolveWhenSessionTokenIsBlankTakesLongLivedKeys() {
		this.variables
			.putAll(Map.of("AWS_ACCESS_KEY_ID", "AKID1", "AWS_SECRET_ACCESS_KEY", "secret1", "AWS_SESSION_TOKEN", " "));
		assertThat(this.provider.resolveCredentials()).isEqualTo(AwsBasicCredentials.create("AKID1", "secret1"));
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void resolveWhenContainerVariablesAreSetPrefersTheEndpointAndAsksItEachTime(boolean relative) throws IOException {
		HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		int[] asked = new int[1];
		server.createContext("/", (exchange) -> {
			byte[] answer = """
					{"AccessKeyId": "AKID%d", "SecretAccessKey": "secret", "Token": "%s", "Expiration": "%s"}"""
				.formatted(++asked[0], exchange.getRequestHeaders().getFirst("Authorization"),
						Instant.now().plusSeconds(3600))
				.getBytes(StandardCharsets.UTF_8);
			exchange.sendResponseHeaders(200, answer.length);
			try (OutputStream out = exchange.getResponseBody()) {
				out.write(answer);
			}
		});
		server.start();
		try {
			String endpoint = "http://127.0.0.1:" + server.getAddress().getPort();
			this.variables.putAll(Map.of("AWS_ACCESS_KEY_ID", "stale", "AWS_SECRET_ACCESS_KEY", "stale"));
			// The SDK's own provider reads the variables, or these properties in their
			// place
			if (relative) {
				this.variables.put("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/creds");
				System.setProperty("aws.containerServiceEndpoint", endpoint);
				System.setProperty("aws.containerCredentialsPath", "/creds");
			}
			else {
				this.variables.put("AWS_CONTAINER_CREDENTIALS_FULL_URI", endpoint + "/creds");
				System.setProperty("aws.containerCredentialsFullUri", endpoint + "/creds");
			}
			System.setProperty("aws.containerAuthorizationToken", "authorized");
			AwsCredentials credentials = this.provider.resolveCredentials();
			assertThat(credentials).isInstanceOfSatisfying(AwsSessionCredentials.class, (session) -> {
				assertThat(session.accessKeyId()).isEqualTo("AKID1");
				assertThat(session.sessionToken()).isEqualTo("authorized");
			});
			assertThat(this.provider.resolveCredentials().accessKeyId()).isEqualTo("AKID2");
		}
		finally {
			server.stop(0);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY" })
	void resolveWhenOnlyOneKeyVariableIsSetAsksTheDefaultChain(String variable) {
		this.variables.put(variable, "alone");
		resolveWhenNoVariableIsSetAsksTheDefaultChain();
	}

	@Test
	void resolveWhenNoVariableIsSetAsksTheDefaultChain() {
		System.setProperty("aws.accessKeyId", "AKIDCHAIN");
		System.setProperty("aws.secretAccessKey", "secret");
		assertThat(this.provider.resolveCredentials().accessKeyId()).isEqualTo("AKIDCHAIN");
	}

}
