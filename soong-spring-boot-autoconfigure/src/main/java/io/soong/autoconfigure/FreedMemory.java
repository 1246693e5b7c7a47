package io.soong.autoconfigure;

import org.jspecify.annotations.Nullable;

/**
 * The part of the heap that held objects which nobody refers to any more. Their bytes
 * stay where they were until others take the place, secrets among them.
 */
final class FreedMemory {

	private static final int BLOCK = 8 * 1024;

	/** Keeps the compiler from leaving the blocks out. */
	private static volatile byte @Nullable [] last;

	private FreedMemory() {
	}

	/**
	 * Collects the garbage, and lays blocks of zeros over the place where it was made,
	 * which the serial collector fills from one end. Takes about as long as a collection.
	 */
	static void overwrite() {
		Runtime runtime = Runtime.getRuntime();
		long used = runtime.totalMemory() - runtime.freeMemory();
		System.gc();
		for (long overwritten = 0; overwritten < used; overwritten += BLOCK) {
			last = new byte[BLOCK];
		}
		last = null;
	}

}
