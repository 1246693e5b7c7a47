package io.soong.sql;

import java.util.Set;

import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * {@link BoundedCache}.
 */
@NullUnmarked
class BoundedCacheTests {

	private final BoundedCache<String, Integer> cache = new BoundedCache<>(2);

	@Test
	void putWhenThereIsRoomKeepsAll() {
		this.cache.put("a", 1);
		this.cache.put("b", 2);
		assertThat(this.cache.get("a")).isEqualTo(1);
		assertThat(this.cache.get("b")).isEqualTo(2);
		assertThat(this.cache.get("c")).isNull();
	}

	@Test
	void putWhenCacheIsFullReplacesAnotherEntry() {
		this.cache.put("a", 1);
		this.cache.put("b", 2);
		this.cache.put("c", 3);
		assertThat(this.cache.get("c")).isEqualTo(3);
		assertThat(this.cache.keys()).hasSize(2);
	}

	@Test
	void putWhenKeyIsKnownReplacesItsValueOnly() {
		this.cache.put("a", 1);
		this.cache.put("b", 2);
		this.cache.put("b", 3);
		assertThat(this.cache.get("a")).isEqualTo(1);
		assertThat(this.cache.get("b")).isEqualTo(3);
	}

	@Test
	void removeWhenKeyIsKnownRemovesIt() {
		this.cache.put("a", 1);
		this.cache.put("b", 2);
		Set<String> before = this.cache.keys();
		this.cache.remove("a");
		assertThat(this.cache.keys()).containsExactly("b");
		this.cache.clear();
		assertThat(this.cache.keys()).isEmpty();
		assertThat(before).containsExactlyInAnyOrder("a", "b");
	}

}
