package io.soong.maven;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * Runs a program of a JDK and waits for its end. Arguments are in a file, because class
 * paths can be longer than the limit of a command line.
 */
final class JavaCommand {

	/** The lines of output in an error; enough for a stack trace with its causes. */
	private static final int LINES_SHOWN = 60;

	private final Path folder;

	/**
	 * Creates a command.
	 * @param folder for the files of arguments and output
	 */
	JavaCommand(Path folder) {
		this.folder = folder;
	}

	/**
	 * Runs a program.
	 * @param purpose the name of the task in messages and of the files
	 * @param program the program
	 * @param arguments its arguments
	 * @return its output
	 */
	String run(String purpose, Path program, List<String> arguments) throws IOException, InterruptedException {
		String name = purpose.toLowerCase(Locale.ROOT).replace(' ', '-');
		Path argumentsFile = this.folder.resolve(name + ".args");
		Path output = this.folder.resolve(name + ".log");
		Files.write(argumentsFile, arguments.stream().map(JavaCommand::quote).toList(), charset());
		Process process = new ProcessBuilder(program.toString(), "@" + argumentsFile).redirectErrorStream(true)
			.redirectOutput(output.toFile())
			.start();
		try {
			int status = process.waitFor();
			String text = Files.readString(output, charset());
			if (status != 0) {
				throw new PackagingException(purpose + " failed with status " + status + ". The last lines of " + output
						+ ":\n\n" + end(text));
			}
			return text;
		}
		finally {
			process.destroy();
		}
	}

	private static String end(String text) {
		List<String> lines = text.lines().toList();
		return String.join("\n", lines.subList(Math.max(0, lines.size() - LINES_SHOWN), lines.size()));
	}

	private static String quote(String argument) {
		return '"' + argument.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
	}

	/** The character set of the system, which the JDK's programs use. */
	private static Charset charset() {
		return Charset.forName(System.getProperty("native.encoding", Charset.defaultCharset().name()));
	}

}
