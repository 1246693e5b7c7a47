package io.soong.benchmarks.coldstart;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/**
 * Writes the jars of a folder anew: uncompressed, as the Maven plugin does for what it
 * packages, or compressed, as they come from a repository.
 */
final class Jars {

	private Jars() {
	}

	static void store(Path folder) throws IOException {
		write(folder, true);
	}

	static void compress(Path folder) throws IOException {
		write(folder, false);
	}

	private static void write(Path folder, boolean store) throws IOException {
		List<Path> jars;
		try (Stream<Path> files = Files.list(folder)) {
			jars = files.filter((file) -> file.toString().endsWith(".jar")).toList();
		}
		for (Path jar : jars) {
			Path stored = Files.createTempFile(jar.getParent(), "stored", null);
			try (ZipInputStream in = new ZipInputStream(Files.newInputStream(jar));
					ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(stored))) {
				out.setMethod(store ? ZipOutputStream.STORED : ZipOutputStream.DEFLATED);
				for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
					byte[] content = in.readAllBytes();
					ZipEntry copy = new ZipEntry(entry.getName());
					copy.setTime(entry.getTime());
					if (store) {
						CRC32 checksum = new CRC32();
						checksum.update(content);
						copy.setSize(content.length);
						copy.setCrc(checksum.getValue());
					}
					out.putNextEntry(copy);
					out.write(content);
				}
			}
			Files.move(stored, jar, StandardCopyOption.REPLACE_EXISTING);
		}
	}

}
