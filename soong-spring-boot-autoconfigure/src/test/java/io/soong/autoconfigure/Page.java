package io.soong.autoconfigure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A page of the documentation.
 *
 * @param text what it says
 */
record Page(String text) {

	/**
	 * Reads a page.
	 * @param name the name of its file in the folder of the documentation
	 */
	static Page read(String name) throws IOException {
		return new Page(Files.readString(Path.of("..", "docs", name)));
	}

	/**
	 * Returns the blocks of code in a language, in the order in which they stand there.
	 */
	List<String> blocks(String language) {
		return Pattern.compile("^```" + language + "\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE)
			.matcher(this.text)
			.results()
			.map((block) -> block.group(1))
			.toList();
	}

}
