package io.soong.maven;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;

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
		for (Path entry : entries) {
			if (Files.isDirectory(entry) && Files.exists(entry.resolve(name))) {
				return Optional.of(Files.readAllBytes(entry.resolve(name)));
			}
			if (Files.isRegularFile(entry)) {
				try (JarFile jar = new JarFile(entry.toFile())) {
					ZipEntry file = jar.getEntry(name);
					if (file != null) {
						try (InputStream in = jar.getInputStream(file)) {
							return Optional.of(in.readAllBytes());
						}
					}
				}
			}
		}
		return Optional.empty();
	}

}
