package io.soong.sql;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * {@link RowsSource}.
 */
@NullUnmarked
class RowsSourceTests {

	@Test
	void sizeWhenListIsInMemoryIsItsSize() {
		Plain row = new Plain(1, "a", UUID.randomUUID());
		for (List<?> list : List.of(List.of(row), List.of(row, row, row), Arrays.asList(row, row),
				new ArrayList<>(List.of(row)), List.copyOf(Arrays.asList(row, row)))) {
			RowsSource source = source(list);
			assertThat(source.sizeInMemory()).isZero();
			source.next();
			assertThat(source.sizeInMemory()).isEqualTo(list.size());
		}
	}

	@Test
	void sizeWhenRowsMayComeFromElsewhereIsUnknown() {
		Plain row = new Plain(1, "a", UUID.randomUUID());
		List<Object> sources = new ArrayList<>(List.of(new LinkedList<>(List.of(row)), List.of(row).stream(),
				new ArrayList<>(List.of(row, row)).subList(0, 1)));
		sources.add(Set.of(row));
		for (Object other : sources) {
			RowsSource source = source(other);
			source.next();
			assertThat(source.sizeInMemory()).as(other.getClass().getName()).isZero();
		}
	}

	@Test
	void sizeWhenReadingARowMayRunCodeOfOthersIsUnknown() {
		for (Object row : List.of(Map.of("id", 1), new Bean(), new OfObject(1), new OfNumber(1), new OfList(List.of(1)),
				new OfNested(1, new OfObject(2)))) {
			RowsSource source = source(List.of(row));
			source.next();
			assertThat(source.sizeInMemory()).as(row.getClass().getName()).isZero();
		}
	}

	@Test
	void nextWhenMapHasAnotherColumnNamesIt() {
		RowsSource source = source(List.of(Map.of("a", 1), Map.of("a", 1, "b\n", 2)));
		assertThat(source.next()).containsExactly(1);
		assertThatIllegalArgumentException().isThrownBy(source::next)
			.withMessageStartingWith("Row 2 of the rows for table \"t\" has the column \"b\\u000a\", but the first");
		Map<String, Object> nullKey = new HashMap<>(Map.of("a", 1));
		nullKey.put(null, 2);
		RowsSource withNull = source(List.of(Map.of("a", 1), nullKey));
		withNull.next();
		assertThatIllegalArgumentException().isThrownBy(withNull::next)
			.withMessageStartingWith(
					"Row 2 of the rows for table \"t\" has the column null, but the first one has not");
	}

	private static RowsSource source(Object rows) {
		return new RowsSource("t", rows, new Model.Cache());
	}

	record Plain(int id, String name, UUID uuid) {

	}

	record OfObject(Object value) {

	}

	record OfNumber(Number value) {

	}

	record OfList(List<Integer> value) {

	}

	record OfNested(int id, OfObject value) {

	}

	public static class Bean {

		private int id = 1;

		public int getId() {
			return this.id;
		}

		public void setId(int id) {
			this.id = id;
		}

	}

}
