package io.soong.sql;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;

/**
 * A cache of computed values. Its bound is far above the keys of a function, and limits
 * input that is built dynamically. Beyond the bound, a new entry replaces another one.
 * Thread-safe.
 *
 * @param <K> the type of the keys
 * @param <V> the type of the values
 */
final class BoundedCache<K, V> {

	private final Map<K, V> entries = new ConcurrentHashMap<>();

	private final int max;

	/**
	 * Creates an empty cache.
	 * @param max how many entries there are at most; threads that add one at the same
	 * time may pass it for a moment
	 */
	BoundedCache(int max) {
		this.max = max;
	}

	@Nullable V get(K key) {
		return this.entries.get(key);
	}

	void put(K key, V value) {
		if (this.entries.size() >= this.max && !this.entries.containsKey(key)) {
			this.entries.keySet().stream().findAny().ifPresent(this.entries::remove);
		}
		this.entries.put(key, value);
	}

	void remove(K key) {
		this.entries.remove(key);
	}

	void clear() {
		this.entries.clear();
	}

	/** A snapshot of the keys. */
	Set<K> keys() {
		return Set.copyOf(this.entries.keySet());
	}

}
