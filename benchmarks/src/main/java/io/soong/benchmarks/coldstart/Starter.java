package io.soong.benchmarks.coldstart;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;

import io.soong.test.Answer;
import io.soong.test.LambdaRuntime;
import io.soong.test.RdsLookalike;

/**
 * Starts functions under AWS' Java runtime interface client and waits for their first
 * answers. All of them see the same database under the same name, trust the same root,
 * and have the flags of the managed runtime.
 */
final class Starter implements AutoCloseable {

	private static final int MEMORY = 1024;

	/** In place of the flag of the managed runtime that leaves one. */
	private static final String ALL_COMPILERS = "-XX:TieredStopAtLevel=4";

	private static final String EVENT = "{\"id\": 42}";

	private final Path root;

	private final Path folder;

	private final RdsLookalike rds;

	private final Map<Integer, Jdk> jdks = new HashMap<>();

	private final Map<Contestant, Path> caches = new EnumMap<>(Contestant.class);

	private final Map<Contestant, Path> stored = new EnumMap<>(Contestant.class);

	private final Map<Double, Optional<CpuQuota>> quotas = new HashMap<>();

	/**
	 * Creates a starter.
	 * @param root the folder of the project, built
	 * @param folder for what it makes
	 * @param rds the database
	 */
	Starter(Path root, Path folder, RdsLookalike rds) throws IOException {
		this.root = root;
		this.folder = folder;
		this.rds = rds;
		for (Packaging packaging : Packaging.values()) {
			Optional<Jdk> jdk = Jdk.find(packaging.feature());
			if (jdk.isPresent()) {
				this.jdks.put(packaging.feature(), jdk.get());
			}
		}
		// The name that is verified and signed is the one that is dialled, for everyone
		Files.writeString(hosts(), this.rds.address() + " " + this.rds.endpoint() + "\n127.0.0.1 localhost "
				+ InetAddress.getLocalHost().getHostName() + "\n");
	}

	Optional<Jdk> jdk(int feature) {
		return Optional.ofNullable(this.jdks.get(feature));
	}

	/**
	 * Makes ready for a setup.
	 * @return whether this machine can measure it
	 */
	boolean prepare(Setup setup) throws IOException, InterruptedException {
		if (jdk(setup.packaging().feature()).isEmpty()) {
			return false;
		}
		if (setup.packaging() == Packaging.STORED_ZIP && !this.stored.containsKey(setup.contestant())) {
			this.stored.put(setup.contestant(), storeJars(setup.contestant()));
		}
		if (setup.packaging() == Packaging.STARTER) {
			packWithoutThePlugin(setup.contestant());
		}
		if (setup.packaging() == Packaging.SNAPSTART_EVENT || setup.packaging() == Packaging.SNAPSTART_EVENT_25) {
			Files.writeString(event(), EVENT);
		}
		if (setup.packaging() == Packaging.CACHE && !this.caches.containsKey(setup.contestant())) {
			this.caches.put(setup.contestant(), train(setup.contestant()));
		}
		if (setup.cpus() == Setup.ALL_CPUS) {
			return true;
		}
		return this.quotas.computeIfAbsent(setup.cpus(), (cpus) -> CpuQuota.of(cpus, this.folder)).isPresent();
	}

	/** Starts it, and ends it after the first answer. */
	Start start(Setup setup) throws IOException {
		try (LambdaRuntime runtime = start(setup, builder(setup))) {
			ask(runtime, setup);
			double millis = (setup.packaging() == Packaging.RECONNECT) ? reconnect(runtime, setup)
					: runtime.timeToFirstAnswer().toNanos() / 1e6;
			return new Start(millis, runtime.peakMemory() / 1024.0 / 1024.0);
		}
		finally {
			this.rds.latency(Duration.ZERO);
		}
	}

	private double reconnect(LambdaRuntime runtime, Setup setup) {
		try {
			this.rds.killConnections();
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
		long begin = System.nanoTime();
		ask(runtime, setup);
		return (System.nanoTime() - begin) / 1e6;
	}

	/** Counts the classes that are loaded by the first answer. */
	int classes(Setup setup) throws IOException {
		Path log = this.folder.resolve("classes.log");
		try (LambdaRuntime runtime = start(setup,
				builder(setup).addJvmOptions("-Xlog:class+load:file=" + log + "::filecount=0"))) {
			ask(runtime, setup);
			try (Stream<String> lines = Files.lines(log)) {
				return (int) lines.filter((line) -> line.contains(" source: ")).count();
			}
		}
		finally {
			Files.deleteIfExists(log);
		}
	}

	private static LambdaRuntime start(Setup setup, LambdaRuntime.Builder builder) {
		if (!setup.packaging().isRestored()) {
			return builder.start();
		}
		LambdaRuntime runtime = builder.snapshot();
		runtime.restore();
		return runtime;
	}

	private void ask(LambdaRuntime runtime, Setup setup) {
		Answer answer = runtime.invoke(EVENT);
		if (answer.isError() || !answer.payload().contains("Gizmo42")) {
			throw new IllegalStateException(
					setup + " answers " + answer.payload() + "\n" + String.join("\n", runtime.logs()));
		}
	}

	private LambdaRuntime.Builder builder(Setup setup) throws IOException {
		Contestant contestant = setup.contestant();
		Path home = jdk(setup.packaging().feature()).orElseThrow().home();
		if (setup.cpus() != Setup.ALL_CPUS) {
			home = Objects.requireNonNull(this.quotas.get(setup.cpus())).orElseThrow().javaHome(home);
		}
		this.rds.latency(Duration.ofMillis(setup.latency()));
		LambdaRuntime.Builder builder = builder(contestant).javaHome(home);
		return switch (setup.packaging()) {
			case ZIP, SNAPSTART, RECONNECT -> builder.packageFolder(contestant.taskFolder(this.root));
			case SNAPSTART_EVENT -> builder.packageFolder(contestant.taskFolder(this.root))
				.environment(Map.of("SOONG_SNAPSTART_EVENT", event().toString()));
			case SNAPSTART_25 -> builder.packageFolder(contestant.taskFolder(this.root)).addJvmOptions(ALL_COMPILERS);
			case SNAPSTART_EVENT_25 -> builder.packageFolder(contestant.taskFolder(this.root))
				.addJvmOptions(ALL_COMPILERS)
				.environment(Map.of("SOONG_SNAPSTART_EVENT", event().toString()));
			case STARTER -> builder.packageFolder(withoutThePlugin());
			case STORED_ZIP -> builder.packageFolder(Objects.requireNonNull(this.stored.get(contestant)));
			// "on" ends the JVM if it cannot use the cache
			case CACHE -> image(builder, contestant).addJvmOptions("-XX:AOTMode=on",
					"-XX:AOTCache=" + this.caches.get(contestant));
		};
	}

	private LambdaRuntime.Builder builder(Contestant contestant) {
		return LambdaRuntime.builder()
			.handler(contestant.handler)
			.memory(MEMORY)
			.timeout(Duration.ofSeconds(30))
			.environment(this.rds.environment())
			.environment("PG_HOSTADDR", "")
			.environment("PG_SSLROOTCERT", this.rds.caCertificate().toString())
			.environment(contestant.environment)
			// A function sees the memory that it is given, and two processors, regardless
			// of its share of them. The initial heap of a JVM depends on both
			.addJvmOptions("-XX:MaxRAM=" + MEMORY + "m", "-XX:ActiveProcessorCount=2",
					"-Djdk.net.hosts.file=" + hosts());
	}

	private LambdaRuntime.Builder image(LambdaRuntime.Builder builder, Contestant contestant) throws IOException {
		// Without machine code, which is that of one processor: as the Maven plugin has
		// it
		return builder.classPath(contestant.imageClassPath(this.root, this.folder))
			.addJvmOptions("-XX:+UnlockDiagnosticVMOptions", "-XX:-AOTAdapterCaching")
			.addJvmOptions(contestant.imageOptions);
	}

	private Path event() {
		return this.folder.resolve("event.json");
	}

	private Path withoutThePlugin() {
		return this.folder.resolve("starter");
	}

	/** The project's own classes, and its dependencies as they come. */
	private void packWithoutThePlugin(Contestant contestant) throws IOException {
		copy(contestant.classes(this.root), withoutThePlugin());
		Path lib = withoutThePlugin().resolve("lib");
		copy(contestant.taskFolder(this.root).resolve("lib"), lib);
		Jars.compress(lib);
	}

	private static void copy(Path source, Path target) throws IOException {
		try (Stream<Path> files = Files.walk(source)) {
			for (Path file : (Iterable<Path>) files::iterator) {
				Files.copy(file, target.resolve(source.relativize(file).toString()),
						StandardCopyOption.COPY_ATTRIBUTES);
			}
		}
	}

	private Path hosts() {
		return this.folder.resolve("hosts");
	}

	/**
	 * Lets the function answer once under a JVM that records what it does, and writes the
	 * cache when it is told to end.
	 */
	private Path train(Contestant contestant) throws IOException, InterruptedException {
		Path cache = this.folder.resolve(contestant.name() + ".aot");
		Setup setup = new Setup(contestant, Packaging.CACHE, Setup.ALL_CPUS, 0);
		try (LambdaRuntime runtime = image(builder(contestant), contestant)
			.javaHome(jdk(setup.packaging().feature()).orElseThrow().home())
			.addJvmOptions("-XX:AOTCacheOutput=" + cache)
			.start()) {
			ask(runtime, setup);
			ProcessHandle process = ProcessHandle.of(runtime.pid()).orElseThrow();
			process.destroy();
			process.onExit().get();
			if (!Files.exists(cache)) {
				throw new IllegalStateException("No cache was written:\n" + String.join("\n", runtime.logs()));
			}
		}
		catch (ExecutionException ex) {
			throw new IllegalStateException(ex);
		}
		return cache;
	}

	/** Packages as the Maven plugin does. */
	private Path storeJars(Contestant contestant) throws IOException {
		Path target = this.folder.resolve(contestant.name() + "-stored");
		copy(contestant.taskFolder(this.root), target);
		Jars.store(target.resolve("lib"));
		return target;
	}

	@Override
	public void close() throws IOException {
		for (Optional<CpuQuota> quota : this.quotas.values()) {
			if (quota.isPresent()) {
				quota.get().close();
			}
		}
	}

}
