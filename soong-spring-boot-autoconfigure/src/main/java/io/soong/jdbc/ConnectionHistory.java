package io.soong.jdbc;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import io.soong.jdbc.ConnectionObserver.Reason;
import org.jspecify.annotations.Nullable;

/**
 * Why connections ended, until each of them is replaced. Thread-safe.
 */
final class ConnectionHistory {

	private final Queue<Reason> ended = new ConcurrentLinkedQueue<>();

	/**
	 * Remembers why a connection ended.
	 */
	void add(@Nullable Reason reason) {
		if (reason != null) {
			this.ended.add(reason);
		}
	}

	/**
	 * Returns why the connection ended that the next one replaces, once; {@code null} if
	 * the next one replaces none.
	 */
	@Nullable Reason take() {
		return this.ended.poll();
	}

	/**
	 * Forgets all that was before a snapshot.
	 */
	void restore() {
		this.ended.clear();
		this.ended.add(Reason.RESTORE);
	}

}
