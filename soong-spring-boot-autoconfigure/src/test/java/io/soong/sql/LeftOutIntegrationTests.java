package io.soong.sql;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.core.convert.converter.Converter;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What every call that writes records does with a component that is null, and with one
 * that is not but becomes NULL: the first is left out of a new row, so that the column's
 * default applies, the second is NULL.
 */
@NullUnmarked
class LeftOutIntegrationTests {

	private static SingleConnectionDataSource dataSource;

	private static SoongTemplate soong;

	@BeforeAll
	static void connect() {
		dataSource = PostgresServer.connect("left_out");
		soong = new SoongTemplate(new JdbcTemplate(dataSource)).withConverters(List.of(new BlankWriter()));
	}

	@AfterAll
	static void close() {
		dataSource.destroy();
	}

	@ParameterizedTest
	@EnumSource
	void everyCallLeavesOutTheSame(Call call) {
		soong.execute("DROP TABLE IF EXISTS left_out");
		soong.execute("CREATE TABLE left_out (id int PRIMARY KEY, nothing text DEFAULT 'default', "
				+ "empty text DEFAULT 'default', wrapped text DEFAULT 'default', converted text DEFAULT 'default', "
				+ "present text DEFAULT 'default')");
		List<Line> lines = IntStream.rangeClosed(1, call.rows)
			.mapToObj((id) -> new Line(id, null, Optional.empty(), new Wrapped(null), new Blank(" "), "x"))
			.toList();
		call.write(lines);
		assertThat(
				soong.query(Stored.class, "SELECT DISTINCT nothing, empty, wrapped, converted, present FROM left_out"))
			.containsExactly(new Stored("default", "default", null, null, "x"));
		assertThat(soong.select("left_out").count()).isEqualTo(call.rows);
		if (call.upserts) {
			soong.execute("UPDATE left_out SET nothing = 'old', empty = 'old', wrapped = 'old', converted = 'old'");
			call.write(lines);
			assertThat(soong.query(Stored.class,
					"SELECT DISTINCT nothing, empty, wrapped, converted, present FROM left_out"))
				.containsExactly(new Stored("old", "old", null, null, "x"));
		}
	}

	enum Call {

		INSERT(1, false), INSERT_ALL(3, false), INSERT_ALL_RETURNING(3, false), COPY(2_000, false), UPSERT(1, true),
		UPSERT_ALL(3, true), STAGED_UPSERT(2_000, true);

		private final int rows;

		private final boolean upserts;

		Call(int rows, boolean upserts) {
			this.rows = rows;
			this.upserts = upserts;
		}

		private void write(List<Line> lines) {
			switch (this) {
				case INSERT -> soong.insert("left_out", lines.get(0));
				case INSERT_ALL -> soong.insertAll("left_out", lines);
				case INSERT_ALL_RETURNING -> soong.insertAll("left_out", lines, Row.class);
				case COPY -> soong.insertAll("left_out", Stream.of(lines).flatMap(List::stream));
				case UPSERT -> soong.upsert("left_out", lines.get(0), "id");
				case UPSERT_ALL, STAGED_UPSERT -> soong.upsertAll("left_out", lines, "id");
			}
		}

	}

	record Line(int id, String nothing, Optional<String> empty, Wrapped wrapped, Blank converted, String present) {

	}

	record Wrapped(String text) {

	}

	record Blank(String text) {

	}

	record Stored(String nothing, String empty, String wrapped, String converted, String present) {

	}

	static class BlankWriter implements Converter<Blank, String> {

		@Override
		public String convert(Blank source) {
			return source.text().isBlank() ? null : source.text();
		}

	}

}
