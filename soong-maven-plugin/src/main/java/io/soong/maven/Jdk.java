package io.soong.maven;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;

/**
 * An installation of a JDK.
 *
 * @param home its folder
 * @param version its version
 */
record Jdk(Path home, Runtime.Version version) {

	private static final int FIRST_WITH_CACHE = 25;

	/** The JDK that runs Maven. */
	static Jdk current() {
		return new Jdk(Path.of(System.getProperty("java.home")), Runtime.version());
	}

	/** The JDK in a folder. */
	static Jdk at(Path home) throws IOException {
		Path file = home.resolve("release");
		if (!Files.exists(file)) {
			throw new PackagingException(home
					+ " is not the home of a JDK, because it has no file named release. Set <jdkHome> or JAVA_HOME_"
					+ FIRST_WITH_CACHE + " to the folder that contains bin and release");
		}
		Properties release = new Properties();
		try (Reader reader = Files.newBufferedReader(file)) {
			release.load(reader);
		}
		String version = release.getProperty("JAVA_RUNTIME_VERSION", release.getProperty("JAVA_VERSION", ""))
			.replace("\"", "");
		try {
			return new Jdk(home, Runtime.Version.parse(version));
		}
		catch (IllegalArgumentException ex) {
			throw new PackagingException(
					file + " does not say which Java it belongs to: JAVA_RUNTIME_VERSION or JAVA_VERSION is '" + version
							+ "'",
					ex);
		}
	}

	/**
	 * The JDK for a container image: the configured one, or else that of the first
	 * variable {@code JAVA_HOME_25...}, or else the JDK that runs Maven.
	 * @param home the folder, if the project configures one
	 * @param environment the variables
	 */
	static Jdk forImage(@Nullable String home, Map<String, String> environment) throws IOException {
		Jdk jdk = (home != null && !home.isBlank()) ? at(Path.of(home)) : Jdk.current();
		if (home == null || home.isBlank()) {
			for (Map.Entry<String, String> variable : new TreeMap<>(environment).entrySet()) {
				if (variable.getKey().startsWith("JAVA_HOME_" + FIRST_WITH_CACHE) && !variable.getValue().isBlank()) {
					jdk = at(Path.of(variable.getValue()));
					break;
				}
			}
		}
		if (jdk.version().feature() < FIRST_WITH_CACHE) {
			throw new PackagingException("An image with an AOT cache needs Java " + FIRST_WITH_CACHE + " or later, but "
					+ jdk.home() + " is Java " + jdk.version().feature() + ". Name the JDK of the image by "
					+ "-Dsoong.jdk-home=..., by <jdkHome> in the plugin's configuration, or by the variable JAVA_HOME_"
					+ FIRST_WITH_CACHE);
		}
		return jdk;
	}

	Path java() {
		return program("java");
	}

	Path javac() {
		Path javac = program("javac");
		if (!Files.exists(javac)) {
			throw new PackagingException(
					this.home + " has no compiler. Run Maven with a JDK, or configure one in toolchains.xml");
		}
		return javac;
	}

	private Path program(String name) {
		Path folder = this.home.resolve("bin");
		Path windows = folder.resolve(name + ".exe");
		return Files.exists(windows) ? windows : folder.resolve(name);
	}

}
