package io.soong.samples.gizmos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;

import io.soong.test.LambdaRuntime;
import io.soong.test.RdsLookalike;

import org.springframework.util.FileSystemUtils;

/**
 * Writes the AOT cache of the functions' container image, and the arguments that use it.
 * Takes the image's folder and the home of the Java that the image has, 25 or later. What
 * a cache holds is what the training did: this signs, connects, queries, maps and answers
 * as an event does.
 */
public final class GizmosTraining {

	private static final String MAIN_CLASS = "com.amazonaws.services.lambda.runtime.api.client.AWSLambda";

	private static final List<String> OPTIONS = List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
			"-Dspring.aot.enabled=true", "--enable-native-access=ALL-UNNAMED");

	private final RdsLookalike rds;

	private final Path javaHome;

	private GizmosTraining(RdsLookalike rds, Path javaHome) {
		this.rds = rds;
		this.javaHome = javaHome;
	}

	public static void main(String[] args) throws Exception {
		Path image = Path.of(args[0]);
		try (RdsLookalike rds = RdsLookalike.builder().iamUser("jane_doe").start()) {
			GizmosDatabase.create(rds);
			GizmosTraining training = new GizmosTraining(rds, Path.of(args[1]));
			training.train(image);
			training.check(image);
		}
	}

	private void train(Path image) throws IOException, InterruptedException, ExecutionException {
		Path cache = image.resolve("gizmos.aot");
		Files.deleteIfExists(cache);
		try (LambdaRuntime function = builder(image).addJvmOptions("-XX:AOTCacheOutput=" + cache).start()) {
			answer(function);
			// The cache is written by a JVM that ends, and on Lambda none does
			ProcessHandle process = ProcessHandle.of(function.pid()).orElseThrow();
			process.destroy();
			process.onExit().get();
			if (!Files.exists(cache)) {
				throw new IllegalStateException("No cache was written:\n" + String.join("\n", function.logs()));
			}
		}
		List<String> arguments = new ArrayList<>(OPTIONS);
		arguments.add("-XX:AOTCache=gizmos.aot");
		arguments.add("-cp");
		arguments.add(String.join(":", classPath(image).stream().map(image::relativize).map(Path::toString).toList()));
		arguments.add(MAIN_CLASS);
		Files.write(image.resolve("java.args"), arguments);
		System.out.println("Wrote " + cache + ", " + Files.size(cache) / 1_000_000 + " MB");
	}

	/**
	 * Uses the cache in another folder, as in an image. This JVM ends if it cannot.
	 */
	private void check(Path image) throws IOException {
		Path copy = Files.createTempDirectory("gizmos-image");
		try (Stream<Path> files = Files.walk(image)) {
			for (Path file : (Iterable<Path>) files::iterator) {
				Files.copy(file, copy.resolve(image.relativize(file).toString()), StandardCopyOption.REPLACE_EXISTING,
						StandardCopyOption.COPY_ATTRIBUTES);
			}
		}
		try (LambdaRuntime function = builder(copy)
			.addJvmOptions("-XX:AOTMode=on", "-XX:AOTCache=" + copy.resolve("gizmos.aot"))
			.start()) {
			answer(function);
			System.out.println("JVM start to first answer with it: " + function.timeToFirstAnswer().toMillis() + " ms");
		}
		finally {
			FileSystemUtils.deleteRecursively(copy);
		}
	}

	private static void answer(LambdaRuntime function) {
		if (function.invoke("{\"id\": 42}").isError()) {
			throw new IllegalStateException(String.join("\n", function.logs()));
		}
	}

	private LambdaRuntime.Builder builder(Path image) throws IOException {
		return GizmosRuntime.of(this.rds, "getGizmo")
			.classPath(classPath(image))
			.javaHome(this.javaHome)
			.jvmOptions(OPTIONS.toArray(String[]::new));
	}

	private static List<Path> classPath(Path image) throws IOException {
		List<Path> classPath = new ArrayList<>(List.of(image.resolve("gizmos.jar")));
		try (Stream<Path> jars = Files.list(image.resolve("lib"))) {
			jars.sorted().forEach(classPath::add);
		}
		return classPath;
	}

}
