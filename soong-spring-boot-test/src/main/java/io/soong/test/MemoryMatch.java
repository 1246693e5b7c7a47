package io.soong.test;

/**
 * A place in the memory of a process where a text was found. Does not show the text.
 * Immutable.
 *
 * @param index the number of the text among those searched for, from 0
 * @param mapping the name of the mapping in {@code /proc/PID/maps}: a file,
 * {@code [heap]}, {@code [stack]} (with the environment), or empty for anonymous memory,
 * such as the Java heap
 * @param address the address at which the text begins
 * @param wide whether each character takes two bytes, as in a {@code char[]}
 * @param before the printable characters before the text, at most 40
 */
public record MemoryMatch(int index, String mapping, long address, boolean wide, String before) {

	@Override
	public String toString() {
		return "text " + this.index + " at 0x" + Long.toHexString(this.address)
				+ (this.mapping.isEmpty() ? "" : " in " + this.mapping) + (this.wide ? " as UTF-16" : "") + " after \""
				+ this.before + "\"";
	}

}
