package io.soong.test;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * A socket to a client that can delay, hold back or discard bytes. It is below TLS, so
 * that faults affect the whole connection, including the handshake and the Terminate
 * message. Thread-safe; one thread may read while another writes.
 *
 * <p>
 * A delay applies only to what the client receives, and is a whole round trip long. The
 * client cannot distinguish this from half the delay in each direction.
 */
final class FaultySocket extends Socket {

	private static final int DRAIN_SIZE = 16 * 1024;

	/**
	 * The bytes in flight above which a writer blocks; more than a network buffers.
	 */
	private static final int IN_FLIGHT_LIMIT = 16 * 1024 * 1024;

	private final Socket raw;

	private final Supplier<Duration> roundTrip;

	private final Executor executor;

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition changed = this.lock.newCondition();

	private final Deque<DelayedBytes> inFlight = new ArrayDeque<>();

	private volatile State state = State.OPEN;

	private boolean closed;

	private boolean delivering;

	private int bytesInFlight;

	private final InputStream in = MessageForwarder.Reader.stream(this::read);

	private final OutputStream out = new OutputStream() {

		@Override
		public void write(int value) throws IOException {
			write(new byte[] { (byte) value }, 0, 1);
		}

		@Override
		public void write(byte[] source, int offset, int length) throws IOException {
			FaultySocket.this.write(source, offset, length);
		}

	};

	/**
	 * Wraps a connected socket.
	 * @param raw the socket
	 * @param roundTrip supplies the current round-trip time
	 * @param executor delivers delayed bytes
	 */
	FaultySocket(Socket raw, Supplier<Duration> roundTrip, Executor executor) {
		this.raw = raw;
		this.roundTrip = roundTrip;
		this.executor = executor;
	}

	private enum State {

		OPEN, STALLED, BLACK_HOLE, CUT

	}

	/**
	 * Bytes on their way to the client, or {@code null} for the end of the stream.
	 */
	private record DelayedBytes(byte @Nullable [] bytes, long due) {
	}

	/**
	 * Holds back every byte until {@link #release()}.
	 */
	void stall() {
		change(State.OPEN, State.STALLED);
	}

	/**
	 * Releases the bytes that a stall has held back. Resets the connection if bytes were
	 * discarded, because the remaining ones would be invalid.
	 */
	void release() {
		change(State.STALLED, State.OPEN);
		if (!isOpen()) {
			cut();
		}
	}

	/**
	 * Discards all further bytes and the ends of both streams, so that neither side
	 * notices that the other has disconnected.
	 */
	void discard() {
		change(State.OPEN, State.BLACK_HOLE);
		change(State.STALLED, State.BLACK_HOLE);
	}

	/**
	 * Resets the connection.
	 */
	void cut() {
		this.lock.lock();
		try {
			this.state = State.CUT;
			this.changed.signalAll();
			this.raw.setSoLinger(true, 0);
			this.raw.close();
		}
		catch (IOException ex) {
			// It is closed already
		}
		finally {
			this.lock.unlock();
		}
	}

	boolean isOpen() {
		return this.state == State.OPEN;
	}

	/**
	 * Waits while the connection is stalled.
	 * @return whether bytes may pass; otherwise the caller discards them
	 */
	boolean passes() throws IOException {
		this.lock.lock();
		try {
			while (this.state == State.STALLED) {
				this.changed.await();
			}
			if (this.state == State.CUT) {
				throw new SocketException("The connection was reset by a fault");
			}
			return this.state == State.OPEN;
		}
		catch (InterruptedException ex) {
			throw interrupted(ex);
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Waits for a time, or until the connection is reset.
	 */
	void pause(Duration duration) throws IOException {
		this.lock.lock();
		try {
			long left = duration.toNanos();
			while (left > 0 && this.state != State.CUT) {
				left = this.changed.awaitNanos(left);
			}
		}
		catch (InterruptedException ex) {
			throw interrupted(ex);
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Closes the socket. In a black hole it is closed only after the client has closed
	 * its side, because the client must not notice.
	 */
	void disconnect() throws IOException {
		close();
		if (!this.raw.isClosed() && !isOpen()) {
			this.raw.setSoTimeout(0);
			byte[] dropped = new byte[DRAIN_SIZE];
			try (this.raw) {
				while (this.raw.getInputStream().read(dropped) >= 0) {
					// The client has disconnected
				}
			}
		}
	}

	/**
	 * Ends the stream to the client. Delayed bytes still arrive before the end.
	 */
	@Override
	public void close() throws IOException {
		if (this.raw.isClosed()) {
			return;
		}
		this.lock.lock();
		try {
			this.closed = true;
			this.changed.signalAll();
			if (this.state == State.BLACK_HOLE) {
				return;
			}
			if (this.delivering) {
				send(new DelayedBytes(null, System.nanoTime() + this.roundTrip.get().toNanos()));
				return;
			}
		}
		finally {
			this.lock.unlock();
		}
		this.raw.close();
	}

	private int read(byte[] target, int offset, int length) throws IOException {
		while (true) {
			int count;
			try {
				count = this.raw.getInputStream().read(target, offset, length);
			}
			catch (SocketException ex) {
				if (!passes()) {
					awaitClose();
				}
				throw ex;
			}
			if (passes()) {
				return count;
			}
			if (count < 0) {
				awaitClose();
				return -1;
			}
		}
	}

	private void awaitClose() throws IOException {
		this.lock.lock();
		try {
			while (!this.closed && this.state == State.BLACK_HOLE) {
				this.changed.await();
			}
		}
		catch (InterruptedException ex) {
			throw interrupted(ex);
		}
		finally {
			this.lock.unlock();
		}
	}

	private void write(byte[] source, int offset, int length) throws IOException {
		if (!passes()) {
			return;
		}
		long delay = this.roundTrip.get().toNanos();
		this.lock.lock();
		try {
			if (delay > 0 || this.delivering) {
				send(new DelayedBytes(Arrays.copyOfRange(source, offset, offset + length), System.nanoTime() + delay));
				return;
			}
		}
		finally {
			this.lock.unlock();
		}
		this.raw.getOutputStream().write(source, offset, length);
	}

	private void send(DelayedBytes delayed) throws IOException {
		try {
			while (this.bytesInFlight > IN_FLIGHT_LIMIT) {
				this.changed.await();
			}
		}
		catch (InterruptedException ex) {
			throw interrupted(ex);
		}
		this.inFlight.add(delayed);
		this.bytesInFlight += (delayed.bytes() != null) ? delayed.bytes().length : 0;
		this.changed.signalAll();
		if (!this.delivering) {
			this.delivering = true;
			this.executor.execute(this::deliver);
		}
	}

	/**
	 * Writes the delayed bytes to the client, each part when it is due, until none is
	 * left.
	 */
	private void deliver() {
		try {
			for (DelayedBytes delayed = next(); delayed != null; delayed = next()) {
				if (delayed.bytes() == null) {
					this.raw.close();
				}
				else if (passes()) {
					this.raw.getOutputStream().write(delayed.bytes());
				}
			}
		}
		catch (IOException ex) {
			cut();
		}
	}

	private @Nullable DelayedBytes next() throws IOException {
		this.lock.lock();
		try {
			DelayedBytes delayed = this.inFlight.peek();
			if (delayed == null) {
				this.delivering = false;
				return null;
			}
			for (long left = delayed.due() - System.nanoTime(); left > 0
					&& this.state != State.CUT; left = delayed.due() - System.nanoTime()) {
				this.changed.await(left, TimeUnit.NANOSECONDS);
			}
			this.inFlight.remove();
			this.bytesInFlight -= (delayed.bytes() != null) ? delayed.bytes().length : 0;
			this.changed.signalAll();
			return delayed;
		}
		catch (InterruptedException ex) {
			throw interrupted(ex);
		}
		finally {
			this.lock.unlock();
		}
	}

	private void change(State from, State to) {
		this.lock.lock();
		try {
			if (this.state == from) {
				this.state = to;
				this.changed.signalAll();
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	private static IOException interrupted(InterruptedException ex) {
		Thread.currentThread().interrupt();
		return new IOException("Interrupted while the connection was stalled", ex);
	}

	@Override
	public InputStream getInputStream() {
		return this.in;
	}

	@Override
	public OutputStream getOutputStream() {
		return this.out;
	}

	@Override
	public InetAddress getInetAddress() {
		return this.raw.getInetAddress();
	}

	@Override
	public int getPort() {
		return this.raw.getPort();
	}

	@Override
	public boolean isConnected() {
		return this.raw.isConnected();
	}

	@Override
	public boolean isClosed() {
		return this.raw.isClosed();
	}

	@Override
	public boolean isInputShutdown() {
		return this.raw.isInputShutdown();
	}

	@Override
	public boolean isOutputShutdown() {
		return this.raw.isOutputShutdown();
	}

	@Override
	public void shutdownInput() {
		// Reading detects that the client has closed its side
	}

	@Override
	public void shutdownOutput() {
		// Closing the socket ends the output
	}

	@Override
	public int getSoLinger() throws SocketException {
		return this.raw.getSoLinger();
	}

	@Override
	public int getSoTimeout() throws SocketException {
		return this.raw.getSoTimeout();
	}

	@Override
	public void setSoTimeout(int millis) throws SocketException {
		this.raw.setSoTimeout(millis);
	}

	@Override
	public void setTcpNoDelay(boolean on) throws SocketException {
		this.raw.setTcpNoDelay(on);
	}

}
