package io.soong.sql;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;

import org.springframework.dao.TypeMismatchDataAccessException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * {@link Row}.
 */
@NullUnmarked
class RowTests {

	private final Row row = new Row(new Row.Columns(List.of("name", "id", "note"), Converters.NONE),
			new Object[] { "secret", 7, null });

	@Test
	void rowWhenIteratedKeepsTheOrderOfColumns() {
		assertThat(new ArrayList<>(this.row.keySet())).containsExactly("name", "id", "note");
		assertThat(new ArrayList<>(this.row.values())).containsExactly("secret", 7, null);
		assertThat(this.row).hasSize(3);
	}

	@Test
	void rowWhenComparedIsEqualToTheSameMap() {
		Map<String, Object> map = new LinkedHashMap<>();
		map.put("note", null);
		map.put("id", 7);
		map.put("name", "secret");
		assertThat(this.row).isEqualTo(map).hasSameHashCodeAs(map);
		assertThat(map).isEqualTo(this.row);
	}

	@Test
	void getWhenColumnIsUnknownNamesTheKnownOnes() {
		assertThat(this.row.get("ID")).isNull();
		assertThat(this.row.get((Object) null)).isNull();
		assertThat(this.row.containsKey("note")).isTrue();
		assertThatIllegalArgumentException().isThrownBy(() -> this.row.get("ID", Integer.class))
			.withMessageContainingAll("\"ID\"", "[name, id, note]");
		assertThatIllegalArgumentException().isThrownBy(() -> this.row.get(null, Integer.class));
	}

	@Test
	void getWhenTypeIsAskedForConverts() {
		assertThat(this.row.get("id", Long.class)).isEqualTo(7L);
		assertThat(this.row.get("id", int.class)).isEqualTo(7);
		assertThat(this.row.get("name", String.class)).isEqualTo("secret");
		assertThat(this.row.get("note", String.class)).isNull();
		assertThat(this.row.get("note", int.class)).isNull();
	}

	@Test
	void getWhenValueDoesNotFitNamesColumnButNotTheValue() {
		assertThatExceptionOfType(TypeMismatchDataAccessException.class)
			.isThrownBy(() -> this.row.get("name", Integer.class))
			.withMessageContainingAll("\"name\"", "java.lang.Integer")
			.satisfies((ex) -> assertThat(ex.getMessage()).doesNotContain("secret"));
		assertThatIllegalArgumentException().isThrownBy(() -> this.row.get("name", Thread.class))
			.withMessageContaining("java.lang.Thread");
	}

	@Test
	void toStringWhenCalledShowsColumnsOnly() {
		assertThat(this.row).hasToString("Row[name, id, note]");
	}

	@Test
	void rowWhenChangedRefuses() {
		assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> this.row.put("id", 8));
		assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> this.row.remove("id"));
		assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(this.row::clear);
		assertThatExceptionOfType(UnsupportedOperationException.class)
			.isThrownBy(() -> this.row.entrySet().iterator().next().setValue("x"));
		assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> {
			var entries = this.row.entrySet().iterator();
			entries.next();
			entries.remove();
		});
	}

}
