package io.soong.benchmarks.coldstart;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A function that gets a gizmo, as it is deployed.
 */
enum Contestant {

	GIZMOS("Soong (`samples/gizmos`)", "samples/gizmos", "gizmos", "io.soong.lambda.SoongFunctionInvoker",
			Map.of("MAIN_CLASS", "io.soong.samples.gizmos.GizmosApplication", "SPRING_CLOUD_FUNCTION_DEFINITION",
					"getGizmo"),
			List.of("-Dspring.aot.enabled=true")),

	STOCK("stock", "benchmarks/stock", "stock",
			"org.springframework.cloud.function.adapter.aws.FunctionInvoker::handleRequest",
			Map.of("MAIN_CLASS", "io.soong.benchmarks.stock.StockApplication"), List.of()),

	BARE("bare", "benchmarks/bare", "bare", "io.soong.benchmarks.bare.BareHandler", Map.of(), List.of());

	private final String title;

	private final String module;

	private final String name;

	final String handler;

	final Map<String, String> environment;

	/** What its start command in a container image has to say. */
	final List<String> imageOptions;

	Contestant(String title, String module, String name, String handler, Map<String, String> environment,
			List<String> imageOptions) {
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

	/** Its jars, in an order that does not depend on the file system. */
	List<Path> jars(Path root) throws IOException {
		try (Stream<Path> files = Files.list(taskFolder(root).resolve("lib"))) {
			return files.sorted().toList();
		}
	}

	/** Its class path in a container image, where everything is a jar. */
	List<Path> imageClassPath(Path root) throws IOException {
		List<Path> classPath = new ArrayList<>();
		try (Stream<Path> files = Files.list(root.resolve(this.module).resolve("target"))) {
			files.filter((file) -> file.toString().endsWith(".jar")).forEach(classPath::add);
		}
		classPath.addAll(jars(root));
		return classPath;
	}

}
