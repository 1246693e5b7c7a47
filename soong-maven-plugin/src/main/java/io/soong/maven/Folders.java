package io.soong.maven;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Copies and deletes folders.
 */
final class Folders {

	private Folders() {
	}

	/** Creates an empty folder, replacing an existing one. */
	static Path createAnew(Path folder) throws IOException {
		if (Files.exists(folder)) {
			List<Path> files;
			try (Stream<Path> walk = Files.walk(folder)) {
				files = walk.sorted(Comparator.reverseOrder()).toList();
			}
			for (Path file : files) {
				Files.delete(file);
			}
		}
		return Files.createDirectories(folder);
	}

	/**
	 * Copies the files of a folder into another one.
	 * @param names decides by the name, with slashes, whether a file or folder is copied
	 */
	static void copy(Path source, Path target, Predicate<String> names) throws IOException {
		if (!Files.isDirectory(source)) {
			return;
		}
		List<Path> files;
		try (Stream<Path> walk = Files.walk(source)) {
			files = walk.sorted().toList();
		}
		for (Path file : files) {
			String name = source.relativize(file).toString().replace('\\', '/');
			if (names.test(name)) {
				Path copy = target.resolve(name);
				if (Files.isDirectory(file)) {
					Files.createDirectories(copy);
				}
				else {
					Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
				}
			}
		}
	}

	/** The bytes of all files in a folder. */
	static long size(Path folder) throws IOException {
		long size = 0;
		try (Stream<Path> walk = Files.walk(folder)) {
			for (Path file : (Iterable<Path>) walk.filter(Files::isRegularFile)::iterator) {
				size += Files.size(file);
			}
		}
		return size;
	}

}
