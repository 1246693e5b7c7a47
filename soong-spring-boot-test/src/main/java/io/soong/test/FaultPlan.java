package io.soong.test;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import org.jspecify.annotations.Nullable;

/**
 * The faults that are still to happen, in the order in which they were asked for. Safe
 * for use by several threads; asking costs next to nothing while there are none.
 */
final class FaultPlan {

	private final List<Fault> faults = new CopyOnWriteArrayList<>();

	void add(Fault fault) {
		this.faults.add(fault);
	}

	void clear() {
		this.faults.forEach(Fault::disarm);
		this.faults.clear();
	}

	boolean isEmpty() {
		return this.faults.isEmpty();
	}

	/**
	 * The fault that happens now, used up by one.
	 */
	@Nullable Fault at(Moment.Kind kind, String what, int count) {
		for (Fault fault : this.faults) {
			if (fault.moment().is(kind, what, count) && fault.take()) {
				if (fault.isUsedUp()) {
					this.faults.remove(fault);
				}
				return fault;
			}
		}
		return null;
	}

	@Nullable Fault at(Moment.Kind kind) {
		return at(kind, "", 0);
	}

}
