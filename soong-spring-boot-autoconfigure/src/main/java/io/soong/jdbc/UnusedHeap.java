package io.soong.jdbc;

import java.lang.management.ManagementFactory;
import java.lang.ref.WeakReference;

import org.jspecify.annotations.Nullable;

/**
 * The part of the heap that held objects that are no longer referenced. Their bytes,
 * secrets among them, stay in memory until other objects overwrite them.
 */
final class UnusedHeap {

	/** The references in a block, which make it 128 bytes long. */
	private static final int BLOCK_LENGTH = 28;

	private static final int BLOCK_SIZE = 128;

	/** The bytes left for other threads. */
	private static final int RESERVE = 2 * 1024 * 1024;

	/** Keeps all blocks reachable. */
	private static volatile Object @Nullable [] last;

	private UnusedHeap() {
	}

	/**
	 * Collects the garbage and overwrites it with blocks wherever the serial collector
	 * may have left it: in the space of new objects, in its two survivor spaces, and
	 * behind the old objects. All blocks are kept until two collections have moved some
	 * of them to each space. Blocks are small, because less than one block remains
	 * unwritten at the end of a space. Takes about as long as four collections. With
	 * other collectors it only requests a collection: where they place objects is
	 * unknown, and filling the heap of a large server would be too expensive.
	 */
	static void overwrite() {
		System.gc();
		if (!isCollectedSerially()) {
			return;
		}
		Runtime runtime = Runtime.getRuntime();
		long left = runtime.maxMemory() - runtime.totalMemory() + runtime.freeMemory() - RESERVE;
		for (int collections = 0; collections < 2 && left > 0; collections++) {
			// Cleared by the next collection
			WeakReference<Object> witness = new WeakReference<>(new Object());
			for (; left > 0 && !witness.refersTo(null); left -= BLOCK_SIZE) {
				Object[] block = new Object[BLOCK_LENGTH];
				block[0] = last;
				last = block;
			}
		}
		last = null;
		System.gc();
	}

	private static boolean isCollectedSerially() {
		return ManagementFactory.getGarbageCollectorMXBeans()
			.stream()
			.anyMatch((collector) -> collector.getName().equals("MarkSweepCompact"));
	}

}
