package io.soong.sql;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;

import javax.net.SocketFactory;

/**
 * Counts how often the driver sends something to the server, by its {@code socketFactory}
 * property. The driver flushes once before it waits for an answer.
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

			@Override
			public OutputStream getOutputStream() throws IOException {
				return new CountingStream(super.getOutputStream());
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

	private static final class CountingStream extends FilterOutputStream {

		private boolean written;

		private CountingStream(OutputStream out) {
			super(out);
		}

		@Override
		public void write(byte[] bytes, int offset, int length) throws IOException {
			this.written = true;
			this.out.write(bytes, offset, length);
		}

		@Override
		public void flush() throws IOException {
			if (this.written) {
				COUNT.incrementAndGet();
				this.written = false;
			}
			super.flush();
		}

	}

}
