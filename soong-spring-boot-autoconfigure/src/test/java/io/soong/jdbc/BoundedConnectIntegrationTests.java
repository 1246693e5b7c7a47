package io.soong.jdbc;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

import io.soong.SharedRds;
import io.soong.auth.DatabaseCredentialsProvider;
import io.soong.jdbc.SoongConnectionException.Step;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What hangs before anything is dialled.
 */
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BoundedConnectIntegrationTests {

	private static final Duration SHORT = Duration.ofMillis(300);

	private final CountDownLatch over = new CountDownLatch(1);

	@AfterEach
	void release() {
		this.over.countDown();
	}

	@Test
	void providerThatDoesNotAnswerIsBoundedByTheTimeToConnect() {
		try (SoongDataSource dataSource = new SoongDataSource(SharedRds.settings().connectTimeout(SHORT).build(),
				hanging())) {
			assertThatExceptionOfType(SoongConnectionException.class).isThrownBy(dataSource::getConnection)
				.withMessageContaining("There are no credentials")
				.withMessageContaining("the provider did not answer within")
				.matches(SoongConnectionException::isTransient);
		}
	}

	@Test
	void providerThatDoesNotAnswerIsBoundedByTheDeadline() {
		try (SoongDataSource dataSource = new SoongDataSource(
				SharedRds.settings().deadlineMargin(Duration.ofMillis(100)).build(), hanging());
				Invocation invocation = Invocation.open("b-1", Duration.ofMillis(400))) {
			assertThatExceptionOfType(SoongConnectionException.class).isThrownBy(dataSource::getConnection)
				.withMessageContaining("the provider did not answer within");
			assertThat(invocation.hasEnded()).isFalse();
		}
	}

	@Test
	void providerThatFailsFailsAsItself() {
		SQLException failure = new SQLException("no keys");
		try (SoongDataSource dataSource = new SoongDataSource(SharedRds.settings().build(), (endpoint) -> {
			throw failure;
		})) {
			assertThatExceptionOfType(SoongConnectionException.class).isThrownBy(dataSource::getConnection)
				.havingRootCause()
				.isSameAs(failure);
		}
	}

	/**
	 * A pipe in place of the file of names has every look-up wait for its writer.
	 */
	@Test
	void lookUpThatDoesNotAnswerIsBoundedByTheTimeToConnect() throws Exception {
		Path names = Path.of(System.getProperty("jdk.net.hosts.file"));
		Path aside = names.resolveSibling("hosts.aside");
		Files.move(names, aside);
		try {
			assertThat(new ProcessBuilder("mkfifo", names.toString()).start().waitFor()).isZero();
			ConnectionSettings settings = ConnectionSettings.builder("hangs.example")
				.user("bob")
				.connectTimeout(SHORT)
				.build();
			try (SoongDataSource dataSource = new SoongDataSource(settings, SharedRds.password("bob", "x"))) {
				assertThatExceptionOfType(SoongConnectionException.class).isThrownBy(dataSource::getConnection)
					.withMessageContaining("The look-up of the host name 'hangs.example' did not answer in time")
					.matches((ex) -> ex.step() == Step.DNS);
			}
			release(names);
		}
		finally {
			Files.move(aside, names, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
		}
	}

	private static void release(Path pipe) throws IOException {
		try (OutputStream stream = Files.newOutputStream(pipe)) {
			stream.flush();
		}
	}

	private DatabaseCredentialsProvider hanging() {
		return (endpoint) -> {
			boolean interrupted = true;
			while (interrupted) {
				try {
					this.over.await();
					interrupted = false;
				}
				catch (InterruptedException ex) {
					// As code that cannot be interrupted
					interrupted = true;
				}
			}
			throw new SQLException("too late");
		};
	}

}
