package io.soong.benchmarks.coldstart;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * How large a deployment is.
 *
 * @param jars how many jars
 * @param zip bytes of the zip that is uploaded
 * @param unpacked bytes of what Lambda makes of it
 */
record Size(int jars, long zip, long unpacked) {

	static Size of(Path root, Contestant contestant) throws IOException {
		Path folder = contestant.taskFolder(root);
		List<Path> files;
		try (Stream<Path> all = Files.walk(folder)) {
			files = all.filter(Files::isRegularFile).sorted().toList();
		}
		long unpacked = 0;
		CountingStream counter = new CountingStream();
		try (ZipOutputStream zip = new ZipOutputStream(counter)) {
			for (Path file : files) {
				unpacked += Files.size(file);
				zip.putNextEntry(new ZipEntry(folder.relativize(file).toString()));
				Files.copy(file, zip);
			}
		}
		return new Size(contestant.jars(root).size(), counter.count, unpacked);
	}

	private static final class CountingStream extends OutputStream {

		private long count;

		@Override
		public void write(int b) {
			this.count++;
		}

		@Override
		public void write(byte[] bytes, int offset, int length) {
			this.count += length;
		}

	}

}
