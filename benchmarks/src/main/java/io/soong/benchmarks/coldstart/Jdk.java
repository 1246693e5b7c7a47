package io.soong.benchmarks.coldstart;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;

/**
 * An installation of Java on this machine.
 *
 * @param home its folder
 * @param version of what it says it is
 */
record Jdk(Path home, Runtime.Version version) {

	/** The one that runs this. */
	static Jdk current() {
		return new Jdk(Path.of(System.getProperty("java.home")), Runtime.version());
	}

	/**
	 * Looks for a JDK of a feature release: this one, those that variables like
	 * {@code JAVA_HOME_25_X64} name, those beside this one, and those in the usual
	 * places.
	 */
	static Optional<Jdk> find(int feature) throws IOException {
		List<Path> candidates = new ArrayList<>();
		candidates.add(current().home());
		for (Map.Entry<String, String> variable : System.getenv().entrySet()) {
			if (variable.getKey().startsWith("JAVA_HOME") || variable.getKey().startsWith("JDK")) {
				candidates.add(Path.of(variable.getValue()));
			}
		}
		List<Path> parents = new ArrayList<>(List.of(Path.of("/usr/lib/jvm"), Path.of("/opt"),
				Path.of(System.getProperty("user.home"), ".sdkman", "candidates", "java"),
				Path.of(System.getProperty("user.home"), ".jdks")));
		Path parent = current().home().getParent();
		if (parent != null) {
			parents.add(0, parent);
		}
		for (Path folder : parents) {
			if (Files.isDirectory(folder)) {
				try (Stream<Path> children = Files.list(folder)) {
					children.sorted().forEach(candidates::add);
				}
			}
		}
		for (Path home : candidates) {
			Optional<Jdk> found = at(home).filter((jdk) -> jdk.version().feature() == feature);
			if (found.isPresent()) {
				return found;
			}
		}
		return Optional.empty();
	}

	private static Optional<Jdk> at(Path home) throws IOException {
		Path release = home.resolve("release");
		if (!Files.isReadable(release) || !Files.isExecutable(home.resolve("bin/javac"))) {
			return Optional.empty();
		}
		Properties properties = new Properties();
		try (var reader = Files.newBufferedReader(release)) {
			properties.load(reader);
		}
		String version = properties.getProperty("JAVA_RUNTIME_VERSION", properties.getProperty("JAVA_VERSION", ""))
			.replace("\"", "");
		try {
			return Optional.of(new Jdk(home, Runtime.Version.parse(version)));
		}
		catch (IllegalArgumentException ex) {
			return Optional.empty();
		}
	}

}
