package io.soong.maven;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;

import io.soong.test.Answer;
import io.soong.test.LambdaRuntime;
import io.soong.test.RdsLookalike;

/**
 * Writes the AOT cache of an image. It runs the function under AWS' runtime, because a
 * cache contains only the classes that its training used. The function logs in with an
 * IAM token to a PostgreSQL that authenticates logins the way RDS does, and handles
 * events. The training then verifies that a copy of the image starts from the cache.
 * <p>
 * Runs in a separate JVM, on the class path of the test kit.
 */
final class Training {

	/** Long, because a JVM that records a cache is slow. */
	private static final Duration TIMEOUT = Duration.ofMinutes(3);

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
				throw new IllegalStateException("The JVM of the training did not write the cache " + cache
						+ ". Its output:\n" + String.join("\n", function.logs()));
			}
		}
	}

	/**
	 * Starts the function from the cache in another folder, as in an image. The JVM exits
	 * if it cannot use the cache.
	 */
	private void check() throws IOException, InterruptedException {
		Path copy = Path.of(value("copy"));
		Folders.copy(image(), copy, (name) -> true);
		// As the Dockerfile does
		Process process = new ProcessBuilder(Path.of(value("jdk"), "bin", "java").toString(), "-XX:AOTMode=on",
				"@" + ImageFolder.ARGUMENTS, "-version")
			.directory(copy.toFile())
			.inheritIO()
			.start();
		if (process.waitFor() != 0) {
			throw new IllegalStateException(
					"The JVM does not start from the cache " + value("cache") + ". The lines before say why");
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
				throw new IllegalStateException("The function failed to handle the training's event " + event
						+ ". Its answer: " + answer.payload() + "\n" + String.join("\n", function.logs()));
			}
		}
	}

	private LambdaRuntime.Builder builder(Path image) {
		LambdaRuntime.Builder builder = LambdaRuntime.builder()
			.handler(value("handler"))
			.classPath(values("class-path").stream().map(image::resolve).toList())
			.memory(Integer.parseInt(value("memory")))
			.timeout(TIMEOUT)
			.initializationTimeout(TIMEOUT)
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
	 * Adds a list of values.
	 */
	static void put(Properties settings, String name, List<String> values) {
		settings.setProperty(name + "s", String.valueOf(values.size()));
		for (int i = 0; i < values.size(); i++) {
			settings.setProperty(name + "." + i, values.get(i));
		}
	}

}
