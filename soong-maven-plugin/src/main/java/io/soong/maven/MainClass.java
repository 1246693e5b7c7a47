package io.soong.maven;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * The class that starts the application.
 *
 * @param name its name
 * @param release the feature release of Java it was compiled for
 */
record MainClass(String name, int release) {

	/**
	 * Returns the configured class, or the one among the project's classes that has a
	 * main method; if there are several, the one that is a
	 * {@code @SpringBootApplication}.
	 * @param name the name, if the project configures one
	 * @param classes the folder of the project's classes
	 * @param libraries the libraries, which may contain a configured class
	 */
	static MainClass find(@Nullable String name, Path classes, List<Path> libraries) throws IOException {
		String found = (name != null && !name.isBlank()) ? name.strip() : search(classes);
		return new MainClass(found, release(found, classes, libraries));
	}

	private static String search(Path classes) throws IOException {
		List<ProjectClass> candidates = ProjectClass.in(classes).stream().filter(ProjectClass::isRunnable).toList();
		if (candidates.isEmpty()) {
			throw new PackagingException("There is no class with a main method in " + classes
					+ ". If it is in another module, name it in the plugin's configuration: "
					+ "<mainClass>com.example.Application</mainClass>. "
					+ "If this module is not deployed, skip it: <skip>true</skip>");
		}
		List<ProjectClass> applications = candidates.stream().filter(ProjectClass::isApplication).toList();
		List<ProjectClass> best = applications.isEmpty() ? candidates : applications;
		if (best.size() > 1) {
			throw new PackagingException("Several classes in " + classes + " have a main method: "
					+ String.join(", ", best.stream().map(ProjectClass::name).toList())
					+ ". Name that of the application in the plugin's configuration: <mainClass>" + best.get(0).name()
					+ "</mainClass>");
		}
		return best.get(0).name();
	}

	private static int release(String name, Path classes, List<Path> libraries) throws IOException {
		String file = name.replace('.', '/') + ".class";
		List<Path> classPath = new ArrayList<>(List.of(classes));
		classPath.addAll(libraries);
		byte[] classFile = ClassPath.find(classPath, file)
			.orElseThrow(() -> new PackagingException("The main class is " + name + ", which is neither in " + classes
					+ " nor in a deployed dependency. Correct <mainClass>, or the property start-class"));
		return ProjectClass.release(classFile);
	}

}
