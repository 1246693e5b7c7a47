package io.soong.test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * A folder that only this user may enter, and that goes with all it holds when closed.
 *
 * @param path where it is
 */
record TemporaryFolder(Path path) implements AutoCloseable {

	static TemporaryFolder create(Path parent, String prefix) throws IOException {
		return new TemporaryFolder(Files.createTempDirectory(parent, prefix,
				PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))));
	}

	Path resolve(String name) {
		return this.path.resolve(name);
	}

	@Override
	public void close() {
		if (!Files.exists(this.path, LinkOption.NOFOLLOW_LINKS)) {
			return;
		}
		try (Stream<Path> paths = Files.walk(this.path)) {
			for (Path each : paths.sorted(Comparator.reverseOrder()).toList()) {
				Files.deleteIfExists(each);
			}
		}
		catch (NoSuchFileException ex) {
			// Somebody else is deleting it at this moment
		}
		catch (IOException ex) {
			throw new UncheckedIOException("Cannot delete " + this.path, ex);
		}
	}

}
