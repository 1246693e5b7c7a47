package io.soong.maven;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Finds files in the folders and jars of a class path.
 */
final class ClassPath {

	private ClassPath() {
	}

	/**
	 * Returns the content of the first file with a name.
	 * @param entries the folders and jars; those that do not exist are ignored
	 * @param name the name of the file, with slashes
	 * @return the content, or empty if no entry contains the file
	 */
	static Optional<byte[]> find(List<Path> entries, String name) throws IOException {
		URL[] urls = new URL[entries.size()];
		for (int i = 0; i < urls.length; i++) {
			urls[i] = entries.get(i).toUri().toURL();
		}
		try (URLClassLoader loader = new URLClassLoader(urls, null);
				InputStream in = loader.getResourceAsStream(name)) {
			return (in != null) ? Optional.of(in.readAllBytes()) : Optional.empty();
		}
	}

}
