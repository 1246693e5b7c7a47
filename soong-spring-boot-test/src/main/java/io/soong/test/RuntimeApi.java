package io.soong.test;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import org.jspecify.annotations.Nullable;

/**
 * Lambda's Runtime API (version 2018-06-01) for one execution environment, on the
 * loopback interface. Delivers events in the order in which they were submitted.
 * Thread-safe.
 */
final class RuntimeApi implements AutoCloseable {

	private static final String PREFIX = "/2018-06-01/runtime/";

	private static final String CREDENTIALS_PATH = "/2021-04-23/credentials";

	private static final Duration CREDENTIALS_LIFETIME = Duration.ofHours(1);

	private static final Pattern RESULT = Pattern.compile("invocation/([^/]+)/(response|error)");

	private static final String ACCEPTED = "{\"status\":\"OK\"}";

	static {
		// The server sends head and body in two packets. The second would wait up to 40
		// ms for the acknowledgement of the first
		System.setProperty("sun.net.httpserver.nodelay", "true");
	}

	private final HttpServer server;

	private final ExecutorService executor = Executors.newCachedThreadPool((task) -> {
		Thread thread = new Thread(task, "lambda-runtime-api");
		thread.setDaemon(true);
		return thread;
	});

	private final BlockingQueue<PendingEvent> waiting = new LinkedBlockingQueue<>();

	private final Map<String, PendingEvent> running = new ConcurrentHashMap<>();

	private final CompletableFuture<Long> initialized = new CompletableFuture<>();

	private final CompletableFuture<ErrorReport> error = new CompletableFuture<>();

	private final CompletableFuture<Long> checkpointed = new CompletableFuture<>();

	private final CompletableFuture<@Nullable Void> restored = new CompletableFuture<>();

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
		this.server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
		this.server.createContext("/", this::handle);
		this.server.setExecutor(this.executor);
		this.server.start();
	}

	/**
	 * The value of {@code AWS_LAMBDA_RUNTIME_API}.
	 */
	String address() {
		return "127.0.0.1:" + this.server.getAddress().getPort();
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

	/**
	 * Completes when the runtime asks for its first event, with the
	 * {@link System#nanoTime()} of that moment.
	 */
	CompletableFuture<Long> initialized() {
		return this.initialized;
	}

	/**
	 * Completes when the runtime reports that the function cannot be initialized or
	 * restored.
	 */
	CompletableFuture<ErrorReport> error() {
		return this.error;
	}

	synchronized void submit(PendingEvent event) {
		if (this.end != null) {
			event.end(Answer.EXITED, this.end);
		}
		else {
			this.waiting.add(event);
		}
	}

	/**
	 * Ends all waiting and running events, after the runtime has exited.
	 */
	synchronized void end(String reason) {
		this.end = reason;
		this.running.values().forEach((event) -> event.end(Answer.EXITED, reason));
		this.waiting.forEach((event) -> event.end(Answer.EXITED, reason));
	}

	@Override
	public void close() {
		this.server.stop(0);
		this.executor.shutdownNow();
	}

	private void awaitRestore() throws IOException {
		try {
			this.restored.get();
		}
		catch (InterruptedException | ExecutionException ex) {
			throw new InterruptedIOException("The runtime was not restored");
		}
	}

	private void handle(HttpExchange exchange) throws IOException {
		String whole = exchange.getRequestURI().getPath();
		String path = whole.startsWith(PREFIX) ? whole.substring(PREFIX.length()) : whole;
		byte[] body = exchange.getRequestBody().readAllBytes();
		Matcher result = RESULT.matcher(path);
		switch (exchange.getRequestMethod() + " " + path) {
			case "GET invocation/next" -> {
				this.initialized.complete(System.nanoTime());
				deliver(exchange);
			}
			case "GET restore/next" -> {
				this.checkpointed.complete(System.nanoTime());
				awaitRestore();
				respond(exchange, 200, "");
			}
			case "GET " + CREDENTIALS_PATH -> respondCredentials(exchange);
			case "POST init/error", "POST restore/error" -> {
				this.error.complete(ErrorReport.parse(body));
				respond(exchange, 202, ACCEPTED);
			}
			default -> {
				boolean completed = result.matches() && complete(result.group(1), result.group(2), body);
				respond(exchange, completed ? 202 : result.matches() ? 400 : 404, completed ? ACCEPTED : "");
			}
		}
	}

	private void deliver(HttpExchange exchange) throws IOException {
		try {
			PendingEvent event = this.waiting.take();
			this.running.put(event.id(), event);
			Headers headers = exchange.getResponseHeaders();
			headers.set("Lambda-Runtime-Aws-Request-Id", event.id());
			headers.set("Lambda-Runtime-Deadline-Ms",
					Long.toString(System.currentTimeMillis() + this.timeout.toMillis()));
			headers.set("Lambda-Runtime-Invoked-Function-Arn", this.functionArn);
			headers.set("Lambda-Runtime-Trace-Id", traceId(event));
			event.deliver();
			respond(exchange, 200, event.json());
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IOException("The Runtime API was closed", ex);
		}
	}

	private void respondCredentials(HttpExchange exchange) throws IOException {
		if (!this.credentialsToken.equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
			respond(exchange, 403, "{\"message\":\"The authorization token is wrong\"}");
			return;
		}
		Map<String, String> current = this.credentials.get();
		respond(exchange, 200,
				"{\"AccessKeyId\":\"%s\",\"SecretAccessKey\":\"%s\",\"Token\":\"%s\",\"Expiration\":\"%s\"}".formatted(
						current.get("AWS_ACCESS_KEY_ID"), current.get("AWS_SECRET_ACCESS_KEY"),
						current.get("AWS_SESSION_TOKEN"),
						Instant.now().plus(CREDENTIALS_LIFETIME).truncatedTo(ChronoUnit.SECONDS)));
	}

	/**
	 * Completes an event.
	 * @return whether it was running
	 */
	private boolean complete(String id, String kind, byte[] body) {
		PendingEvent event = this.running.remove(id);
		if (event == null) {
			return false;
		}
		if (kind.equals("error")) {
			event.fail(ErrorReport.parse(body));
		}
		else {
			event.succeed(new String(body, StandardCharsets.UTF_8));
		}
		return true;
	}

	private static void respond(HttpExchange exchange, int status, String json) throws IOException {
		byte[] body = json.getBytes(StandardCharsets.UTF_8);
		try (exchange) {
			exchange.getResponseHeaders().set("Content-Type", "application/json");
			exchange.sendResponseHeaders(status, (body.length > 0) ? body.length : -1);
			if (body.length > 0) {
				exchange.getResponseBody().write(body);
			}
		}
	}

	private static String traceId(PendingEvent event) {
		String hex = event.id().replace("-", "");
		return "Root=1-" + Long.toHexString(System.currentTimeMillis() / 1000) + "-" + hex.substring(0, 24) + ";Parent="
				+ hex.substring(16) + ";Sampled=0";
	}

}
