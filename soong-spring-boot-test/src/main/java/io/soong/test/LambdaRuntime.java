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
 * Runs a function as AWS Lambda does, on this machine. Its execution environment is a
 * separate JVM, in which AWS' Java runtime interface client runs the function against a
 * local Runtime API.
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
 * Runs on Linux, x86-64 and arm64, for which that client has a native library. The
 * function sees Lambda's environment variables and those of the builder. Of the test's
 * own variables it sees only {@code PATH}, {@code LANG} and {@code TMPDIR}. {@code HOME}
 * is an empty folder, so that no AWS profile is found. Not reproduced are extensions, the
 * limit of ten seconds for the initialization, and the share of a CPU according to
 * memory.
 *
 * <p>
 * There is one environment at a time. It ends with {@link #close()}, at a time-out, or
 * when its process exits; after the latter two the next event starts another.
 * Thread-safe. Events are handled in the order of the calls, on a Managed Instance
 * several at a time.
 *
 * <p>
 * The process has the wall clock of the machine, because Linux has no wall clock for a
 * single process. To test tokens under a wrong clock, set
 * {@link RdsLookalike.Builder#clock}.
 */
public final class LambdaRuntime implements AutoCloseable {

	/**
	 * The options of the JVM in the managed Java runtime, which
	 * {@link Builder#jvmOptions(String...)} replaces.
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
	 * Returns a builder. The handler and the code have no default.
	 * @return a builder
	 */
	public static Builder builder() {
		return new Builder(new FunctionSettings());
	}

	/**
	 * Passes an event to the function and waits for the answer. An exception of the
	 * function, a time-out and the end of its process are answers too, as for Lambda's
	 * callers. The latter two end the environment, and the next event starts another.
	 * @param jsonEvent the event
	 * @return the answer, or the error
	 * @throws IllegalStateException if the environment is frozen, is a snapshot, or is
	 * closed
	 * @throws FunctionInitializationException if a new environment cannot be initialized
	 */
	public Answer invoke(String jsonEvent) {
		ExecutionEnvironment environment = currentOrNext();
		if (environment.isSnapshot()) {
			throw new IllegalStateException("The environment is a snapshot. Call restore() before invoke()");
		}
		if (environment.process().isFrozen()) {
			throw new IllegalStateException("The environment is frozen. Call thaw() before invoke()");
		}
		return environment.invoke(jsonEvent);
	}

	/**
	 * Restores a snapshot: {@code afterRestore} runs, and the function asks for its first
	 * event. A snapshot can be restored once. Lambda restores one any number of times,
	 * but a process cannot be copied here.
	 * @return the duration until the function asks for its first event
	 * @throws IllegalStateException if {@link Builder#snapshot()} was not used, or the
	 * snapshot is restored already
	 * @throws FunctionInitializationException if {@code afterRestore} failed
	 */
	public Duration restore() {
		return current().restore();
	}

	/**
	 * Stops all threads of the process, as Lambda does between invocations. Its sockets
	 * stay open.
	 * @throws UncheckedIOException if the process has ended
	 */
	public void freeze() {
		current().process().freeze();
	}

	/**
	 * Continues a frozen process.
	 * @throws IllegalStateException if it is a snapshot: use {@link #restore()}
	 * @throws UncheckedIOException if the process has ended
	 */
	public void thaw() {
		if (current().isSnapshot()) {
			throw new IllegalStateException("The environment is a snapshot. Call restore() in place of thaw()");
		}
		current().process().thaw();
	}

	/**
	 * The id of the process.
	 * @return the id
	 */
	public long pid() {
		return current().process().pid();
	}

	/**
	 * The number of environments so far: one, and another for each event after a time-out
	 * or the end of a process.
	 * @return the number
	 */
	public int environments() {
		return this.environments.size();
	}

	/**
	 * The output of the process and of its predecessors to standard output and standard
	 * error: the last 20,000 lines of each.
	 * @return the lines, oldest first
	 */
	public List<String> logs() {
		return this.environments.stream().flatMap((environment) -> environment.process().log().stream()).toList();
	}

	/**
	 * The duration from the start of the process until it asked for its first event, or
	 * reached its checkpoint.
	 * @return the duration
	 */
	public Duration initDuration() {
		return current().initDuration();
	}

	/**
	 * The duration from the start of the process until its first answer, without the time
	 * in which it waited for the event: {@link #initDuration()} and the duration of the
	 * first invocation. For a snapshot it begins with {@link #restore()}.
	 * @return the duration
	 * @throws IllegalStateException before the first answer
	 */
	public Duration timeToFirstAnswer() {
		Duration duration = current().firstAnswer();
		if (duration == null) {
			throw new IllegalStateException(
					"The function has not answered an event yet. Call invoke() before timeToFirstAnswer()");
		}
		return duration;
	}

	/**
	 * The peak of the process's resident memory, in bytes. It stays available after
	 * {@link #close()} and after a time-out, but not after the process ended by itself.
	 * @return the bytes
	 * @throws UncheckedIOException if it is not available
	 */
	public long peakMemory() {
		return current().process().peakMemory();
	}

	/**
	 * Searches all readable memory of the process for texts, as bytes and as UTF-16, for
	 * example for secrets that must not be in a snapshot. The process is stopped during
	 * the search. Its environment variables are part of its memory. Takes about a second
	 * for each gigabyte.
	 * @param texts texts of at least eight ASCII characters, so that they do not occur by
	 * chance
	 * @return every place where one of them was found
	 * @throws IllegalArgumentException if a text is shorter, or has other characters
	 * @throws UncheckedIOException if this user may not read the memory
	 */
	public List<MemoryMatch> searchMemory(String... texts) {
		FunctionProcess process = current().process();
		boolean stopped = process.isFrozen();
		if (!stopped) {
			process.freeze();
		}
		try {
			return ProcessMemory.search(process.pid(), List.of(texts));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		finally {
			if (!stopped) {
				process.thaw();
			}
		}
	}

	/**
	 * Kills the process. Its shutdown hooks do not run, as on Lambda.
	 */
	@Override
	public synchronized void close() {
		this.closed = true;
		this.environments.forEach(ExecutionEnvironment::close);
	}

	private ExecutionEnvironment current() {
		return this.environments.get(this.environments.size() - 1);
	}

	private synchronized ExecutionEnvironment currentOrNext() {
		if (this.closed) {
			throw new IllegalStateException("This LambdaRuntime is closed");
		}
		if (current().hasEnded()) {
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
	 * The way in which an execution environment is initialized, as in
	 * {@code AWS_LAMBDA_INITIALIZATION_TYPE}.
	 */
	public enum InitializationType {

		/**
		 * For a waiting event.
		 */
		ON_DEMAND(FunctionSettings.ON_DEMAND),

		/**
		 * Before any event.
		 */
		PROVISIONED_CONCURRENCY("provisioned-concurrency"),

		/**
		 * From a snapshot: see {@link Builder#snapshot()}.
		 */
		SNAP_START(FunctionSettings.SNAP_START),

		/**
		 * On a Managed Instance, where one process handles several events at a time: see
		 * {@link Builder#maxConcurrency(int)}.
		 */
		MANAGED_INSTANCES("lambda-managed-instances");

		private final String value;

		InitializationType(String value) {
			this.value = value;
		}

	}

	/**
	 * The settings of a function and its environment. Required are the handler, and a
	 * class path or a package folder. A builder may start several environments. Not
	 * thread-safe.
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
		 * The class path of the function. The missing jars of the runtime interface
		 * client are added at its end.
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
		 * The folder of the function, as Lambda unpacks its zip to {@code /var/task}:
		 * classes at the root, jars in {@code lib}. The runtime loads them with a
		 * separate class loader.
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
					throw new IllegalArgumentException(reserved + " is reserved: LambdaRuntime sets it");
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
		 * The source of the role's credentials, such as {@code rds::environment}. It
		 * returns {@code AWS_ACCESS_KEY_ID}, {@code AWS_SECRET_ACCESS_KEY} and
		 * {@code AWS_SESSION_TOKEN}; other variables are ignored. An environment gets
		 * them as variables when it starts. A snapshot has no such variables: it gets
		 * them from the endpoint in {@code AWS_CONTAINER_CREDENTIALS_FULL_URI}, each time
		 * it asks. Without this method they come from {@link #environment(Map)}.
		 * @param credentials supplies the variables
		 * @return this builder
		 */
		public Builder credentials(Supplier<Map<String, String>> credentials) {
			this.settings.credentials = credentials;
			return this;
		}

		/**
		 * Makes it a Managed Instance, on which one process handles several events at a
		 * time, each on its own thread. An event that times out does not end the process.
		 * @param threads the number of events at a time, at least 1
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
		 * The function's memory; 512 MB by default. The heap is limited to four fifths of
		 * it; AWS does not document the share in the managed runtime. The process as a
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
		 * The Java installation that runs the function; that of the test by default.
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
		 * The way in which the environment is initialized; on demand by default.
		 * @param initializationType the way
		 * @return this builder
		 */
		public Builder initializationType(InitializationType initializationType) {
			this.settings.initializationType = initializationType.value;
			return this;
		}

		/**
		 * Receives each line of the function's output as it is written, on a separate
		 * thread.
		 * @param consumer the receiver
		 * @return this builder
		 */
		public Builder logTo(Consumer<String> consumer) {
			this.settings.output = consumer;
			return this;
		}

		/**
		 * Initializes the function for SnapStart, runs {@code beforeCheckpoint}, and
		 * stops the process until {@link LambdaRuntime#restore()}. The stopped process
		 * stands in for the snapshot: no file is written, its sockets stay open, and its
		 * threads continue after the restore.
		 * @return the snapshot, to be restored and closed
		 * @throws FunctionInitializationException if the function cannot be initialized,
		 * or {@code beforeCheckpoint} fails
		 */
		public LambdaRuntime snapshot() {
			return initializationType(InitializationType.SNAP_START).start();
		}

		/**
		 * Starts the environment and waits until it asks for its first event.
		 * @return the running function, to be closed
		 * @throws FunctionInitializationException if the function cannot be initialized
		 * @throws IllegalStateException if a setting is missing, or AWS' runtime does not
		 * run on this machine
		 */
		public LambdaRuntime start() {
			if (this.settings.handler.isEmpty()
					|| this.settings.classPath.isEmpty() && this.settings.packageFolder == null) {
				throw new IllegalStateException(
						"Set handler(...), and classPath(...) or packageFolder(...), before start()");
			}
			if (this.settings.packageFolder != null && !Files.isDirectory(this.settings.packageFolder)) {
				throw new IllegalStateException("There is no deployment package at " + this.settings.packageFolder
						+ ". Build it first. With Maven, run the test in the phase integration-test, by the "
						+ "Failsafe plugin");
			}
			if (InitializationType.MANAGED_INSTANCES.value.equals(this.settings.initializationType)
					&& this.settings.maxConcurrency < 1) {
				throw new IllegalStateException("A Managed Instance needs maxConcurrency(...) of at least 1");
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
