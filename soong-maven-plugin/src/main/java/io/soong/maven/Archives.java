package io.soong.maven;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

import org.jspecify.annotations.Nullable;

/**
 * Writes archives whose bytes depend only on their content: all entries have the same
 * time, and those of a folder are sorted. Immutable.
 */
final class Archives {

	/** The first month that a zip can store in every time zone. */
	private static final LocalDateTime EARLIEST = LocalDateTime.of(1980, 2, 1, 0, 0);

	private static final Comparator<String> MANIFEST_FIRST = Comparator
		.comparing((String name) -> !name.equals("META-INF/"))
		.thenComparing((name) -> !name.equals("META-INF/MANIFEST.MF"))
		.thenComparing(Comparator.naturalOrder());

	private final LocalDateTime time;

	/**
	 * Creates archives with a fixed time.
	 * @param outputTimestamp {@code project.build.outputTimestamp} as Maven defines it:
	 * an ISO 8601 time or seconds since 1970. If it is absent or a single character, the
	 * time is a constant
	 */
	Archives(@Nullable String outputTimestamp) {
		this.time = time(outputTimestamp);
	}

	private static LocalDateTime time(@Nullable String outputTimestamp) {
		if (outputTimestamp == null || outputTimestamp.length() < 2) {
			return EARLIEST;
		}
		try {
			Instant instant = outputTimestamp.matches("\\d+") ? Instant.ofEpochSecond(Long.parseLong(outputTimestamp))
					: OffsetDateTime.parse(outputTimestamp).toInstant();
			LocalDateTime time = LocalDateTime.ofInstant(instant, ZoneOffset.UTC);
			return time.isBefore(EARLIEST) ? EARLIEST : time;
		}
		catch (DateTimeException | NumberFormatException ex) {
			throw new PackagingException("project.build.outputTimestamp is '" + outputTimestamp
					+ "'. Set it to a time such as 2026-01-31T00:00:00Z, or to seconds since 1970", ex);
		}
	}

	/**
	 * Writes a folder to a zip or jar, compressed.
	 */
	void pack(Path folder, Path archive) throws IOException {
		List<String> names;
		try (Stream<Path> files = Files.walk(folder)) {
			names = files.filter((file) -> !file.equals(folder))
				.map((file) -> folder.relativize(file).toString().replace('\\', '/')
						+ (Files.isDirectory(file) ? "/" : ""))
				.sorted(MANIFEST_FIRST)
				.toList();
		}
		try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(archive))) {
			for (String name : names) {
				out.putNextEntry(entry(name));
				if (!name.endsWith("/")) {
					Files.copy(folder.resolve(name), out);
				}
			}
		}
	}

	/**
	 * Copies a jar with uncompressed entries in their original order. Lambda unpacks the
	 * zip but not the jars in it, so that the JVM would inflate each class at every
	 * start.
	 */
	void store(Path jar, Path target) throws IOException {
		try (ZipFile in = new ZipFile(jar.toFile());
				ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(target))) {
			out.setMethod(ZipOutputStream.STORED);
			Set<String> names = new HashSet<>();
			for (ZipEntry original : Collections.list(in.entries())) {
				if (names.add(original.getName())) {
					byte[] content;
					try (InputStream stream = in.getInputStream(original)) {
						content = stream.readAllBytes();
					}
					CRC32 checksum = new CRC32();
					checksum.update(content);
					ZipEntry entry = entry(original.getName());
					entry.setSize(content.length);
					entry.setCrc(checksum.getValue());
					out.putNextEntry(entry);
					out.write(content);
				}
			}
		}
	}

	private ZipEntry entry(String name) {
		ZipEntry entry = new ZipEntry(name);
		entry.setTimeLocal(this.time);
		return entry;
	}

}
