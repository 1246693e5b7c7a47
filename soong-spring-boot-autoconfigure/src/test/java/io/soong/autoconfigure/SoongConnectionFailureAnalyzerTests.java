package io.soong.autoconfigure;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;

import io.soong.auth.DatabaseCredentials;
import io.soong.jdbc.ConnectionSettings;
import io.soong.jdbc.SoongConnectionException;
import io.soong.jdbc.SoongDataSource;
import org.junit.jupiter.api.Test;

import org.springframework.boot.diagnostics.FailureAnalysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * The failure analysis of an application that cannot connect.
 */
class SoongConnectionFailureAnalyzerTests {

	@Test
	void analysisSeparatesTheFixesFromTheDiagnosis() throws IOException {
		FailureAnalysis analysis = analyze("What to do: nothing");
		assertThat(analysis.getDescription()).contains("user: What to do: nothing", "TLS: ")
			.doesNotContain("  - Check ")
			.doesNotEndWith("\n");
		assertThat(analysis.getAction()).startsWith("What to do:\n  - Check ");
	}

	private static FailureAnalysis analyze(String user) throws IOException {
		int closed;
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			closed = socket.getLocalPort();
		}
		ConnectionSettings settings = ConnectionSettings.builder("localhost")
			.port(closed)
			.user(user)
			.connectTimeout(Duration.ofMillis(1))
			.build();
		try (SoongDataSource dataSource = new SoongDataSource(settings,
				(endpoint) -> new DatabaseCredentials(user, null))) {
			SoongConnectionException failure = catchThrowableOfType(SoongConnectionException.class,
					dataSource::getConnection);
			return new SoongConnectionFailureAnalyzer().analyze(failure, failure);
		}
	}

}
