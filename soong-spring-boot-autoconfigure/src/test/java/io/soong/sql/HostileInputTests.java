package io.soong.sql;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Pattern;

import io.soong.Seed;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;

import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;

import static io.soong.sql.Condition.isNull;
import static io.soong.sql.Condition.startsWith;
import static io.soong.sql.Expression.now;
import static io.soong.sql.Expression.plus;
import static io.soong.sql.Expression.toDefault;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * A hundred thousand names, operators and conditions of an attacker. What is not accepted
 * by the rule is refused before a connection is asked for.
 */
@NullUnmarked
class HostileInputTests {

	private static final int INPUTS = 34_000;

	private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_$]{0,62}");

	private static final Pattern TABLE = Pattern.compile(NAME + "(\\." + NAME + ")?");

	private static final Pattern OPERATOR = Pattern.compile("(?!.*--)(?!.*/\\*)[-+*/<>=~!@#%^&|`?]{1,63}");

	private static final String QUOTED = "\"[A-Za-z_][A-Za-z0-9_$]{0,62}\"";

	private static final Pattern SQL = Pattern
		.compile("(SELECT|INSERT|UPDATE|DELETE)( |,|\\*|\\(|\\)|\\.|=|\\?|" + QUOTED
				+ "|FROM|WHERE|AND|ORDER BY|SET|INTO|VALUES|RETURNING|DESC|count|exists|EXISTS|SELECT|1|ON CONFLICT|"
				+ "DO NOTHING|DO UPDATE|EXCLUDED|OR|NOT|IS NULL|LIKE|NULLS FIRST|DEFAULT|now|\\+|>)*");

	private final long seed = Seed.value();

	private final HostileInput input = new HostileInput(this.seed);

	private final RecordingDataSource dataSource = new RecordingDataSource();

	private final SoongTemplate soong = new SoongTemplate(new JdbcTemplate(this.dataSource));

	@Test
	void callsWhenNameIsHostileSendItQuotedOrNotAtAll() {
		List<Consumer<String>> asTable = List.of((name) -> this.soong.get(name, 1),
				(name) -> this.soong.delete(name, 1), (name) -> this.soong.select(name, Map.of("a", 1)),
				(name) -> this.soong.insert(name, Map.of("a", 1)), (name) -> this.soong.update(name, 1, Map.of("a", 1)),
				(name) -> this.soong.select(name).list(), (name) -> this.soong.select(name).stream(),
				(name) -> this.soong.insertIfAbsent(name, Map.of("a", 1)),
				(name) -> this.soong.upsert(name, Map.of("a", 1), Conflict.on("a")),
				(name) -> this.soong.update(name, 1, Map.of("a", plus(1)), Row.class),
				(name) -> this.soong.delete(name, 1, Row.class),
				(name) -> this.soong.delete(name, Filter.where("a", 1)));
		List<Consumer<String>> asColumn = List.of((name) -> this.soong.get("t", Map.of(name, 1)),
				(name) -> this.soong.get("t", 1, List.of(name)), (name) -> this.soong.delete("t", Map.of(name, 1)),
				(name) -> this.soong.insert("t", Map.of(name, 1)),
				(name) -> this.soong.insert("t", Map.of("a", 1), List.of(name)),
				(name) -> this.soong.update("t", 1, andAnother(name)),
				(name) -> this.soong.select("t").where(name, 1).count(),
				(name) -> this.soong.select("t").orderBy(Order.desc(name)).list(),
				(name) -> this.soong.select("t").columns(name).list(),
				(name) -> this.soong.insertIfAbsent("t", Map.of("x", 1), name),
				(name) -> this.soong.insertIfAbsent("t", Map.of(name, 1)),
				(name) -> this.soong.upsert("t", andAnother(name), Conflict.on(name)),
				(name) -> this.soong.upsert("t", andAnother(name), Conflict.on("x").update(name)),
				(name) -> this.soong.upsert("t", Map.of("x", 1, "y", 1), Conflict.on("x").where(name, isNull())),
				(name) -> this.soong.update("t", 1, Map.of(name, plus(1))),
				(name) -> this.soong.update("t", 1, Map.of(name, toDefault())),
				(name) -> this.soong.update("t", 1, Map.of(name, now())),
				(name) -> this.soong.delete("t", Filter.not(Filter.anyOf(Filter.where(name, 1), Filter.where("x", 2)))),
				(name) -> this.soong.select("t").where(Filter.where(name, startsWith("a").or(isNull()))).list(),
				(name) -> this.soong.select("t").orderBy(Order.asc(name).nullsFirst()).list(),
				(name) -> this.soong.select("t").orderBy(name).after(Map.of(name, 1)).list());
		for (int i = 0; i < INPUTS; i++) {
			String name = this.input.text();
			boolean table = i % 2 == 0;
			List<Consumer<String>> calls = table ? asTable : asColumn;
			check(name, (table ? TABLE : NAME).matcher(name).matches(), calls.get(i / 2 % calls.size()));
		}
	}

	// The hostile name may be the other one
	private static Map<String, Object> andAnother(String name) {
		Map<String, Object> values = new HashMap<>(Map.of("x", 1));
		values.put(name, 1);
		return values;
	}

	@Test
	void opWhenOperatorIsHostileIsRefused() {
		for (int i = 0; i < INPUTS; i++) {
			String operator = this.input.text();
			boolean allowed = OPERATOR.matcher(operator).matches();
			assertThat(catchThrowable(() -> Condition.op(operator, 1)) == null).as("seed %d: %s", this.seed, operator)
				.isEqualTo(allowed);
		}
	}

	@Test
	void conditionsWhenEventIsHostileNeverWidenTheQuery() {
		for (int i = 0; i < INPUTS; i++) {
			Map<String, Object> event = new HashMap<>();
			Object value = value(this.input.below(9));
			event.put("id", value);
			event.put("name", this.input.text());
			Throwable failure = catchThrowable((this.input.below(2) == 0) ? () -> this.soong.delete("t", event)
					: () -> this.soong.get("t", event));
			if (value instanceof String || value instanceof Integer) {
				assertThat(this.dataSource.takeStatements()).as("seed %d", this.seed)
					.singleElement()
					.satisfies((sql) -> {
						assertThat(sql).contains("\"id\" = ?").contains("\"name\" = ?").contains(" AND ");
					});
			}
			else {
				assertThat(failure).as("seed %d: %s", this.seed, value).isInstanceOf(IllegalArgumentException.class);
				assertThat(this.dataSource.takeStatements()).isEmpty();
			}
		}
	}

	private Object value(int kind) {
		return switch (kind) {
			case 0 -> null;
			case 1 -> List.of(this.input.text());
			case 2 -> List.of();
			case 3 -> Map.of(this.input.text(), this.input.text());
			case 4 -> new Object[] { this.input.text() };
			case 5 -> Arrays.asList(null, 1);
			case 6 -> this.input.below(100);
			default -> this.input.text();
		};
	}

	private void check(String name, boolean allowed, Consumer<String> call) {
		int before = this.dataSource.connections();
		Throwable failure = catchThrowable(() -> call.accept(name));
		if (allowed) {
			assertThat(failure).as("seed %d: %s", this.seed, name).isInstanceOf(DataAccessException.class);
			assertThat(this.dataSource.takeStatements()).as("seed %d: %s", this.seed, name)
				.allSatisfy((sql) -> assertThat(sql).matches(SQL));
		}
		else {
			assertThat(failure).as("seed %d: %s", this.seed, name).isInstanceOf(IllegalArgumentException.class);
			assertThat(this.dataSource.connections()).as("seed %d: %s", this.seed, name).isEqualTo(before);
		}
	}

}
