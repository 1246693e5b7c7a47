package io.soong.jdbc;

import java.lang.management.ManagementFactory;
import java.lang.ref.WeakReference;

import org.jspecify.annotations.Nullable;

/**
 * The part of the heap that held objects that are no longer referred to. Their bytes stay
 * where they were until others take the place, secrets among them.
 */
final class FreedMemory {

	/** How many references a block holds, so that it takes 128 bytes. */
	private static final int BLOCK_LENGTH = 28;

	private static final int BLOCK_SIZE = 128;

	/** What other threads may need meanwhile, in bytes. */
	private static final int RESERVE = 2 * 1024 * 1024;

	/** Leads to all blocks. */
	private static volatile Object @Nullable [] last;

	private FreedMemory() {
	}

	/**
	 * Collects the garbage, and has blocks take its place wherever the serial collector
	 * may have put what became garbage: in the space of new objects, in the two that it
	 * moves survivors between, and behind the old ones. All blocks are kept until it has
	 * moved some of them to each, which takes two collections. They are small, as less
	 * than a block remains as it was at the end of a space. Takes about as long as four
	 * collections. Of other collectors it only asks for one: it is not known where they
	 * put objects, and the search for it could fill the heap of a large server.
	 */
	static void overwrite() {
		System.gc();
		if (!isCollectedSerially()) {
			return;
		}
		Runtime runtime = Runtime.getRuntime();
		long left = runtime.maxMemory() - runtime.totalMemory() + runtime.freeMemory() - RESERVE;
		for (int collections = 0; collections < 2 && left > 0; collections++) {
			// No collection leaves it there
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
