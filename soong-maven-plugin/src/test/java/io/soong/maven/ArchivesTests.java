package io.soong.maven;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.LocalDateTime;
import java.util.Collections;
import java.util.List;
import java.util.TimeZone;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class ArchivesTests {

	@TempDir
	private Path folder;

	@Test
	void packedFolderIsSortedWithTheManifestFirst() throws IOException {
		Path source = files("b/B.class", "META-INF/MANIFEST.MF", "META-INF/LICENSE", "a.properties", "B.class");
		Path zip = this.folder.resolve("folder.zip");
		new Archives(null).pack(source, zip);
		assertThat(names(zip)).containsExactly("META-INF/", "META-INF/MANIFEST.MF", "B.class", "META-INF/LICENSE",
				"a.properties", "b/", "b/B.class");
		assertThat(text(zip, "b/B.class")).isEqualTo("b/B.class");
	}

	@ParameterizedTest
	@ValueSource(strings = { "Pacific/Auckland", "America/Los_Angeles" })
	void bytesDependNeitherOnTimesNorOnTheTimeZone(String zone) throws IOException {
		Path source = files("a/A.class", "b.properties");
		Path zip = this.folder.resolve("one.zip");
		new Archives("2026-01-31T00:00:00+01:00").pack(source, zip);
		Path jar = this.folder.resolve("one.jar");
		new Archives("2026-01-31T00:00:00+01:00").store(zip, jar);
		Files.setLastModifiedTime(source.resolve("b.properties"), FileTime.fromMillis(0));
		TimeZone before = TimeZone.getDefault();
		try {
			TimeZone.setDefault(TimeZone.getTimeZone(zone));
			Path again = this.folder.resolve("again.zip");
			new Archives("2026-01-31T00:00:00+01:00").pack(source, again);
			assertThat(again).hasSameBinaryContentAs(zip);
			Path jarAgain = this.folder.resolve("again.jar");
			new Archives("2026-01-31T00:00:00+01:00").store(again, jarAgain);
			assertThat(jarAgain).hasSameBinaryContentAs(jar);
		}
		finally {
			TimeZone.setDefault(before);
		}
	}

	@ParameterizedTest
	@CsvSource({ "2026-01-31T00:00:00Z, 2026-01-31T00:00:00", "2026-01-31T00:00:00+01:00, 2026-01-30T23:00:00",
			"1769817600, 2026-01-31T00:00:00", "0, 1980-02-01T00:00:00", "x, 1980-02-01T00:00:00",
			", 1980-02-01T00:00:00", "1970-01-01T00:00:00Z, 1980-02-01T00:00:00" })
	void timeOfEntriesIsThatOfTheBuild(String outputTimestamp, LocalDateTime expected) throws IOException {
		Path zip = this.folder.resolve("folder.zip");
		new Archives(outputTimestamp).pack(files("a.properties"), zip);
		try (ZipFile file = new ZipFile(zip.toFile())) {
			assertThat(file.getEntry("a.properties").getTimeLocal()).isEqualTo(expected);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "yesterday", "99999999999999999999" })
	void timeThatIsNoneIsRefused(String outputTimestamp) {
		assertThatExceptionOfType(PackagingException.class).isThrownBy(() -> new Archives(outputTimestamp))
			.withMessageContaining("project.build.outputTimestamp is '" + outputTimestamp + "'");
	}

	@Test
	void storedJarHoldsTheSameUncompressedInItsOwnOrder() throws IOException {
		Path jar = this.folder.resolve("some.jar");
		try (OutputStream file = Files.newOutputStream(jar); ZipOutputStream out = new ZipOutputStream(file)) {
			for (String name : List.of("z/", "z/Z.class", "A.class")) {
				out.putNextEntry(new ZipEntry(name));
				if (!name.endsWith("/")) {
					out.write(name.repeat(100).getBytes());
				}
			}
		}
		Path stored = this.folder.resolve("stored.jar");
		new Archives(null).store(jar, stored);
		assertThat(names(stored)).containsExactly("z/", "z/Z.class", "A.class");
		assertThat(text(stored, "z/Z.class")).isEqualTo("z/Z.class".repeat(100));
		try (ZipFile file = new ZipFile(stored.toFile())) {
			assertThat(Collections.list(file.entries()))
				.allSatisfy((entry) -> assertThat(entry.getMethod()).isEqualTo(ZipEntry.STORED));
		}
	}

	private Path files(String... names) throws IOException {
		Path source = this.folder.resolve("source");
		for (String name : names) {
			Path file = source.resolve(name);
			Files.createDirectories(file.getParent());
			Files.writeString(file, name);
		}
		return source;
	}

	private static List<String> names(Path zip) throws IOException {
		try (ZipFile file = new ZipFile(zip.toFile())) {
			return file.stream().map(ZipEntry::getName).toList();
		}
	}

	private static String text(Path zip, String name) throws IOException {
		try (ZipFile file = new ZipFile(zip.toFile())) {
			return new String(file.getInputStream(file.getEntry(name)).readAllBytes());
		}
	}

}
