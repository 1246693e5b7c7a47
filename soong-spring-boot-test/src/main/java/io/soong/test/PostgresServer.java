package io.soong.test;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * An embedded PostgreSQL with new data, which is deleted when it is closed. Sessions of
 * an {@link RdsLookalike} connect by a Unix-domain socket in a folder that only this user
 * can enter. The superuser and the role {@value #TESTER} connect by the loopback
 * interface, each with a random password.
 *
 * <p>
 * Server and data are removed when this object is closed, and when the JVM ends or is
 * killed: the server is the child of a shell that holds a pipe from this JVM and cleans
 * up when the pipe breaks. It therefore runs as long as the JVM, including its shutdown
 * hooks.
 */
final class PostgresServer implements AutoCloseable {

	/**
	 * The superuser, who has this name on RDS too. Clients cannot log in as this role.
	 */
	static final String SUPERUSER = "rdsadmin";

	/**
	 * The role that logs in to {@link SharedPostgres} by password. The server of a
	 * lookalike has no such role.
	 */
	static final String TESTER = "soong_test";

	private static final int STARTUP_SECONDS = 60;

	private static final int ATTEMPTS = 3;

	private static final long MEMORY_NEEDED = 2L << 30;

	private static final int LOG_LINES = 200;

	/**
	 * Runs the server ($2 and following) until it ends or standard input does, then
	 * removes the folder ($1). A line on standard input stops the server by the signal it
	 * names, and leaves the folder. Without that it is SIGQUIT: an immediate shutdown,
	 * which releases shared memory but writes nothing that would be deleted anyway.
	 */
	private static final String SUPERVISOR = """
			trap '' INT
			folder=$1; shift
			exec 3<&0
			"$@" </dev/null 3<&- &
			server=$!
			{
			  if read -r signal <&3; then
			    touch "$folder/stopped"
			  fi
			  kill -${signal:-QUIT} $server
			} 2>/dev/null &
			watcher=$!
			exec 3<&-
			wait $server
			status=$?
			kill $watcher 2>/dev/null
			rm "$folder/stopped" 2>/dev/null || rm -rf -- "$folder"
			exit $status
			""";

	private static final Pattern READY = Pattern.compile("database system is ready to accept (read-only )?connections");

	private final TemporaryFolder folder;

	private final String password = randomPassword();

	private final List<String> log = new ArrayList<>();

	private final Thread shutdownHook = new Thread(this::deleteFolderIfDown, "soong-postgres-shutdown");

	private final Path binaries;

	private final UnprivilegedUser unprivileged;

	private final Map<String, String> settings;

	private final int port;

	private volatile CompletableFuture<@Nullable Void> ready = new CompletableFuture<>();

	private volatile Process process;

	private PostgresServer(Map<String, String> settings, UnprivilegedUser unprivileged) throws IOException {
		this.unprivileged = unprivileged;
		this.settings = settings;
		this.binaries = PostgresBinaries.unpacked(unprivileged.owner() != null);
		this.folder = TemporaryFolder.create(parent(), "soong-");
		try {
			unprivileged.own(this.folder.path());
			initialize();
			this.port = freePort();
			this.process = launch();
		}
		catch (IOException | RuntimeException ex) {
			this.folder.close();
			throw ex;
		}
		this.folder.leaveToAnotherProcess();
		Runtime.getRuntime().addShutdownHook(this.shutdownHook);
		try {
			awaitReady();
		}
		catch (IOException | RuntimeException ex) {
			close();
			throw ex;
		}
	}

	/** Refuses to start on AWS Lambda, where a function must use a real database. */
	static void refuseLambda(Map<String, String> environment) {
		boolean lambda = environment.containsKey("AWS_LAMBDA_RUNTIME_API")
				|| environment.getOrDefault("AWS_EXECUTION_ENV", "").startsWith("AWS_Lambda_");
		if (lambda && !environment.containsKey("AWS_SAM_LOCAL")) {
			throw new IllegalStateException("The embedded PostgreSQL is for tests and does not start on AWS Lambda. "
					+ "Do not deploy soong-spring-boot-test: give the dependency the scope test");
		}
	}

	/**
	 * Starts a server and waits until it accepts connections.
	 * @param settings settings of {@code postgresql.conf}, which override the kit's
	 */
	static PostgresServer start(Map<String, String> settings) throws IOException {
		return start(settings, UnprivilegedUser.detect());
	}

	static PostgresServer start(Map<String, String> settings, UnprivilegedUser unprivileged) throws IOException {
		for (int attempt = 1;; attempt++) {
			try {
				return new PostgresServer(settings, unprivileged);
			}
			catch (IOException ex) {
				// Another process may have taken the port since it was found free
				boolean portTaken = String.valueOf(ex.getMessage()).contains("Address already in use");
				if (!portTaken || attempt == ATTEMPTS) {
					throw ex;
				}
			}
		}
	}

	/**
	 * The folder of this server, which is deleted with the server.
	 */
	Path folder() {
		return this.folder.path();
	}

	int port() {
		return this.port;
	}

	Path socket() {
		return this.folder.resolve(".s.PGSQL." + this.port);
	}

	/**
	 * Opens a connection as the superuser.
	 */
	Connection connect(String database) throws SQLException {
		PGSimpleDataSource source = new PGSimpleDataSource();
		source.setServerNames(new String[] { "127.0.0.1" });
		source.setPortNumbers(new int[] { this.port });
		source.setDatabaseName(database);
		source.setUser(SUPERUSER);
		source.setPassword(this.password);
		source.setSslMode("disable");
		source.setApplicationName("soong-test-admin");
		return source.getConnection();
	}

	void execute(String database, List<String> statements) throws SQLException {
		try (Connection connection = connect(database); Statement statement = connection.createStatement()) {
			for (String sql : statements) {
				statement.execute(sql);
			}
		}
	}

	boolean isUp() {
		return this.process.isAlive();
	}

	/**
	 * Stops the server, as an administrator does for a restart: sessions end with 57P01.
	 * Does nothing if the server is down.
	 */
	synchronized void shutDown() throws IOException {
		if (!this.process.isAlive()) {
			return;
		}
		OutputStream commands = this.process.getOutputStream();
		commands.write("INT\n".getBytes(StandardCharsets.US_ASCII));
		commands.flush();
		try {
			if (!this.process.waitFor(STARTUP_SECONDS, TimeUnit.SECONDS)) {
				throw new IOException(
						"PostgreSQL did not stop within " + STARTUP_SECONDS + " s. Its last output:\n" + log());
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IOException("Interrupted while PostgreSQL was stopping", ex);
		}
	}

	/**
	 * Starts the server again, on the same data. Does nothing if the server is up.
	 * @param standby whether to start as a hot standby, which is read-only
	 */
	synchronized void startAgain(boolean standby) throws IOException {
		if (this.process.isAlive()) {
			return;
		}
		Path signal = data().resolve("standby.signal");
		if (standby && !Files.exists(signal)) {
			Files.createFile(signal);
			this.unprivileged.own(signal);
		}
		else if (!standby) {
			Files.deleteIfExists(signal);
		}
		this.process = launch();
		awaitReady();
	}

	/**
	 * Kills one of the server's processes. The server then ends every session with 57P02,
	 * recovers from its log and accepts connections again.
	 */
	void crash() throws IOException, SQLException {
		CompletableFuture<@Nullable Void> again = new CompletableFuture<>();
		this.ready = again;
		try (Connection connection = connect("postgres"); Statement statement = connection.createStatement()) {
			try (ResultSet result = statement.executeQuery("SELECT pg_backend_pid()")) {
				result.next();
				ProcessHandle.of(result.getLong(1)).ifPresent(ProcessHandle::destroyForcibly);
			}
		}
		await(again);
	}

	@Override
	public void close() {
		stop();
		try {
			Runtime.getRuntime().removeShutdownHook(this.shutdownHook);
		}
		catch (IllegalStateException ex) {
			// The JVM is ending, so the hook runs anyway
		}
	}

	/**
	 * Lets the supervisor stop a server that is up, after the JVM has ended. Shutdown
	 * hooks run concurrently, and those of Spring close contexts that use the server.
	 */
	private void deleteFolderIfDown() {
		if (!this.process.isAlive()) {
			this.folder.close();
		}
	}

	private synchronized void stop() {
		try {
			this.process.getOutputStream().close();
			if (!this.process.waitFor(STARTUP_SECONDS, TimeUnit.SECONDS)) {
				this.process.descendants().forEach(ProcessHandle::destroyForcibly);
				this.process.destroyForcibly();
			}
		}
		catch (InterruptedException ex) {
			// The pipe is closed, so that the shell stops the server
			Thread.currentThread().interrupt();
			return;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		this.folder.close();
	}

	private void initialize() throws IOException {
		Path passwordFile = Files.createFile(this.folder.resolve("password"),
				PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
		Files.writeString(passwordFile, this.password);
		this.unprivileged.own(passwordFile);
		// The built-in provider sorts in the same order on every machine
		List<String> command = List.of(this.binaries.resolve("bin/initdb").toString(), "--pgdata", data().toString(),
				"--username", SUPERUSER, "--pwfile", passwordFile.toString(), "--auth", "scram-sha-256", "--encoding",
				"UTF8", "--locale", "C", "--locale-provider", "builtin", "--builtin-locale", "C.UTF-8", "--no-sync",
				"--no-instructions");
		Process initdb = builder(command).redirectErrorStream(true).start();
		initdb.getOutputStream().close();
		String output = new String(initdb.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		try {
			if (initdb.waitFor() != 0) {
				throw new IOException("initdb failed. Its output:\n" + output);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IOException("Interrupted while waiting for initdb", ex);
		}
		Files.delete(passwordFile);
		Files.writeString(data().resolve("pg_hba.conf"), """
				# TYPE  DATABASE  USER  ADDRESS  METHOD
				local all rdsadmin reject
				# The lookalike has verified the token of a session that connects by the socket
				local all +rds_iam trust
				local all all scram-sha-256
				host all rdsadmin,soong_test 127.0.0.1/32 scram-sha-256
				""");
	}

	private Process launch() throws IOException {
		Map<String, String> all = new LinkedHashMap<>();
		all.put("listen_addresses", "127.0.0.1");
		all.put("port", Integer.toString(this.port));
		all.put("unix_socket_directories", this.folder.path().toString());
		all.put("unix_socket_permissions", "0700");
		all.put("logging_collector", "off");
		all.put("lc_messages", "C");
		all.put("log_min_messages", "warning");
		all.put("timezone", "UTC");
		all.put("log_timezone", "UTC");
		// Committed data need not survive a crash of the machine, only of the server
		all.put("fsync", "off");
		all.put("full_page_writes", "off");
		all.putAll(this.settings);
		List<String> command = new ArrayList<>(
				List.of("/bin/sh", "-c", SUPERVISOR, "soong-postgres", this.folder.path().toString(),
						this.binaries.resolve("bin/postgres").toString(), "-D", data().toString()));
		all.forEach((name, value) -> command.addAll(List.of("-c", name + "=" + value)));
		return builder(command).redirectErrorStream(true).start();
	}

	private ProcessBuilder builder(List<String> command) {
		List<String> all = new ArrayList<>(this.unprivileged.prefix());
		all.addAll(command);
		ProcessBuilder builder = new ProcessBuilder(all).directory(this.folder.path().toFile());
		// PGDATA, PGPORT and the like may be set on a developer's machine
		builder.environment().keySet().removeIf((name) -> name.startsWith("PG") || name.startsWith("LC_"));
		return builder;
	}

	private void awaitReady() throws IOException {
		CompletableFuture<@Nullable Void> first = new CompletableFuture<>();
		this.ready = first;
		Process current = this.process;
		Thread reader = new Thread(() -> readLog(current), "soong-postgres-log");
		reader.setDaemon(true);
		reader.start();
		await(first);
	}

	private void await(CompletableFuture<@Nullable Void> future) throws IOException {
		try {
			future.get(STARTUP_SECONDS, TimeUnit.SECONDS);
		}
		catch (ExecutionException | TimeoutException ex) {
			throw new IOException("PostgreSQL did not start. Its last output:\n" + log(), ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IOException("Interrupted while PostgreSQL was starting", ex);
		}
	}

	private void readLog(Process current) {
		try (BufferedReader reader = current.inputReader(StandardCharsets.UTF_8)) {
			for (String line = reader.readLine(); line != null; line = reader.readLine()) {
				synchronized (this.log) {
					this.log.add(line);
					if (this.log.size() > LOG_LINES) {
						this.log.remove(0);
					}
				}
				if (READY.matcher(line).find()) {
					this.ready.complete(null);
				}
			}
		}
		catch (IOException ex) {
			// The pipe breaks when the process ends
		}
		// The output of a previous process may end after the next one has started
		if (current == this.process) {
			this.ready.completeExceptionally(new IOException("The server's process ended"));
		}
	}

	/**
	 * The last lines the server wrote.
	 */
	String log() {
		synchronized (this.log) {
			return String.join("\n", this.log);
		}
	}

	private Path data() {
		return this.folder.resolve("data");
	}

	/**
	 * The parent of the server's folder: {@code /dev/shm} if it has at least 2 GiB free,
	 * which halves the time of a start on a slow disk. Otherwise {@code /tmp}, and not
	 * {@code java.io.tmpdir}, because the path of a socket has at most 107 bytes.
	 */
	private static Path parent() throws IOException {
		Path memory = Path.of("/dev/shm");
		boolean suitable = Files.isDirectory(memory) && Files.isWritable(memory)
				&& Files.getFileStore(memory).type().equals("tmpfs")
				&& Files.getFileStore(memory).getUsableSpace() >= MEMORY_NEEDED;
		return suitable ? memory : Path.of("/tmp");
	}

	private static int freePort() throws IOException {
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
			return socket.getLocalPort();
		}
	}

	static String randomPassword() {
		byte[] bytes = new byte[24];
		new SecureRandom().nextBytes(bytes);
		return HexFormat.of().formatHex(bytes);
	}

}
