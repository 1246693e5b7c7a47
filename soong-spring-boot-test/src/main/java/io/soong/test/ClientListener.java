package io.soong.test;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.SocketChannel;
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

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Accepts clients at a fixed port of the loopback interface. Thread-safe.
 */
final class ClientListener implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(ClientListener.class);

	private static final long END_MILLIS = 60_000;

	private static final int BACKLOG = 512;

	/**
	 * More connections than the shortest queue of the kernel holds.
	 */
	private static final int QUEUE_FILLERS = 4;

	private final ExecutorService executor = Executors.newCachedThreadPool((task) -> {
		Thread thread = new Thread(task, "rds-lookalike");
		thread.setDaemon(true);
		return thread;
	});

	private final Set<ClientSession> sessions = ConcurrentHashMap.newKeySet();

	private final InetSocketAddress address;

	/**
	 * Reserves the port while the listener is closed.
	 */
	private @Nullable Socket placeholder;

	private @Nullable ServerSocket listener;

	private @Nullable Future<?> acceptor;

	private @Nullable SessionContext context;

	/**
	 * The connections that fill the queue of a listener that does not accept.
	 */
	private final List<SocketChannel> queue = new ArrayList<>();

	/**
	 * Reserves a port.
	 * @param address an address of the loopback interface
	 * @param port the port, or 0 for a free one
	 */
	ClientListener(InetAddress address, int port) throws IOException {
		this.placeholder = new Socket();
		this.placeholder.setReuseAddress(true);
		try {
			this.placeholder.bind(new InetSocketAddress(address, port));
		}
		catch (BindException ex) {
			throw new IOException("Cannot listen on " + address.getHostAddress() + " port " + port
					+ ((port != 0) ? ": it is taken. Leave the port out of the builder to get a free one"
							: ": this machine does not have that loopback address"),
					ex);
		}
		this.address = (InetSocketAddress) this.placeholder.getLocalSocketAddress();
	}

	int port() {
		return this.address.getPort();
	}

	synchronized void open(SessionContext context) throws IOException {
		this.context = context;
		open();
	}

	/**
	 * Starts to listen. Does nothing if it listens already.
	 */
	synchronized void open() throws IOException {
		if (this.listener != null && this.queue.isEmpty()) {
			return;
		}
		stopListening();
		release();
		ServerSocket socket = listen(BACKLOG);
		SessionContext current = Objects.requireNonNull(this.context);
		this.acceptor = this.executor.submit(() -> accept(socket, current));
	}

	/**
	 * Stops listening, so that connections are refused. Sessions continue. Does nothing
	 * if it does not listen.
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
	 * Listens without accepting, and fills the queue of waiting connections. Linux then
	 * does not answer further connection requests.
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
	 * Stops listening, and waits for the acceptor, because the port is free only after
	 * that thread has released it.
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

	private void accept(ServerSocket socket, SessionContext current) {
		while (!socket.isClosed()) {
			try {
				FaultySocket client = new FaultySocket(socket.accept(), current.roundTrip(), this.executor);
				ClientSession session = new ClientSession(client, current, this.executor);
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

	List<ClientSession> sessions() {
		return List.copyOf(this.sessions);
	}

	/**
	 * Resets all connections, and waits until their sessions have ended.
	 * @return the number of connections
	 */
	int cut() {
		List<ClientSession> cut = sessions();
		cut.forEach(ClientSession::cut);
		awaitEnd(cut);
		return cut.size();
	}

	static void awaitEnd(List<ClientSession> sessions) {
		try {
			for (ClientSession session : sessions) {
				if (!session.awaitEnd(END_MILLIS)) {
					throw new IllegalStateException("The session of process " + session.processId()
							+ " did not end within " + END_MILLIS + " ms");
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
		sessions().forEach(ClientSession::cut);
		this.executor.shutdownNow();
	}

}
