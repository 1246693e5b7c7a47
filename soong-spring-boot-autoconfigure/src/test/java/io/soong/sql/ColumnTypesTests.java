package io.soong.sql;

import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;

import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * {@link ColumnTypes.Check} on a connection that cannot send it along with the statement.
 */
@NullUnmarked
class ColumnTypesTests {

	private static final ColumnTypes.Check CHECK = ColumnTypes
		.check(Map.of(new ParameterPlace.Column("t", "c"), type(23)));

	private final List<String> calls = new ArrayList<>();

	private boolean autoCommit = true;

	private int failing;

	@Test
	void checkWhenColumnsAreOfSeveralTablesCountsThemAll() {
		Map<ParameterPlace.Column, DatabaseType> columns = new TreeMap<>(Comparator.comparing(Object::toString));
		columns.put(new ParameterPlace.Column("t", "a"), type(23));
		columns.put(new ParameterPlace.Column("t", "b"), type(25));
		columns.put(new ParameterPlace.Column("shop.u", "c"), type(16));
		assertThat(ColumnTypes.check(columns).sql()).startsWith("SELECT CAST(CASE count(*) WHEN 3 THEN '1' ELSE '")
			.endsWith("' END AS integer) FROM pg_catalog.pg_attribute WHERE "
					+ "attrelid = pg_catalog.to_regclass('\"shop\".\"u\"') AND (attname = 'c' AND atttypid = 16) OR "
					+ "attrelid = pg_catalog.to_regclass('\"t\"') AND (attname = 'a' AND atttypid = 23 OR "
					+ "attname = 'b' AND atttypid = 25)");
	}

	@Test
	void checkWhenThereIsNothingToCheckIsEmpty() throws SQLException {
		ColumnTypes.Check none = ColumnTypes.check(Map.of());
		assertThat(none.isEmpty()).isTrue();
		assertThat(CHECK.isEmpty()).isFalse();
		assertThat(none.around("SELECT 1", connection())).isEqualTo("SELECT 1");
		assertThat(none.guard(connection(), this::work)).isEqualTo("result");
		assertThat(this.calls).containsExactly("work");
	}

	@Test
	void guardWhenNoTransactionIsOpenRunsAllInOne() throws SQLException {
		assertThat(CHECK.around("SELECT 1", connection())).isEqualTo("SELECT 1");
		assertThat(CHECK.guard(connection(), this::work)).isEqualTo("result");
		assertThat(this.calls).containsExactly("setAutoCommit false", "check", "work", "check", "commit",
				"setAutoCommit true");
	}

	@Test
	void guardWhenCheckFailsRollsBack() {
		this.failing = 2;
		assertThatExceptionOfType(SQLException.class).isThrownBy(() -> CHECK.guard(connection(), this::work))
			.withMessage("check 2");
		assertThat(this.calls).containsExactly("setAutoCommit false", "check", "work", "check", "rollback",
				"setAutoCommit true");
	}

	@Test
	void guardWhenTransactionIsOpenLeavesItsEndToTheOwner() throws SQLException {
		this.autoCommit = false;
		CHECK.guard(connection(), this::work);
		assertThat(this.calls).containsExactly("check", "work", "check");
		this.calls.clear();
		this.failing = 1;
		assertThatExceptionOfType(SQLException.class).isThrownBy(() -> CHECK.guard(connection(), this::work));
		assertThat(this.calls).containsExactly("check");
	}

	@Test
	void typeWhenTransactionHasFailedIsThatRemembered() {
		this.autoCommit = false;
		assertThat(new ColumnTypes(new JdbcTemplate()).of(new ParameterPlace.Column("t", "c"), connection())).isNull();
		assertThat(this.calls).isEmpty();
	}

	private String work() {
		this.calls.add("work");
		return "result";
	}

	private Connection connection() {
		return proxy(Connection.class, (name, argument) -> switch (name) {
			case "isWrapperFor" -> false;
			case "getAutoCommit" -> this.autoCommit;
			case "createStatement" -> statement();
			default -> {
				this.calls.add((argument != null) ? name + " " + argument : name);
				yield null;
			}
		});
	}

	private Statement statement() {
		return proxy(Statement.class, (name, argument) -> {
			if (name.equals("execute")) {
				assertThat(argument).isEqualTo(CHECK.sql());
				this.calls.add("check");
				if (--this.failing == 0) {
					throw new SQLException("check " + this.calls.stream().filter("check"::equals).count());
				}
			}
			return name.equals("execute") ? true : null;
		});
	}

	private static <T> T proxy(Class<T> type, Call call) {
		return type.cast(Proxy.newProxyInstance(ColumnTypesTests.class.getClassLoader(), new Class<?>[] { type },
				(proxy, method, args) -> call.of(method.getName(), (args != null) ? args[0] : null)));
	}

	private static DatabaseType type(long oid) {
		return new DatabaseType(oid, -1, "type", "type", null, List.of());
	}

	private interface Call {

		Object of(String name, Object argument) throws SQLException;

	}

}
