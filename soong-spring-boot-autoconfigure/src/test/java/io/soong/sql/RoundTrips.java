package io.soong.sql;

import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;

import javax.net.SocketFactory;

/**
 * Counts how often the driver waits for an answer to what it sent, by its
 * {@code socketFactory} property.
 */
public final class RoundTrips extends SocketFactory {

	private static final AtomicInteger COUNT = new AtomicInteger();

	static int count(Runnable work) {
		int before = COUNT.get();
		work.run();
		return COUNT.get() - before;
	}

	@Override
	public Socket createSocket() {
		return new Socket() {

			private volatile boolean written;

			@Override
			public OutputStream getOutputStream() throws IOException {
				return new FilterOutputStream(super.getOutputStream()) {

					@Override
					public void write(byte[] bytes, int offset, int length) throws IOException {
						written = true;
						this.out.write(bytes, offset, length);
					}

				};
			}

			@Override
			public InputStream getInputStream() throws IOException {
				return new FilterInputStream(super.getInputStream()) {

					@Override
					public int read(byte[] bytes, int offset, int length) throws IOException {
						if (written) {
							written = false;
							COUNT.incrementAndGet();
						}
						return super.read(bytes, offset, length);
					}

				};
			}

		};
	}

	@Override
	public Socket createSocket(String host, int port) {
		throw new UnsupportedOperationException();
	}

	@Override
	public Socket createSocket(String host, int port, InetAddress localHost, int localPort) {
		throw new UnsupportedOperationException();
	}

	@Override
	public Socket createSocket(InetAddress host, int port) {
		throw new UnsupportedOperationException();
	}

	@Override
	public Socket createSocket(InetAddress address, int port, InetAddress localAddress, int localPort) {
		throw new UnsupportedOperationException();
	}

}
