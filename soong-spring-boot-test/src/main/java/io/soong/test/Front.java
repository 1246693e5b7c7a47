package io.soong.test;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntConsumer;
import java.util.function.Supplier;

import javax.net.ssl.SSLContext;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The port that clients connect to: one on the loopback interface, the same from start to
 * end. Safe for use by several threads.
 */
final class Front implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(Front.class);

	private static final long END_MILLIS = 10_000;

	private static final int BACKLOG = 512;

	/**
	 * More than fit into the shortest queue; the others wait to be accepted.
	 */
	private static final int QUEUE_FILLERS = 4;

	private final ExecutorService executor = Executors.newCachedThreadPool((task) -> {
		Thread thread = new Thread(task, "rds-lookalike");
		thread.setDaemon(true);
		return thread;
	});

	private final Set<Session> sessions = ConcurrentHashMap.newKeySet();

	private final InetSocketAddress address;

	/**
	 * Keeps the port from others while nobody listens on it.
	 */
	private @Nullable Socket placeholder;

	private @Nullable ServerSocket listener;

	private @Nullable Future<?> acceptor;

	private @Nullable Visit visit;

	/**
	 * What fills the queue of a listener that nobody is accepted from.
	 */
	private final List<SocketChannel> queue = new ArrayList<>();

	/**
	 * Takes a port.
	 * @param address of the loopback interface
	 * @param port 0 for one that is free
	 */
	Front(InetAddress address, int port) throws IOException {
		this.placeholder = new Socket();
		this.placeholder.setReuseAddress(true);
		try {
			this.placeholder.bind(new InetSocketAddress(address, port));
		}
		catch (BindException ex) {
			throw new IOException("cannot listen on " + address.getHostAddress() + " port " + port
					+ ((port != 0) ? ": it is taken; without a port in the builder one is chosen that is free"
							: ": this machine lacks that loopback address"),
					ex);
		}
		this.address = (InetSocketAddress) this.placeholder.getLocalSocketAddress();
	}

	/**
	 * What a session needs to know.
	 *
	 * @param tls the certificate that is shown
	 * @param server PostgreSQL's socket
	 * @param gatekeeper who decides
	 * @param faults what goes wrong
	 * @param terminator ends the session of a process of PostgreSQL
	 * @param roundTrip how long a question and its answer are on their way
	 * @param pool the sessions that clients share, {@code null} if each has its own
	 */
	record Visit(Supplier<SSLContext> tls, Path server, Gatekeeper gatekeeper, FaultPlan faults, IntConsumer terminator,
			Supplier<Duration> roundTrip, @Nullable SessionPool pool) {
	}

	int port() {
		return this.address.getPort();
	}

	synchronized void open(Visit visit) throws IOException {
		this.visit = visit;
		open();
	}

	/**
	 * Listens. Does nothing if it does already.
	 */
	synchronized void open() throws IOException {
		if (this.listener != null && this.queue.isEmpty()) {
			return;
		}
		stopListening();
		release();
		ServerSocket socket = listen(BACKLOG);
		Visit current = Objects.requireNonNull(this.visit);
		this.acceptor = this.executor.submit(() -> accept(socket, current));
	}

	/**
	 * Stops listening, so that connecting is refused. Sessions go on. Does nothing if it
	 * does not listen.
	 */
	synchronized void shut() throws IOException {
		if (this.listener == null) {
			return;
		}
		stopListening();
		Socket socket = new Socket();
		socket.setReuseAddress(true);
		socket.bind(this.address);
		this.placeholder = socket;
	}

	/**
	 * Listens, but accepts nobody, and has the queue of those who wait filled up: Linux
	 * drops what asks for a connection then, so that it is not answered at all.
	 */
	synchronized void ignore() throws IOException {
		if (!this.queue.isEmpty()) {
			return;
		}
		stopListening();
		release();
		listen(1);
		for (int i = 0; i < QUEUE_FILLERS; i++) {
			SocketChannel channel = SocketChannel.open();
			channel.configureBlocking(false);
			channel.connect(this.address);
			this.queue.add(channel);
		}
	}

	private ServerSocket listen(int backlog) throws IOException {
		ServerSocket socket = new ServerSocket();
		socket.setReuseAddress(true);
		socket.bind(this.address, backlog);
		this.listener = socket;
		return socket;
	}

	private void release() throws IOException {
		if (this.placeholder != null) {
			this.placeholder.close();
			this.placeholder = null;
		}
	}

	/**
	 * The port is free only when the thread that waits on it has let go.
	 */
	private void stopListening() throws IOException {
		for (SocketChannel channel : this.queue) {
			channel.close();
		}
		this.queue.clear();
		if (this.listener == null) {
			return;
		}
		this.listener.close();
		this.listener = null;
		if (this.acceptor == null) {
			return;
		}
		try {
			this.acceptor.get();
			this.acceptor = null;
		}
		catch (ExecutionException ex) {
			throw new IOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IOException("Interrupted while the port was closing", ex);
		}
	}

	private void accept(ServerSocket socket, Visit current) {
		while (!socket.isClosed()) {
			try {
				Line line = new Line(socket.accept(), current.roundTrip(), this.executor);
				Session session = new Session(line, current, this.executor);
				this.sessions.add(session);
				this.executor.execute(() -> {
					try {
						session.run();
					}
					finally {
						this.sessions.remove(session);
					}
				});
			}
			catch (IOException ex) {
				if (!socket.isClosed()) {
					logger.warn("Accepting a connection failed", ex);
				}
			}
		}
	}

	List<Session> sessions() {
		return List.copyOf(this.sessions);
	}

	/**
	 * Resets all connections, and waits until they are let go of.
	 * @return how many there were
	 */
	int cut() {
		List<Session> cut = sessions();
		cut.forEach((session) -> session.line().cut());
		awaitEnd(cut);
		return cut.size();
	}

	static void awaitEnd(List<Session> sessions) {
		try {
			for (Session session : sessions) {
				if (!session.awaitEnd(END_MILLIS)) {
					throw new IllegalStateException("A connection did not end within " + END_MILLIS + " ms");
				}
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException("Interrupted while connections were ending", ex);
		}
	}

	@Override
	public synchronized void close() throws IOException {
		stopListening();
		release();
		sessions().forEach((session) -> session.line().cut());
		this.executor.shutdownNow();
	}

}
