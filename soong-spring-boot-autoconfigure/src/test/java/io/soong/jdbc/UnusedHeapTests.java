package io.soong.jdbc;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is found in the memory of a process after its only use of a secret, by the serial
 * collector, which is that of functions with less than 1,792 MB. The secret is computed,
 * so that it is in no class or argument.
 */
@EnabledOnOs(OS.LINUX)
@Timeout(120)
class UnusedHeapTests {

	private static final Pattern READABLE = Pattern.compile("([0-9a-f]{1,15})-([0-9a-f]{1,15}) r.*");

	@Test
	void secretThatIsNoLongerUsedIsStillInMemory() throws Exception {
		assertThat(secretIsFoundAfter("nothing")).isTrue();
	}

	@Test
	void collectionLeavesTheSecretInMemory() throws Exception {
		assertThat(secretIsFoundAfter("collection")).isTrue();
	}

	@Test
	void overwrittenHeapHoldsNoSecret() throws Exception {
		assertThat(secretIsFoundAfter("overwriting")).isFalse();
	}

	private static boolean secretIsFoundAfter(String action) throws Exception {
		Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"-XX:+UseSerialGC", "-Xms16m", "-Xmx64m", "-cp", System.getProperty("java.class.path"),
				Program.class.getName(), action)
			.redirectError(ProcessBuilder.Redirect.INHERIT)
			.start();
		try {
			assertThat(process.getInputStream().read()).as("the program is ready").isEqualTo('.');
			return isInMemory(process.pid(), Program.secret());
		}
		finally {
			process.destroyForcibly().waitFor();
		}
	}

	private static boolean isInMemory(long pid, byte[] secret) throws IOException {
		List<String> mappings = Files.readAllLines(Path.of("/proc", Long.toString(pid), "maps"));
		String text = new String(secret, StandardCharsets.ISO_8859_1);
		try (RandomAccessFile memory = new RandomAccessFile("/proc/" + pid + "/mem", "r")) {
			for (String mapping : mappings) {
				Matcher range = READABLE.matcher(mapping);
				if (range.matches() && contains(memory, Long.parseLong(range.group(1), 16),
						Long.parseLong(range.group(2), 16), text)) {
					return true;
				}
			}
		}
		return false;
	}

	private static boolean contains(RandomAccessFile memory, long start, long end, String text) {
		byte[] chunk = new byte[1 << 20];
		for (long position = start; position < end; position += chunk.length - text.length()) {
			try {
				memory.seek(position);
				int length = memory.read(chunk, 0, (int) Math.min(chunk.length, end - position));
				if (length > 0 && new String(chunk, 0, length, StandardCharsets.ISO_8859_1).contains(text)) {
					return true;
				}
			}
			catch (IOException ex) {
				// For example behind the end of a mapped file
				continue;
			}
		}
		return false;
	}

	/**
	 * Uses the secret in a thread of its own, as a checkpoint does, and then waits.
	 */
	static final class Program {

		private static volatile byte @Nullable [] used;

		private Program() {
		}

		public static void main(String[] args) throws Exception {
			Thread thread = new Thread(() -> {
				for (int i = 0; i < 100; i++) {
					used = secret();
				}
				used = null;
			});
			thread.start();
			thread.join();
			switch (args[0]) {
				case "collection" -> System.gc();
				case "overwriting" -> UnusedHeap.overwrite();
				default -> {
				}
			}
			System.out.write('.');
			System.out.flush();
			System.in.read();
		}

		private static byte[] secret() {
			Random random = new Random(7);
			byte[] secret = new byte[40];
			for (int i = 0; i < secret.length; i++) {
				secret[i] = (byte) ('a' + random.nextInt(26));
			}
			return secret;
		}

	}

}
