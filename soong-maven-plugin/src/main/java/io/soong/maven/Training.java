package io.soong.maven;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.soong.test.Answer;
import io.soong.test.LambdaRuntime;
import io.soong.test.RdsLookalike;

/**
 * Writes the AOT cache of an image. A cache covers what its training did: it starts the
 * function under AWS' runtime, which logs in with an IAM token to a PostgreSQL that
 * authenticates logins the way RDS does, and answers events. It then verifies that a copy
 * of the image starts from the cache.
 * <p>
 * Runs in a JVM of its own, on the class path of the test kit.
 */
final class Training {

	/** Long, because a JVM that records is slow, and the machine may be slow. */
	private static final Duration PATIENCE = Duration.ofMinutes(3);

	private static final String ROLE = "jane_doe";

	private final Properties settings;

	private final RdsLookalike rds;

	private Training(Properties settings, RdsLookalike rds) {
		this.settings = settings;
		this.rds = rds;
	}

	public static void main(String[] args) throws Exception {
		Properties settings = new Properties();
		try (Reader reader = Files.newBufferedReader(Path.of(args[0]))) {
			settings.load(reader);
		}
		try (RdsLookalike rds = RdsLookalike.builder().iamUser(ROLE).start()) {
			Training training = new Training(settings, rds);
			training.createTables();
			training.train();
			training.check();
		}
	}

	private void createTables() throws IOException, SQLException {
		for (String script : values("script")) {
			this.rds.execute(Files.readString(Path.of(script)));
		}
		this.rds.execute("GRANT ALL ON ALL TABLES IN SCHEMA public TO " + ROLE
				+ "; GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO " + ROLE);
	}

	private void train() throws IOException, InterruptedException, ExecutionException {
		Path cache = image().resolve(value("cache"));
		try (LambdaRuntime function = builder(image()).addJvmOptions("-XX:AOTCacheOutput=" + cache).start()) {
			answer(function);
			// The JVM writes the cache when it exits, which it never does on Lambda
			ProcessHandle process = ProcessHandle.of(function.pid()).orElseThrow();
			process.destroy();
			process.onExit().get();
			if (!Files.exists(cache)) {
				throw new IllegalStateException("No cache was written:\n" + String.join("\n", function.logs()));
			}
		}
	}

	/**
	 * Uses the cache in another folder, as in an image. The JVM exits if it cannot use
	 * it.
	 */
	private void check() throws IOException, InterruptedException {
		Path image = image();
		Path copy = Files.createDirectory(Path.of(value("copy")));
		List<Path> files;
		try (Stream<Path> walk = Files.walk(image)) {
			files = walk.sorted().toList();
		}
		for (Path file : files) {
			Files.copy(file, copy.resolve(image.relativize(file).toString()), StandardCopyOption.REPLACE_EXISTING,
					StandardCopyOption.COPY_ATTRIBUTES);
		}
		// As the Dockerfile does
		Process process = new ProcessBuilder(Path.of(value("jdk"), "bin", "java").toString(), "-XX:AOTMode=on",
				"@" + ImageFolder.ARGUMENTS, "-version")
			.directory(copy.toFile())
			.inheritIO()
			.start();
		if (process.waitFor() != 0) {
			throw new IllegalStateException("The JVM does not start from the cache");
		}
		try (LambdaRuntime function = builder(copy)
			.addJvmOptions("-XX:AOTMode=on", "-XX:AOTCache=" + copy.resolve(value("cache")))
			.start()) {
			answer(function);
			System.out.println("JVM start to first answer: " + function.timeToFirstAnswer().toMillis() + " ms");
		}
	}

	private void answer(LambdaRuntime function) {
		for (String event : values("event")) {
			Answer answer = function.invoke(event);
			if (answer.isError()) {
				throw new IllegalStateException("The function fails at the event " + event + "\n" + answer.payload()
						+ "\n" + String.join("\n", function.logs()));
			}
		}
	}

	private LambdaRuntime.Builder builder(Path image) {
		LambdaRuntime.Builder builder = LambdaRuntime.builder()
			.handler(value("handler"))
			.classPath(values("class-path").stream().map(image::resolve).toList())
			.memory(Integer.parseInt(value("memory")))
			.timeout(PATIENCE)
			.initializationTimeout(PATIENCE)
			.javaHome(Path.of(value("jdk")))
			.jvmOptions(ImageFolder.OPTIONS.toArray(String[]::new))
			.environment(this.rds.environment());
		List<String> names = values("variable");
		List<String> values = values("value");
		for (int i = 0; i < names.size(); i++) {
			builder.environment(names.get(i), values.get(i));
		}
		return builder;
	}

	private Path image() {
		return Path.of(value("image"));
	}

	private String value(String name) {
		return this.settings.getProperty(name);
	}

	private List<String> values(String name) {
		return IntStream.range(0, Integer.parseInt(value(name + "s"))).mapToObj((i) -> value(name + "." + i)).toList();
	}

	/**
	 * Adds related values.
	 */
	static void put(Properties settings, String name, List<String> values) {
		settings.setProperty(name + "s", String.valueOf(values.size()));
		for (int i = 0; i < values.size(); i++) {
			settings.setProperty(name + "." + i, values.get(i));
		}
	}

}
