package io.soong.maven;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

/**
 * An installation of Java.
 *
 * @param home its folder
 * @param version of what it says it is
 */
record Jdk(Path home, Runtime.Version version) {

	/** The one that runs Maven. */
	static Jdk current() {
		return new Jdk(Path.of(System.getProperty("java.home")), Runtime.version());
	}

	/** The one in a folder. */
	static Jdk at(Path home) throws IOException {
		Path file = home.resolve("release");
		if (!Files.exists(file)) {
			throw new PackagingException(
					home + " is not the home of a JDK: it has no file 'release', which says what it is");
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
			throw new PackagingException(file + " does not say which Java it belongs to", ex);
		}
	}

	Path java() {
		return program("java");
	}

	Path javac() {
		Path javac = program("javac");
		if (!Files.exists(javac)) {
			throw new PackagingException(
					this.home + " has no compiler. Run Maven with a JDK, or name one in the file toolchains.xml");
		}
		return javac;
	}

	private Path program(String name) {
		Path folder = this.home.resolve("bin");
		Path windows = folder.resolve(name + ".exe");
		return Files.exists(windows) ? windows : folder.resolve(name);
	}

}
