package io.soong.jdbc;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * A socket whose reads together end within a budget, however small the server's answers
 * are: until the connection is established, and while it is probed. At other times it is
 * an ordinary socket. Needs no thread.
 */
final class DialledSocket extends Socket {

	private volatile @Nullable Budget budget;

	/** The timeout that the driver set. */
	private int readTimeout;

	private volatile boolean ended;

	DialledSocket(Budget budget) {
		this.budget = budget;
	}

	void limit(Budget budget) {
		this.budget = budget;
	}

	/**
	 * Removes the budget as soon as the driver sets its timeout again.
	 */
	void unlimit() {
		this.budget = null;
	}

	/**
	 * Returns whether the server closed the connection with an orderly end of stream.
	 */
	boolean hasEnded() {
		return this.ended;
	}

	@Override
	public void setSoTimeout(int timeout) throws SocketException {
		this.readTimeout = timeout;
		super.setSoTimeout(timeout);
	}

	@Override
	public InputStream getInputStream() throws IOException {
		return new EndingInputStream(new FilterInputStream(super.getInputStream()) {

			@Override
			public int read() throws IOException {
				byte[] one = new byte[1];
				return (read(one, 0, 1) < 0) ? -1 : one[0] & 0xFF;
			}

			@Override
			public int read(byte[] bytes, int offset, int length) throws IOException {
				Budget budget = DialledSocket.this.budget;
				if (budget != null) {
					limitRead(budget);
				}
				int count = super.read(bytes, offset, length);
				if (count < 0) {
					DialledSocket.this.ended = true;
				}
				return count;
			}

		});
	}

	private void limitRead(Budget budget) throws IOException {
		Duration time = budget.left();
		if (time.isZero()) {
			throw new SocketTimeoutException("Read timed out");
		}
		int left = budget.millisAtMost(time);
		super.setSoTimeout((this.readTimeout == 0) ? left : Math.min(left, this.readTimeout));
	}

}
