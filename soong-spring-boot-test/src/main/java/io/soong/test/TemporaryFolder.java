package io.soong.test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A folder that only this user may enter, and that goes with all it holds when closed or
 * when the JVM ends.
 */
final class TemporaryFolder implements AutoCloseable {

	private static final int ATTEMPTS = 10;

	private final Path path;

	private final Thread shutdownHook = new Thread(this::delete, "soong-folder-shutdown");

	private TemporaryFolder(Path path) {
		this.path = path;
		Runtime.getRuntime().addShutdownHook(this.shutdownHook);
	}

	static TemporaryFolder create(Path parent, String prefix) throws IOException {
		return new TemporaryFolder(Files.createTempDirectory(parent, prefix,
				PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))));
	}

	Path path() {
		return this.path;
	}

	Path resolve(String name) {
		return this.path.resolve(name);
	}

	@Override
	public void close() {
		delete();
		try {
			Runtime.getRuntime().removeShutdownHook(this.shutdownHook);
		}
		catch (IllegalStateException ex) {
			// The JVM is ending, so the hook runs anyway
		}
	}

	/**
	 * A process that is ending may still write here, and hooks may delete at once.
	 */
	private void delete() {
		for (int attempt = 1; Files.exists(this.path, LinkOption.NOFOLLOW_LINKS); attempt++) {
			try {
				for (Path each : deepestFirst()) {
					Files.deleteIfExists(each);
				}
			}
			catch (IOException | UncheckedIOException ex) {
				Throwable cause = (ex instanceof UncheckedIOException) ? ex.getCause() : ex;
				boolean changing = cause instanceof DirectoryNotEmptyException || cause instanceof NoSuchFileException;
				if (!changing || attempt == ATTEMPTS) {
					throw new IllegalStateException("Cannot delete " + this.path, cause);
				}
			}
		}
	}

	private List<Path> deepestFirst() throws IOException {
		try (Stream<Path> paths = Files.walk(this.path)) {
			return paths.sorted(Comparator.reverseOrder()).toList();
		}
	}

}
