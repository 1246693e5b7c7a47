package io.soong.test;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The memory of a process on Linux, which the process's user and root can read.
 */
final class ProcessMemory {

	private static final Pattern MAPPING = Pattern.compile("([0-9a-f]+)-([0-9a-f]+) r\\S+ \\S+ \\S+ \\S+\\s*(.*)");

	private static final int CHUNK = 1 << 20;

	private static final int MINIMUM = 8;

	private static final int SHOWN = 40;

	private ProcessMemory() {
	}

	/**
	 * Searches all readable memory for texts.
	 */
	static List<MemoryMatch> search(long pid, List<String> texts) throws IOException {
		List<SearchText> searchTexts = new ArrayList<>();
		for (int i = 0; i < texts.size(); i++) {
			String text = texts.get(i);
			if (text.length() < MINIMUM || !StandardCharsets.US_ASCII.newEncoder().canEncode(text)) {
				throw new IllegalArgumentException(
						"Text " + i + " must consist of at least " + MINIMUM + " ASCII characters");
			}
			searchTexts.add(new SearchText(i, false, text.getBytes(StandardCharsets.US_ASCII)));
			searchTexts.add(new SearchText(i, true, text.getBytes(StandardCharsets.UTF_16LE)));
		}
		int overlap = searchTexts.stream().mapToInt((searchText) -> searchText.bytes().length).max().orElse(1)
				+ SHOWN * 2;
		List<MemoryMatch> matches = new ArrayList<>();
		try (FileChannel memory = FileChannel.open(Path.of("/proc", Long.toString(pid), "mem"),
				StandardOpenOption.READ)) {
			for (String line : Files.readAllLines(Path.of("/proc", Long.toString(pid), "maps"))) {
				Matcher mapping = MAPPING.matcher(line);
				// The kernel's own mappings have addresses above the largest file
				// position
				if (mapping.matches() && mapping.group(2).length() < 16) {
					search(memory, mapping, searchTexts, overlap, matches);
				}
			}
		}
		catch (AccessDeniedException ex) {
			throw new IOException("The kernel does not allow this user to read the memory of process " + pid
					+ ". Set kernel.yama.ptrace_scope to 0 or 1, or give the container the capability SYS_PTRACE", ex);
		}
		return matches;
	}

	private static void search(FileChannel memory, Matcher mapping, List<SearchText> searchTexts, int overlap,
			List<MemoryMatch> matches) {
		long end = Long.parseLong(mapping.group(2), 16);
		byte[] buffer = new byte[overlap + CHUNK];
		int kept = 0;
		for (long position = Long.parseLong(mapping.group(1), 16); position < end; position += CHUNK) {
			int length = (int) Math.min(CHUNK, end - position);
			if (!read(memory, position, ByteBuffer.wrap(buffer, kept, length))) {
				// For example behind the end of a mapped file
				kept = 0;
				continue;
			}
			int filled = kept + length;
			for (SearchText searchText : searchTexts) {
				// A match that is completely inside of the overlap was found before
				int from = Math.max(0, kept - searchText.bytes().length + 1);
				for (int at = searchText.indexIn(buffer, from, filled); at >= 0; at = searchText.indexIn(buffer, at + 1,
						filled)) {
					matches.add(new MemoryMatch(searchText.index(), mapping.group(3), position - kept + at,
							searchText.wide(), before(buffer, at, searchText.wide())));
				}
			}
			int keep = Math.min(overlap, filled);
			System.arraycopy(buffer, filled - keep, buffer, 0, keep);
			kept = keep;
		}
	}

	private static boolean read(FileChannel memory, long position, ByteBuffer target) {
		try {
			int start = target.position();
			while (target.hasRemaining()) {
				if (memory.read(target, position + target.position() - start) < 0) {
					return false;
				}
			}
			return true;
		}
		catch (IOException ex) {
			return false;
		}
	}

	private static String before(byte[] buffer, int at, boolean wide) {
		int from = Math.max(0, at - SHOWN * (wide ? 2 : 1));
		String text = new String(Arrays.copyOfRange(buffer, from, at),
				wide ? StandardCharsets.UTF_16LE : StandardCharsets.ISO_8859_1);
		return text.replaceFirst("(?s).*[^\\x20-\\x7e]", "");
	}

	/**
	 * A text to search for, in one encoding.
	 */
	private record SearchText(int index, boolean wide, byte[] bytes) {

		int indexIn(byte[] buffer, int from, int to) {
			byte first = this.bytes[0];
			int last = to - this.bytes.length;
			for (int i = from; i <= last; i++) {
				if (buffer[i] == first
						&& Arrays.equals(buffer, i, i + this.bytes.length, this.bytes, 0, this.bytes.length)) {
					return i;
				}
			}
			return -1;
		}

	}

}
