package io.soong.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The page of the documentation, in which the part between two marks is written by
 * machine.
 */
public final class MeasuredPage {

	static final String BEGIN = "<!-- measured: begin -->\n";

	static final String END = "<!-- measured: end -->\n";

	private final Path file;

	public MeasuredPage(Path file) {
		this.file = file;
	}

	public void write(String measured) throws IOException {
		String page = Files.readString(this.file);
		int begin = page.indexOf(BEGIN);
		int end = page.indexOf(END);
		if (begin < 0 || end < begin) {
			throw new IllegalStateException(this.file + " lacks the marks " + BEGIN.trim() + " and " + END.trim());
		}
		Files.writeString(this.file,
				page.substring(0, begin + BEGIN.length()) + "\n" + measured + "\n" + page.substring(end));
	}

}
