package io.soong.test;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * An execution environment of AWS Lambda on this machine: a JVM of its own, in which AWS'
 * Java runtime interface client runs a function against a local Runtime API.
 *
 * <pre class="code">
 * try (LambdaRuntime lambda = LambdaRuntime.builder()
 *         .handler("com.example.Gizmos")
 *         .classPath(System.getProperty("java.class.path"))
 *         .environment(rds.environment())
 *         .start()) {
 *     Answer answer = lambda.invoke("{\"id\": 42}");
 * }
 * </pre>
 *
 * <p>
 * Runs on Linux, x86-64 and arm64, for which that client has its native library. The
 * function sees Lambda's environment variables and those given here, nothing of the
 * test's own but {@code PATH}, {@code LANG} and {@code TMPDIR}; {@code HOME} is an empty
 * folder, so that nobody's AWS profile leaks in. What Lambda does around the runtime is
 * not there: no extensions, no limit of ten seconds for the initialization, no share of a
 * CPU according to memory.
 *
 * <p>
 * One environment lives from {@link Builder#start()} to {@link #close()}, a time-out or
 * its own end. Safe for use by several threads; events are handled in the order in which
 * they came.
 */
public final class LambdaRuntime implements AutoCloseable {

	/**
	 * The options that the managed Java runtime sets. They are replaced by
	 * {@link Builder#jvmOptions(String...)}.
	 */
	public static final List<String> MANAGED_RUNTIME_OPTIONS = List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
			"-Dorg.crac.Core.Compat=com.amazonaws.services.lambda.crac");

	private static final Duration HAND_OUT = Duration.ofSeconds(60);

	private final Builder settings;

	private final TemporaryFolder folder;

	private final RuntimeApi api;

	private final Thread shutdownHook = new Thread(this::kill, "lambda-shutdown");

	private final CompletableFuture<String> end = new CompletableFuture<>();

	private final FunctionProcess process;

	private final Duration initDuration;

	private volatile @Nullable Duration firstAnswer;

	private LambdaRuntime(Builder settings) throws IOException {
		this.settings = settings;
		this.folder = TemporaryFolder.create(Path.of(System.getProperty("java.io.tmpdir")), "soong-lambda-");
		try {
			this.api = new RuntimeApi(settings.timeout, FunctionCommand.functionArn(settings));
			try {
				this.process = new FunctionProcess(
						FunctionCommand.create(settings, this.folder.path(), this.api.address()), settings.tee);
			}
			catch (IOException | RuntimeException ex) {
				this.api.close();
				throw ex;
			}
		}
		catch (IOException | RuntimeException ex) {
			this.folder.close();
			throw ex;
		}
		Runtime.getRuntime().addShutdownHook(this.shutdownHook);
		this.process.onExit().thenAccept(this::exited);
		try {
			this.initDuration = awaitInitialization();
		}
		catch (RuntimeException ex) {
			close();
			throw ex;
		}
	}

	public static Builder builder() {
		return new Builder();
	}

	/**
	 * Hands an event to the function and waits for what comes of it. An exception of the
	 * function, a time-out and the end of its process are answers too, as they are for
	 * Lambda's callers; after the latter two the environment is gone.
	 * @param jsonEvent the event
	 * @throws IllegalStateException if the environment is frozen or gone
	 */
	public Answer invoke(String jsonEvent) {
		if (this.process.isFrozen()) {
			throw new IllegalStateException("The environment is frozen; thaw() it first");
		}
		Invocation invocation = new Invocation(jsonEvent.getBytes(StandardCharsets.UTF_8));
		if (this.end.isDone()) {
			throw new IllegalStateException("The environment is gone; start another one. " + this.end.join());
		}
		this.api.submit(invocation);
		try {
			invocation.handedOut().get(HAND_OUT.toSeconds(), TimeUnit.SECONDS);
			Answer answer = answer(invocation);
			if (this.firstAnswer == null) {
				this.firstAnswer = this.initDuration.plus(answer.duration());
			}
			return answer;
		}
		catch (TimeoutException ex) {
			kill();
			throw new IllegalStateException("The runtime did not ask for the event within " + HAND_OUT + ". It wrote:\n"
					+ this.process.logTail());
		}
		catch (ExecutionException ex) {
			throw new IllegalStateException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException("Interrupted while waiting for an answer", ex);
		}
	}

	private Answer answer(Invocation invocation) throws ExecutionException, InterruptedException {
		try {
			return invocation.answer().get(this.settings.timeout.toNanos(), TimeUnit.NANOSECONDS);
		}
		catch (TimeoutException ex) {
			invocation.end(Answer.TIMED_OUT, "Task timed out after %.2f seconds. The function wrote last:%n%s"
				.formatted(this.settings.timeout.toMillis() / 1000.0, this.process.logTail()));
			kill();
			return invocation.answer().get();
		}
	}

	/**
	 * Stops the process, all its threads, as Lambda does between invocations. Its sockets
	 * stay open, time goes on without it.
	 */
	public void freeze() {
		try {
			this.process.freeze();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Lets a frozen process go on.
	 */
	public void thaw() {
		try {
			this.process.thaw();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * The identifier of the process.
	 */
	public long pid() {
		return this.process.pid();
	}

	/**
	 * What the process has written so far, to standard output and error: its last 20,000
	 * lines.
	 */
	public List<String> logs() {
		return this.process.log();
	}

	/**
	 * From the start of the process until it asked for its first event.
	 */
	public Duration initDuration() {
		return this.initDuration;
	}

	/**
	 * From the start of the process until its first answer, less the time it waited for
	 * the event: {@link #initDuration()} and the duration of the first invocation.
	 * @throws IllegalStateException if there was no answer yet
	 */
	public Duration timeToFirstAnswer() {
		Duration duration = this.firstAnswer;
		if (duration == null) {
			throw new IllegalStateException("There was no answer yet");
		}
		return duration;
	}

	/**
	 * The most memory the process has had resident so far, in bytes. Of one that was
	 * closed or timed out it is known too, of one that ended by itself it is not.
	 */
	public long peakMemory() {
		try {
			return this.process.peakMemory();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Kills the process. On Lambda it does not get to run its shutdown hooks either.
	 */
	@Override
	public void close() {
		kill();
		try {
			Runtime.getRuntime().removeShutdownHook(this.shutdownHook);
		}
		catch (IllegalStateException ex) {
			// The JVM is ending, so the hook runs anyway
		}
	}

	private void kill() {
		this.process.kill();
		try {
			this.api.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		this.folder.close();
	}

	private void exited(int status) {
		String reason = "Runtime exited with status " + status + ". It wrote last:\n" + this.process.logTail();
		this.end.complete(reason);
		this.api.end(reason);
	}

	private Duration awaitInitialization() {
		CompletableFuture<Long> initialized = this.api.initialized();
		CompletableFuture<ErrorReport> error = this.api.initializationError();
		try {
			CompletableFuture.anyOf(initialized, error, this.end)
				.get(this.settings.initializationTimeout.toNanos(), TimeUnit.NANOSECONDS);
			if (initialized.isDone()) {
				return Duration.ofNanos(initialized.join() - this.process.startedAt());
			}
			if (error.isDone()) {
				// The runtime exits after reporting, so that its log is complete then
				this.end.copy().completeOnTimeout("", 5, TimeUnit.SECONDS).join();
				throw new FunctionInitializationException(error.join().type(), error.join().message(),
						this.process.logTail());
			}
			throw new FunctionInitializationException(Answer.EXITED, this.end.join(), "");
		}
		catch (TimeoutException ex) {
			throw new FunctionInitializationException(Answer.TIMED_OUT,
					"The function did not initialize within " + this.settings.initializationTimeout,
					this.process.logTail());
		}
		catch (ExecutionException ex) {
			throw new IllegalStateException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException("Interrupted while the function was initializing", ex);
		}
	}

	/**
	 * How an execution environment comes to be, as {@code AWS_LAMBDA_INITIALIZATION_TYPE}
	 * says.
	 */
	public enum InitializationType {

		/**
		 * For an event that is waiting.
		 */
		ON_DEMAND("on-demand"),

		/**
		 * Ahead of any event.
		 */
		PROVISIONED_CONCURRENCY("provisioned-concurrency");

		final String value;

		InitializationType(String value) {
			this.value = value;
		}

	}

	/**
	 * What a function and its environment are like. Only the handler, and a class path or
	 * a package folder, have to be given.
	 */
	public static final class Builder {

		final Map<String, String> environment = new LinkedHashMap<>();

		List<Path> classPath = List.of();

		List<String> jvmOptions = MANAGED_RUNTIME_OPTIONS;

		String handler = "";

		String functionName = "function";

		@Nullable Path packageFolder;

		Path javaHome = Path.of(System.getProperty("java.home"));

		int memory = 512;

		Duration timeout = Duration.ofSeconds(3);

		Duration initializationTimeout = Duration.ofSeconds(60);

		InitializationType initializationType = InitializationType.ON_DEMAND;

		Consumer<String> tee = (line) -> {
		};

		private Builder() {
		}

		private Builder(Builder other) {
			this.environment.putAll(other.environment);
			this.classPath = other.classPath;
			this.jvmOptions = other.jvmOptions;
			this.handler = other.handler;
			this.functionName = other.functionName;
			this.packageFolder = other.packageFolder;
			this.javaHome = other.javaHome;
			this.memory = other.memory;
			this.timeout = other.timeout;
			this.initializationTimeout = other.initializationTimeout;
			this.initializationType = other.initializationType;
			this.tee = other.tee;
		}

		/**
		 * The handler, as {@code package.Class} or {@code package.Class::method}.
		 */
		public Builder handler(String handler) {
			this.handler = handler;
			return this;
		}

		/**
		 * The class path of the function. The jars of the runtime interface client are
		 * put behind it, unless it has them.
		 */
		public Builder classPath(List<Path> classPath) {
			this.classPath = classPath.stream().map(Path::toAbsolutePath).toList();
			return this;
		}

		/**
		 * The class path of the function, as in {@code java.class.path}.
		 */
		public Builder classPath(String classPath) {
			return classPath(Stream.of(classPath.split(File.pathSeparator))
				.filter((entry) -> !entry.isEmpty())
				.map(Path::of)
				.toList());
		}

		/**
		 * The folder of the function as Lambda unpacks its zip to {@code /var/task}:
		 * classes at the root, jars in {@code lib}. The runtime loads them by a class
		 * loader of its own.
		 */
		public Builder packageFolder(Path packageFolder) {
			this.packageFolder = packageFolder.toAbsolutePath();
			return this;
		}

		/**
		 * Adds environment variables of the function.
		 * @throws IllegalArgumentException for {@code AWS_LAMBDA_RUNTIME_API} and
		 * {@code _HANDLER}
		 */
		public Builder environment(Map<String, String> environment) {
			for (String reserved : List.of("AWS_LAMBDA_RUNTIME_API", "_HANDLER")) {
				if (environment.containsKey(reserved)) {
					throw new IllegalArgumentException(reserved + " is set by LambdaRuntime");
				}
			}
			this.environment.putAll(environment);
			return this;
		}

		/**
		 * Adds an environment variable of the function.
		 */
		public Builder environment(String name, String value) {
			return environment(Map.of(name, value));
		}

		/**
		 * The name of the function; {@code function} by default.
		 */
		public Builder functionName(String functionName) {
			this.functionName = functionName;
			return this;
		}

		/**
		 * The function's memory, 512 MB by default. The heap gets at most four fifths of
		 * it; which share the managed runtime gives is not documented. The process as a
		 * whole is not limited.
		 */
		public Builder memory(int megabytes) {
			this.memory = megabytes;
			return this;
		}

		/**
		 * The options of the JVM, in place of {@link #MANAGED_RUNTIME_OPTIONS}.
		 */
		public Builder jvmOptions(String... options) {
			this.jvmOptions = List.of(options);
			return this;
		}

		/**
		 * Options of the JVM, in addition to those set before.
		 */
		public Builder addJvmOptions(String... options) {
			this.jvmOptions = Stream.concat(this.jvmOptions.stream(), Stream.of(options)).toList();
			return this;
		}

		/**
		 * The Java installation to run on; that of the test by default.
		 */
		public Builder javaHome(Path javaHome) {
			this.javaHome = javaHome.toAbsolutePath();
			return this;
		}

		/**
		 * The function's time-out, which sets the deadline of each invocation; 3 seconds
		 * by default, as on Lambda.
		 */
		public Builder timeout(Duration timeout) {
			this.timeout = timeout;
			return this;
		}

		/**
		 * How long the function may take to initialize; 60 seconds by default.
		 */
		public Builder initializationTimeout(Duration initializationTimeout) {
			this.initializationTimeout = initializationTimeout;
			return this;
		}

		/**
		 * How the environment comes to be; on demand by default.
		 */
		public Builder initializationType(InitializationType initializationType) {
			this.initializationType = initializationType;
			return this;
		}

		/**
		 * Who is handed each line the function writes, as it is written, on a thread of
		 * its own.
		 */
		public Builder logTo(Consumer<String> consumer) {
			this.tee = consumer;
			return this;
		}

		/**
		 * Starts the environment and waits until it asks for its first event.
		 * @throws FunctionInitializationException if the function cannot be initialized
		 * @throws IllegalStateException if something is missing, or on machines that AWS'
		 * runtime does not run on
		 */
		public LambdaRuntime start() {
			if (this.handler.isEmpty() || this.classPath.isEmpty() && this.packageFolder == null) {
				throw new IllegalStateException("Needs a handler, and a class path or a package folder");
			}
			try {
				return new LambdaRuntime(new Builder(this));
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

	}

}
