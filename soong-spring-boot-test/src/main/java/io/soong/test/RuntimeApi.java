package io.soong.test;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lambda's Runtime API (version 2018-06-01) for one execution environment, on the
 * loopback interface. Delivers events in the order in which they were submitted.
 * Thread-safe.
 */
final class RuntimeApi implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(RuntimeApi.class);

	private static final String PREFIX = "/2018-06-01/runtime/";

	private static final String CREDENTIALS_PATH = "/2021-04-23/credentials";

	private static final Duration CREDENTIALS_LIFETIME = Duration.ofHours(1);

	private static final Pattern RESULT = Pattern.compile("invocation/([^/]+)/(response|error)");

	private static final byte[] ACCEPTED = "{\"status\":\"OK\"}".getBytes(StandardCharsets.UTF_8);

	private final ServerSocket listener;

	private final ExecutorService executor = Executors.newCachedThreadPool((task) -> {
		Thread thread = new Thread(task, "lambda-runtime-api");
		thread.setDaemon(true);
		return thread;
	});

	private final Set<Socket> connections = ConcurrentHashMap.newKeySet();

	private final BlockingQueue<PendingEvent> waiting = new LinkedBlockingQueue<>();

	private final Map<String, PendingEvent> running = new ConcurrentHashMap<>();

	private final CompletableFuture<Long> initialized = new CompletableFuture<>();

	private final CompletableFuture<ErrorReport> initializationError = new CompletableFuture<>();

	private final CompletableFuture<Long> checkpointed = new CompletableFuture<>();

	private final CompletableFuture<@Nullable Void> restored = new CompletableFuture<>();

	private final CompletableFuture<ErrorReport> restoreError = new CompletableFuture<>();

	private final String credentialsToken = UUID.randomUUID().toString();

	private final Supplier<Map<String, String>> credentials;

	private @Nullable String end;

	private final Duration timeout;

	private final String functionArn;

	/**
	 * Starts to listen.
	 * @param timeout the time-out of an invocation
	 * @param functionArn the function's ARN
	 * @param credentials supplies the credentials of its role as environment variables
	 */
	RuntimeApi(Duration timeout, String functionArn, Supplier<Map<String, String>> credentials) throws IOException {
		this.credentials = credentials;
		this.timeout = timeout;
		this.functionArn = functionArn;
		this.listener = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
		this.executor.execute(this::accept);
	}

	/**
	 * The value of {@code AWS_LAMBDA_RUNTIME_API}.
	 */
	String address() {
		return "127.0.0.1:" + this.listener.getLocalPort();
	}

	/**
	 * The environment variables that tell an SDK to get credentials from this API.
	 */
	Map<String, String> credentialsEnvironment() {
		return Map.of("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://" + address() + CREDENTIALS_PATH,
				"AWS_CONTAINER_AUTHORIZATION_TOKEN", this.credentialsToken);
	}

	/**
	 * Completes when the runtime has prepared for a checkpoint, with the
	 * {@link System#nanoTime()} of that moment.
	 */
	CompletableFuture<Long> checkpointed() {
		return this.checkpointed;
	}

	/**
	 * Tells the runtime that it was restored.
	 */
	void restore() {
		this.restored.complete(null);
	}

	CompletableFuture<ErrorReport> restoreError() {
		return this.restoreError;
	}

	/**
	 * Completes when the runtime asks for its first event, with the
	 * {@link System#nanoTime()} of that moment.
	 */
	CompletableFuture<Long> initialized() {
		return this.initialized;
	}

	CompletableFuture<ErrorReport> initializationError() {
		return this.initializationError;
	}

	synchronized void submit(PendingEvent invocation) {
		if (this.end != null) {
			invocation.end(Answer.EXITED, this.end);
		}
		else {
			this.waiting.add(invocation);
		}
	}

	/**
	 * Ends all waiting and running invocations, after the runtime has exited.
	 */
	synchronized void end(String reason) {
		this.end = reason;
		this.running.values().forEach((invocation) -> invocation.end(Answer.EXITED, reason));
		this.waiting.forEach((invocation) -> invocation.end(Answer.EXITED, reason));
	}

	@Override
	public void close() throws IOException {
		this.listener.close();
		this.executor.shutdownNow();
		for (Socket connection : this.connections) {
			connection.close();
		}
	}

	private void accept() {
		while (!this.listener.isClosed()) {
			try {
				Socket socket = this.listener.accept();
				this.connections.add(socket);
				this.executor.execute(() -> serve(socket));
			}
			catch (IOException ex) {
				logger.debug("The Runtime API stopped listening", ex);
			}
		}
	}

	private void serve(Socket socket) {
		try (socket) {
			socket.setTcpNoDelay(true);
			InputStream in = new BufferedInputStream(socket.getInputStream());
			OutputStream out = socket.getOutputStream();
			for (HttpRequest request = HttpRequest.read(in, out); request != null; request = HttpRequest.read(in,
					out)) {
				handle(request, out);
			}
		}
		catch (IOException | NumberFormatException ex) {
			logger.debug("A connection to the Runtime API ended", ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		finally {
			this.connections.remove(socket);
		}
	}

	private void handle(HttpRequest request, OutputStream out) throws IOException, InterruptedException {
		String path = request.path().startsWith(PREFIX) ? request.path().substring(PREFIX.length()) : "";
		Matcher result = RESULT.matcher(path);
		if (request.method().equals("GET") && path.equals("invocation/next")) {
			this.initialized.complete(System.nanoTime());
			deliver(this.waiting.take(), out);
		}
		else if (request.method().equals("GET") && path.equals("restore/next")) {
			this.checkpointed.complete(System.nanoTime());
			this.restored.join();
			HttpRequest.respond(out, 200, Map.of(), new byte[0]);
		}
		else if (request.method().equals("GET") && request.path().equals(CREDENTIALS_PATH)) {
			respondCredentials(request, out);
		}
		else if (request.method().equals("POST") && path.equals("restore/error")) {
			this.restoreError.complete(ErrorReport.parse(request.body()));
			HttpRequest.respond(out, 202, Map.of(), ACCEPTED);
		}
		else if (request.method().equals("POST") && path.equals("init/error")) {
			this.initializationError.complete(ErrorReport.parse(request.body()));
			HttpRequest.respond(out, 202, Map.of(), ACCEPTED);
		}
		else if (request.method().equals("POST") && result.matches()) {
			complete(result.group(1), result.group(2), request, out);
		}
		else {
			HttpRequest.respond(out, 404, Map.of(), new byte[0]);
		}
	}

	private void deliver(PendingEvent invocation, OutputStream out) throws IOException {
		this.running.put(invocation.id(), invocation);
		long deadline = System.currentTimeMillis() + this.timeout.toMillis();
		invocation.deliver();
		HttpRequest.respond(out, 200,
				Map.of("Lambda-Runtime-Aws-Request-Id", invocation.id(), "Lambda-Runtime-Deadline-Ms",
						Long.toString(deadline), "Lambda-Runtime-Invoked-Function-Arn", this.functionArn,
						"Lambda-Runtime-Trace-Id", traceId(invocation)),
				invocation.event());
	}

	private void respondCredentials(HttpRequest request, OutputStream out) throws IOException {
		if (!this.credentialsToken.equals(request.headers().get("authorization"))) {
			HttpRequest.respond(out, 403, Map.of(),
					"{\"message\":\"The authorization token is wrong\"}".getBytes(StandardCharsets.UTF_8));
			return;
		}
		Map<String, String> current = this.credentials.get();
		String json = "{\"AccessKeyId\":\"%s\",\"SecretAccessKey\":\"%s\",\"Token\":\"%s\",\"Expiration\":\"%s\"}"
			.formatted(current.get("AWS_ACCESS_KEY_ID"), current.get("AWS_SECRET_ACCESS_KEY"),
					current.get("AWS_SESSION_TOKEN"),
					Instant.now().plus(CREDENTIALS_LIFETIME).truncatedTo(ChronoUnit.SECONDS));
		HttpRequest.respond(out, 200, Map.of(), json.getBytes(StandardCharsets.UTF_8));
	}

	private void complete(String id, String kind, HttpRequest request, OutputStream out) throws IOException {
		@Nullable PendingEvent invocation = this.running.remove(id);
		if (invocation == null) {
			HttpRequest.respond(out, 400, Map.of(), new byte[0]);
			return;
		}
		if (kind.equals("error")) {
			invocation.fail(ErrorReport.parse(request.body()));
		}
		else {
			invocation.succeed(new String(request.body(), StandardCharsets.UTF_8));
		}
		HttpRequest.respond(out, 202, Map.of(), ACCEPTED);
	}

	private static String traceId(PendingEvent invocation) {
		String hex = invocation.id().replace("-", "");
		return "Root=1-" + Long.toHexString(System.currentTimeMillis() / 1000) + "-" + hex.substring(0, 24) + ";Parent="
				+ hex.substring(16) + ";Sampled=0";
	}

}
