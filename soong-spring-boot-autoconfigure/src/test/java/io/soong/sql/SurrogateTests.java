package io.soong.sql;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import org.junit.jupiter.api.Test;

import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Half of a surrogate pair, which UTF-8 cannot express and a driver sends as a question
 * mark.
 */
class SurrogateTests {

	private static final List<String> HALVES = List.of("\uD83D", "a\uD83D", "\uD83Da", "\uDE00", "a\uDE00b",
			"\uDE00\uD83D", "\uD83D\uD83D\uDE00", "\uD83D\uDE00\uDE00");

	private final SoongTemplate soong = new SoongTemplate(new JdbcTemplate(new RecordingDataSource()));

	@Test
	void valueWithHalfOfAPairIsRefusedByEveryCall() {
		List<Consumer<Object>> calls = List.of((value) -> this.soong.insert("t", Map.of("name", value)),
				(value) -> this.soong.update("t", 1, Map.of("name", value)),
				(value) -> this.soong.upsert("t", Map.of("id", 1, "name", value), "id"),
				(value) -> this.soong.select("t", Map.of("name", value)),
				(value) -> this.soong.select("t").where("name", Condition.ne(value)).list(),
				(value) -> this.soong.select("t").where("name", Condition.in(List.of("x", value))).count(),
				(value) -> this.soong.select("t").where("name", Condition.op("=", value)).exists(),
				(value) -> this.soong.get("t", value), (value) -> this.soong.delete("t", Map.of("name", value)),
				(value) -> this.soong.query("SELECT ?", value),
				(value) -> this.soong.execute("SELECT :name", Map.of("name", value)),
				(value) -> this.soong.query("SELECT ?", List.of("x", value)),
				(value) -> this.soong.query("SELECT ?", List.of(List.of("x", value))));
		for (String half : HALVES) {
			for (int i = 0; i < calls.size(); i++) {
				Consumer<Object> call = calls.get(i);
				assertThatIllegalArgumentException().as("call %d", i)
					.isThrownBy(() -> call.accept(half))
					.withMessageContaining("half of a surrogate pair")
					.withMessageNotContaining(half);
			}
			assertThatIllegalArgumentException()
				.isThrownBy(() -> this.soong.execute("SELECT ?", new StringBuilder(half)))
				.withMessageContaining("parameter 1");
		}
		assertThatIllegalArgumentException().isThrownBy(() -> this.soong.execute("SELECT ?", '\uD83D'));
	}

	@Test
	void pairIsText() {
		assertThat(ScalarParameter.wellFormed("\uD83D\uDE00 a\uD83D\uDE00", "name")).hasSize(6);
	}

}
