package io.soong.test;

/**
 * A place in the memory of a process where a text was found. Does not show the text.
 *
 * @param index which of the texts that were looked for, the first being 0
 * @param mapping what is mapped there, as {@code /proc/PID/maps} names it: a file,
 * {@code [heap]}, {@code [stack]} (environment included), empty for anonymous memory, in
 * which the Java heap lies
 * @param address where it begins
 * @param wide whether each character takes two bytes there, as in a {@code char[]}
 * @param before what stands before it, as far as it can be printed: at most 40 characters
 */
public record MemoryMatch(int index, String mapping, long address, boolean wide, String before) {

	@Override
	public String toString() {
		return "text " + this.index + " at 0x" + Long.toHexString(this.address)
				+ (this.mapping.isEmpty() ? "" : " in " + this.mapping) + (this.wide ? " as UTF-16" : "") + " after \""
				+ this.before + "\"";
	}

}
