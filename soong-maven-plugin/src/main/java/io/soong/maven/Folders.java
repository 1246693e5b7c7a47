package io.soong.maven;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Lists, copies and deletes the files of folders.
 */
final class Folders {

	private Folders() {
	}

	/** Creates an empty folder, replacing an existing one. */
	static Path createAnew(Path folder) throws IOException {
		List<Path> content = walk(folder);
		for (int i = content.size() - 1; i >= 0; i--) {
			Files.delete(content.get(i));
		}
		return Files.createDirectories(folder);
	}

	/**
	 * Copies the files of a folder into another one, with their times.
	 * @param names decides by the name, with slashes, whether a file or folder is copied
	 */
	static void copy(Path source, Path target, Predicate<String> names) throws IOException {
		for (Path file : walk(source)) {
			String name = source.relativize(file).toString().replace('\\', '/');
			if (names.test(name)) {
				Path copy = target.resolve(name);
				if (Files.isDirectory(file)) {
					Files.createDirectories(copy);
				}
				else {
					Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
				}
			}
		}
	}

	/** The bytes of all files in a folder. */
	static long size(Path folder) throws IOException {
		long size = 0;
		for (Path file : files(folder, "")) {
			size += Files.size(file);
		}
		return size;
	}

	/** The files in a folder whose names end with a suffix, sorted. */
	static List<Path> files(Path folder, String suffix) throws IOException {
		return walk(folder).stream()
			.filter((file) -> file.toString().endsWith(suffix) && Files.isRegularFile(file))
			.toList();
	}

	/** A folder and its content, parents first; nothing if it does not exist. */
	private static List<Path> walk(Path folder) throws IOException {
		if (!Files.exists(folder)) {
			return List.of();
		}
		try (Stream<Path> walk = Files.walk(folder)) {
			return walk.sorted().toList();
		}
	}

}
