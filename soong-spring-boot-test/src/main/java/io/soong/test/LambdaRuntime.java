package io.soong.test;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * A function on AWS Lambda, on this machine: its execution environment is a JVM of its
 * own, in which AWS' Java runtime interface client runs it against a local Runtime API.
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
 * There is one environment at a time. It lives from {@link Builder#start()} to
 * {@link #close()}, a time-out or its own end; after the latter two the next event starts
 * another. Safe for use by several threads; events are handled in the order in which they
 * came, on a Managed Instance several at once.
 *
 * <p>
 * The wall clock of the process is that of the machine: nothing on Linux gives a process
 * another. What a clock that is wrong does to tokens, {@link RdsLookalike.Builder#clock}
 * shows from the other side.
 */
public final class LambdaRuntime implements AutoCloseable {

	/**
	 * The options that the managed Java runtime sets. They are replaced by
	 * {@link Builder#jvmOptions(String...)}.
	 */
	public static final List<String> MANAGED_RUNTIME_OPTIONS = FunctionSettings.MANAGED_RUNTIME_OPTIONS;

	private final FunctionSettings settings;

	private final List<ExecutionEnvironment> environments = new CopyOnWriteArrayList<>();

	private boolean closed;

	private LambdaRuntime(FunctionSettings settings) throws IOException {
		this.settings = settings;
		this.environments.add(new ExecutionEnvironment(settings));
	}

	/**
	 * Returns a builder, with all defaults but the handler and the code.
	 * @return a builder
	 */
	public static Builder builder() {
		return new Builder(new FunctionSettings());
	}

	/**
	 * Hands an event to the function and waits for what comes of it. An exception of the
	 * function, a time-out and the end of its process are answers too, as they are for
	 * Lambda's callers; after the latter two the environment is gone, and the next event
	 * starts another.
	 * @param jsonEvent the event
	 * @return the answer, or the error
	 * @throws IllegalStateException if the environment is frozen, waits to be restored,
	 * or was closed
	 * @throws FunctionInitializationException if another environment was needed and could
	 * not be initialized
	 */
	public Answer invoke(String jsonEvent) {
		ExecutionEnvironment environment = living();
		if (environment.isSnapshot()) {
			throw new IllegalStateException("This is a snapshot; restore() it first");
		}
		if (environment.process().isFrozen()) {
			throw new IllegalStateException("The environment is frozen; thaw() it first");
		}
		return environment.invoke(jsonEvent);
	}

	/**
	 * Goes on after the checkpoint as a restored environment does: {@code afterRestore}
	 * runs, and the function asks for its first event. A snapshot is restored once: of a
	 * real one any number of environments is made, but a process cannot be copied here.
	 * @return how long that took
	 * @throws IllegalStateException if there is no snapshot: see
	 * {@link Builder#snapshot()}
	 * @throws FunctionInitializationException if {@code afterRestore} failed
	 */
	public Duration restore() {
		return current().restore();
	}

	/**
	 * Stops the process, all its threads, as Lambda does between invocations. Its sockets
	 * stay open, time goes on without it.
	 */
	public void freeze() {
		try {
			current().process().freeze();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Lets a frozen process go on.
	 * @throws IllegalStateException if it is a snapshot, which has to be restored
	 */
	public void thaw() {
		if (current().isSnapshot()) {
			throw new IllegalStateException("This is a snapshot; restore() it instead");
		}
		try {
			current().process().thaw();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * The identifier of the process.
	 * @return the identifier
	 */
	public long pid() {
		return current().process().pid();
	}

	/**
	 * How many environments there have been: one, and one more for each event that came
	 * after a time-out or the end of a process.
	 * @return the number
	 */
	public int environments() {
		return this.environments.size();
	}

	/**
	 * What the process has written so far, to standard output and error, and the
	 * processes before it: the last 20,000 lines of each.
	 * @return the lines, oldest first
	 */
	public List<String> logs() {
		return this.environments.stream().flatMap((environment) -> environment.process().log().stream()).toList();
	}

	/**
	 * From the start of the process until it asked for its first event, or reached its
	 * checkpoint.
	 * @return the time
	 */
	public Duration initDuration() {
		return current().initDuration();
	}

	/**
	 * From the start of the process until its first answer, less the time it waited for
	 * the event: {@link #initDuration()} and the duration of the first invocation. Of a
	 * snapshot: from {@link #restore()} on.
	 * @return the time
	 * @throws IllegalStateException if there was no answer yet
	 */
	public Duration timeToFirstAnswer() {
		Duration duration = current().firstAnswer();
		if (duration == null) {
			throw new IllegalStateException("There was no answer yet");
		}
		return duration;
	}

	/**
	 * The most memory the process has had resident so far, in bytes. Of one that was
	 * closed or timed out it is known too, of one that ended by itself it is not.
	 * @return the bytes
	 */
	public long peakMemory() {
		try {
			return current().process().peakMemory();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Looks for texts in all memory of the process that can be read, as bytes and as
	 * UTF-16, with the process stopped meanwhile: for secrets that must not be in a
	 * snapshot, say. The environment of a process is part of its memory. Takes about a
	 * second for each gigabyte.
	 * @param texts of ASCII characters, at least eight each, so that chance does not find
	 * them
	 * @return every place where one of them is
	 */
	public List<MemoryMatch> searchMemory(String... texts) {
		FunctionProcess process = current().process();
		boolean stopped = process.isFrozen();
		try {
			if (!stopped) {
				process.freeze();
			}
			try {
				return ProcessMemory.search(process.pid(), List.of(texts));
			}
			finally {
				if (!stopped) {
					process.thaw();
				}
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Kills the process. On Lambda it does not get to run its shutdown hooks either.
	 */
	@Override
	public synchronized void close() {
		this.closed = true;
		this.environments.forEach(ExecutionEnvironment::close);
	}

	private ExecutionEnvironment current() {
		return this.environments.get(this.environments.size() - 1);
	}

	private synchronized ExecutionEnvironment living() {
		if (this.closed) {
			throw new IllegalStateException("The environment was closed");
		}
		if (current().isGone()) {
			try {
				current().close();
				ExecutionEnvironment next = new ExecutionEnvironment(this.settings);
				this.environments.add(next);
				if (next.isSnapshot()) {
					next.restore();
				}
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}
		return current();
	}

	/**
	 * How an execution environment comes to be, as {@code AWS_LAMBDA_INITIALIZATION_TYPE}
	 * says.
	 */
	public enum InitializationType {

		/**
		 * For an event that is waiting.
		 */
		ON_DEMAND(FunctionSettings.ON_DEMAND),

		/**
		 * Ahead of any event.
		 */
		PROVISIONED_CONCURRENCY("provisioned-concurrency"),

		/**
		 * From a snapshot: see {@link Builder#snapshot()}.
		 */
		SNAP_START(FunctionSettings.SNAP_START),

		/**
		 * On a Managed Instance, where one process handles several events at once: see
		 * {@link Builder#maxConcurrency(int)}.
		 */
		MANAGED_INSTANCES("lambda-managed-instances");

		private final String value;

		InitializationType(String value) {
			this.value = value;
		}

	}

	/**
	 * What a function and its environment are like. Only the handler, and a class path or
	 * a package folder, have to be given.
	 */
	public static final class Builder {

		private final FunctionSettings settings;

		private Builder(FunctionSettings settings) {
			this.settings = settings;
		}

		/**
		 * The handler, as {@code package.Class} or {@code package.Class::method}.
		 * @param handler the handler
		 * @return this builder
		 */
		public Builder handler(String handler) {
			this.settings.handler = handler;
			return this;
		}

		/**
		 * The class path of the function. The jars of the runtime interface client are
		 * put behind it, unless it has them.
		 * @param classPath the entries
		 * @return this builder
		 */
		public Builder classPath(List<Path> classPath) {
			this.settings.classPath = classPath.stream().map(Path::toAbsolutePath).toList();
			return this;
		}

		/**
		 * The class path of the function, as in {@code java.class.path}.
		 * @param classPath the entries
		 * @return this builder
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
		 * @param packageFolder the folder
		 * @return this builder
		 */
		public Builder packageFolder(Path packageFolder) {
			this.settings.packageFolder = packageFolder.toAbsolutePath();
			return this;
		}

		/**
		 * Adds environment variables of the function.
		 * @param environment the variables
		 * @return this builder
		 * @throws IllegalArgumentException for {@code AWS_LAMBDA_RUNTIME_API} and
		 * {@code _HANDLER}
		 */
		public Builder environment(Map<String, String> environment) {
			for (String reserved : List.of("AWS_LAMBDA_RUNTIME_API", "_HANDLER")) {
				if (environment.containsKey(reserved)) {
					throw new IllegalArgumentException(reserved + " is set by LambdaRuntime");
				}
			}
			this.settings.environment.putAll(environment);
			return this;
		}

		/**
		 * Adds an environment variable of the function.
		 * @param name the name
		 * @param value the value
		 * @return this builder
		 */
		public Builder environment(String name, String value) {
			return environment(Map.of(name, value));
		}

		/**
		 * Where the credentials of the function's role come from, such as
		 * {@code rds::environment}. Of what it returns {@code AWS_ACCESS_KEY_ID},
		 * {@code AWS_SECRET_ACCESS_KEY} and {@code AWS_SESSION_TOKEN} are taken: when an
		 * environment starts, as its variables; of a snapshot, which has no such
		 * variables, whenever it asks the endpoint that
		 * {@code AWS_CONTAINER_CREDENTIALS_FULL_URI} names. Without this method they come
		 * from {@link #environment(Map)}.
		 * @param credentials gives the variables
		 * @return this builder
		 */
		public Builder credentials(Supplier<Map<String, String>> credentials) {
			this.settings.credentials = credentials;
			return this;
		}

		/**
		 * Makes it a Managed Instance, on which one process handles so many events at
		 * once, each on a thread of its own. It is not killed when an event times out.
		 * @param threads how many events at once, 1 or more
		 * @return this builder
		 */
		public Builder maxConcurrency(int threads) {
			this.settings.maxConcurrency = threads;
			return initializationType(InitializationType.MANAGED_INSTANCES);
		}

		/**
		 * The name of the function; {@code function} by default.
		 * @param functionName the name
		 * @return this builder
		 */
		public Builder functionName(String functionName) {
			this.settings.functionName = functionName;
			return this;
		}

		/**
		 * The function's memory, 512 MB by default. The heap gets at most four fifths of
		 * it; which share the managed runtime gives is not documented. The process as a
		 * whole is not limited.
		 * @param megabytes the memory
		 * @return this builder
		 */
		public Builder memory(int megabytes) {
			this.settings.memory = megabytes;
			return this;
		}

		/**
		 * The options of the JVM, in place of {@link #MANAGED_RUNTIME_OPTIONS}.
		 * @param options the options
		 * @return this builder
		 */
		public Builder jvmOptions(String... options) {
			this.settings.jvmOptions = List.of(options);
			return this;
		}

		/**
		 * Options of the JVM, in addition to those set before.
		 * @param options the options
		 * @return this builder
		 */
		public Builder addJvmOptions(String... options) {
			this.settings.jvmOptions = Stream.concat(this.settings.jvmOptions.stream(), Stream.of(options)).toList();
			return this;
		}

		/**
		 * The Java installation to run on; that of the test by default.
		 * @param javaHome the folder of the installation
		 * @return this builder
		 */
		public Builder javaHome(Path javaHome) {
			this.settings.javaHome = javaHome.toAbsolutePath();
			return this;
		}

		/**
		 * The function's time-out, which sets the deadline of each invocation; 3 seconds
		 * by default, as on Lambda.
		 * @param timeout the time-out
		 * @return this builder
		 */
		public Builder timeout(Duration timeout) {
			this.settings.timeout = timeout;
			return this;
		}

		/**
		 * How long the function may take to initialize; 60 seconds by default.
		 * @param initializationTimeout the time
		 * @return this builder
		 */
		public Builder initializationTimeout(Duration initializationTimeout) {
			this.settings.initializationTimeout = initializationTimeout;
			return this;
		}

		/**
		 * How the environment comes to be; on demand by default.
		 * @param initializationType how it comes to be
		 * @return this builder
		 */
		public Builder initializationType(InitializationType initializationType) {
			this.settings.initializationType = initializationType.value;
			return this;
		}

		/**
		 * What receives each line that the function writes, as it is written, on a thread
		 * of its own.
		 * @param consumer receives the lines
		 * @return this builder
		 */
		public Builder logTo(Consumer<String> consumer) {
			this.settings.tee = consumer;
			return this;
		}

		/**
		 * Initializes the function for SnapStart, up to and including
		 * {@code beforeCheckpoint}, and stops the process there, until
		 * {@link LambdaRuntime#restore()}. The process is its own snapshot: nothing is
		 * written, its sockets stay open, and its threads go on where they were.
		 * @return the snapshot, to be restored and closed
		 * @throws FunctionInitializationException if the function cannot be initialized,
		 * or {@code beforeCheckpoint} failed
		 */
		public LambdaRuntime snapshot() {
			return initializationType(InitializationType.SNAP_START).start();
		}

		/**
		 * Starts the environment and waits until it asks for its first event.
		 * @return the running function, to be closed
		 * @throws FunctionInitializationException if the function cannot be initialized
		 * @throws IllegalStateException if something is missing, or on machines that AWS'
		 * runtime does not run on
		 */
		public LambdaRuntime start() {
			if (this.settings.handler.isEmpty()
					|| this.settings.classPath.isEmpty() && this.settings.packageFolder == null) {
				throw new IllegalStateException("Needs a handler, and a class path or a package folder");
			}
			if (this.settings.packageFolder != null && !Files.isDirectory(this.settings.packageFolder)) {
				throw new IllegalStateException("There is no deployment package at " + this.settings.packageFolder
						+ ". Build it first, and run what needs it later: for example in Maven's phase "
						+ "integration-test, by the Failsafe plugin");
			}
			if (InitializationType.MANAGED_INSTANCES.value.equals(this.settings.initializationType)
					&& this.settings.maxConcurrency < 1) {
				throw new IllegalStateException("A Managed Instance needs maxConcurrency(1) or more");
			}
			try {
				return new LambdaRuntime(new FunctionSettings(this.settings));
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

	}

}
