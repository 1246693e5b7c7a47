package io.soong.jdbc;

import java.io.IOException;
import java.net.Socket;
import java.util.Objects;
import java.util.Properties;

import org.postgresql.ssl.WrappedFactory;

/**
 * Creates the sockets of a {@link ConnectionAttempt}. Called by the driver by class name.
 * Not for applications.
 */
public final class DriverSocketFactory extends WrappedFactory {

	private static final String ATTEMPT = ConnectionAttempt.class.getName();

	private final ConnectionAttempt attempt;

	/**
	 * Called by the driver.
	 * @param properties the properties of the connection being opened
	 */
	public DriverSocketFactory(Properties properties) {
		this.attempt = Objects.requireNonNull((ConnectionAttempt) properties.get(ATTEMPT),
				"only for connections that Soong opens");
	}

	static void attach(ConnectionAttempt attempt, Properties properties) {
		properties.put(ATTEMPT, attempt);
	}

	@Override
	public Socket createSocket() throws IOException {
		return this.attempt.dial();
	}

	@Override
	public Socket createSocket(Socket socket, String host, int port, boolean autoClose) throws IOException {
		return this.attempt.encrypt(socket, host, port);
	}

}
