package io.soong.benchmarks.coldstart;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * A function that gets a gizmo, as it is deployed.
 */
enum Contestant {

	GIZMOS("Soong (`samples/gizmos`)", "samples/gizmos", "gizmos", "io.soong.lambda.SoongFunctionInvoker",
			Map.of("MAIN_CLASS", "io.soong.samples.gizmos.GizmosApplication", "SPRING_CLOUD_FUNCTION_DEFINITION",
					"getGizmo"),
			"-Djdk.reflect.useNativeAccessorOnly=true"),

	STOCK("stock", "benchmarks/stock", "stock",
			"org.springframework.cloud.function.adapter.aws.FunctionInvoker::handleRequest",
			Map.of("MAIN_CLASS", "io.soong.benchmarks.stock.StockApplication")),

	BARE("bare", "benchmarks/bare", "bare", "io.soong.benchmarks.bare.BareHandler", Map.of());

	private final String title;

	private final String module;

	private final String name;

	final String handler;

	final Map<String, String> environment;

	/** What the Maven plugin adds to an image. */
	final String[] imageOptions;

	Contestant(String title, String module, String name, String handler, Map<String, String> environment,
			String... imageOptions) {
		this.title = title;
		this.module = module;
		this.name = name;
		this.handler = handler;
		this.environment = environment;
		this.imageOptions = imageOptions;
	}

	String title() {
		return this.title;
	}

	/** The folder that Lambda would unpack its zip to. */
	Path taskFolder(Path root) {
		return root.resolve(this.module).resolve("target").resolve(this.name + "-lambda");
	}

	/** Its own classes, as they are compiled. */
	Path classes(Path root) {
		return root.resolve(this.module).resolve("target/classes");
	}

	/** Its jars, in an order that does not depend on the file system. */
	List<Path> jars(Path root) throws IOException {
		try (Stream<Path> files = Files.list(taskFolder(root).resolve("lib"))) {
			return files.sorted().toList();
		}
	}

	/**
	 * Its class path in a container image, where everything is a jar.
	 * @param folder for the jar of its own classes
	 */
	List<Path> imageClassPath(Path root, Path folder) throws IOException {
		List<Path> classPath = new ArrayList<>();
		Path jar = folder.resolve(this.name + ".jar");
		if (!Files.exists(jar)) {
			packClasses(taskFolder(root), jar);
		}
		classPath.add(jar);
		classPath.addAll(jars(root));
		return classPath;
	}

	private static void packClasses(Path taskFolder, Path jar) throws IOException {
		List<Path> files;
		try (Stream<Path> walk = Files.walk(taskFolder)) {
			files = walk.filter((file) -> !file.equals(taskFolder) && !file.startsWith(taskFolder.resolve("lib")))
				.sorted()
				.toList();
		}
		try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(jar))) {
			for (Path file : files) {
				String name = taskFolder.relativize(file).toString();
				out.putNextEntry(new ZipEntry(Files.isDirectory(file) ? name + "/" : name));
				if (!Files.isDirectory(file)) {
					Files.copy(file, out);
				}
			}
		}
	}

}
