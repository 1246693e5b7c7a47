package io.soong.sql;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.LoggerFactory;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Values sent down every path that fails, and looked for in all that comes out.
 */
@NullUnmarked
@ExtendWith(OutputCaptureExtension.class)
class CanaryIntegrationTests {

	private static final String TEXT = "canary-4111";

	private static final int NUMBER = 41114111;

	private static SingleConnectionDataSource dataSource;

	private static SoongTemplate soong;

	@BeforeAll
	static void connect() {
		dataSource = PostgresServer.connect("canary_tests");
		soong = new SoongTemplate(new JdbcTemplate(dataSource));
		soong.execute("CREATE TABLE birds (id int PRIMARY KEY, name varchar(20) UNIQUE, hue text CHECK (hue <> '" + TEXT
				+ "'), data jsonb, tags int[], day date, small smallint, other int REFERENCES birds)");
		soong.execute("CREATE VIEW named AS SELECT * FROM birds WHERE name IS NULL WITH CHECK OPTION");
		soong.execute("CREATE FUNCTION raise(text, text) RETURNS int LANGUAGE plpgsql AS "
				+ "$$ BEGIN RAISE EXCEPTION 'no %', $1 USING ERRCODE = $2; END $$");
		soong.execute("CREATE FUNCTION assert(text) RETURNS int LANGUAGE plpgsql AS $$ BEGIN ASSERT false, $1; END $$");
		soong.insert("birds", Map.of("id", NUMBER, "name", TEXT, "data", Map.of("key " + TEXT, TEXT)));
	}

	@AfterAll
	static void close() {
		dataSource.destroy();
	}

	private static List<Runnable> failures(SoongTemplate template) {
		String json = "'{\"" + TEXT + "\": \"" + TEXT + "\"}'::jsonb";
		return List.of(
				// Refused before anything is sent
				() -> template.insert("birds", Map.of("data", Optional.of(TEXT))),
				() -> template.insert("birds", Map.of("data", List.of(Optional.of(TEXT)))),
				() -> template.insert("birds", Map.of("data", new Thrower(TEXT))),
				() -> template.insert("birds", Map.of("data", Map.of("a", new Thrower(TEXT)))),
				() -> template.select("birds", Map.of("id", List.of(TEXT))),
				() -> template.select("birds", Map.of("id", Map.of("gt", TEXT))),
				() -> template.execute("SELECT ?", TEXT, TEXT), () -> template.query("SELECT :a", Map.of("b", TEXT)),
				() -> template.get("birds", Arrays.asList(TEXT, null)),
				// By the server
				() -> template.insert("birds", Map.of("id", NUMBER)),
				() -> template.insert("birds", Map.of("id", TEXT)),
				() -> template.insert("birds", Map.of("id", 1, "name", TEXT)),
				() -> template.insert("birds", Map.of("id", 1, "name", TEXT.repeat(9))),
				() -> template.insert("birds", Map.of("id", 1, "hue", TEXT)),
				() -> template.insert("birds", Map.of("id", 1, "other", NUMBER + 1)),
				() -> template.insert("birds", Map.of("id", 1, "data", TEXT)),
				() -> template.insert("birds", Map.of("id", 1, "data", Map.of("a", TEXT + "\0"))),
				() -> template.insert("birds", Map.of("id", 1, "tags", List.of(TEXT))),
				() -> template.insert("birds", Map.of("id", 1, "day", TEXT)),
				() -> template.insert("birds", Map.of("id", 1, "small", NUMBER)),
				() -> template.insert("birds", Map.of("id", 1, "name", TEXT + "\0")),
				() -> template.insert("named", Map.of("id", 1, "name", TEXT + "x")),
				() -> template.update("birds", NUMBER, Map.of("hue", TEXT)),
				() -> template.select("birds").where("name", Condition.op("~", "[" + TEXT)).list(),
				() -> template.query("SELECT raise(?, 'P0001')", TEXT), () -> template.query("SELECT assert(?)", TEXT),
				() -> template.query("SELECT ?::uuid", TEXT), () -> template.query("SELECT ?::int", (Object) TEXT),
				// While reading
				() -> template.query(Integer.class, "SELECT name FROM birds"),
				() -> template.query(Hue.class, "SELECT name FROM birds"),
				() -> template.query(byte.class, "SELECT id FROM birds"),
				() -> template.query("SELECT name FROM birds").get(0).get("name", UUID.class),
				() -> template.query((rows, number) -> rows.getInt(1), "SELECT name FROM birds"),
				() -> template.query((rows, number) -> rows.getDate(1), "SELECT name FROM birds"),
				() -> template.query(Refusing.class, "SELECT name FROM birds"),
				() -> template.query(RefusingBean.class, "SELECT name FROM birds"),
				() -> template.query(Nested.class, "SELECT " + json + " AS bird"),
				() -> template.query(Nested.class, "SELECT '{\"count\": \"" + TEXT + "\"}'::jsonb AS bird"),
				() -> template.query(Numbers.class, "SELECT " + json + " AS numbers"),
				() -> template.query("SELECT " + json + " AS a").get(0).get("a", int.class),
				() -> template.query("SELECT " + json + " AS a").get(0).get("a", Hue.class),
				() -> template
					.query("SELECT '" + "[".repeat(1500) + "\"" + TEXT + "\"" + "]".repeat(1500) + "'::json AS a")
					.get(0)
					.get("a"),
				// While streaming
				() -> drain(template.stream(Integer.class, "SELECT name FROM birds")),
				() -> drain(template.stream(Integer.class, "SELECT name::int FROM birds")),
				() -> drain(template.stream(Refusing.class, "SELECT name FROM birds")),
				() -> drain(template.stream(Integer.class, "SELECT ?::int", (Object) TEXT)),
				// At the commit
				() -> template.inTransaction(() -> template.insert("birds", Map.of("id", 1, "other", NUMBER + 1))));
	}

	@Test
	void failureWhenOfEveryKindShowsNoValue(CapturedOutput output) {
		Level before = logLevel(Level.TRACE);
		try {
			int number = 0;
			for (Runnable call : failures(soong)) {
				Throwable failure = catchThrowable(call::run);
				number++;
				assertThat(failure).as("failure %d", number).isNotNull();
				// The SQL is the caller's own
				String printed = printed(failure).replace("'{\"" + TEXT + "\": \"" + TEXT + "\"}'", "")
					.replace("'{\"count\": \"" + TEXT + "\"}'", "");
				assertThat(printed).as("failure %d", number)
					.doesNotContain(TEXT)
					.doesNotContain(String.valueOf(NUMBER));
			}
			soong.select("birds", Map.of("id", NUMBER, "name", TEXT, "data", Condition.contains(Map.of("a", TEXT))));
		}
		finally {
			logLevel(before);
		}
		assertThat(output.getAll()).contains("DEBUG").contains("WHERE \"id\" = ?");
		assertThat(
				output.getAll().lines().filter((line) -> !line.contains("SQL [") && !line.contains("SQL statement [")))
			.noneMatch((line) -> line.contains(TEXT) || line.contains(String.valueOf(NUMBER)));
	}

	@Test
	void failureWhenValuesAreWantedShowsThem() {
		SoongTemplate verbose = soong.withValuesInErrors();
		assertThat(shown(() -> verbose.query(Refusing.class, "SELECT name FROM birds"))).contains(TEXT);
		assertThat(shown(() -> verbose.query(RefusingBean.class, "SELECT name FROM birds"))).contains(TEXT);
		assertThat(shown(() -> verbose.query(Numbers.class, "SELECT data AS numbers FROM birds"))).contains(TEXT);
		assertThat(shown(() -> verbose.insert("birds", Map.of("data", new Thrower(TEXT))))).contains(TEXT);
		assertThat(shown(() -> verbose.insert("birds", Map.of("id", TEXT)))).contains(TEXT);
		assertThat(shown(() -> drain(verbose.stream(Integer.class, "SELECT name::int FROM birds")))).contains(TEXT);
	}

	private static String shown(Runnable call) {
		return printed(catchThrowable(call::run));
	}

	private static String printed(Throwable ex) {
		StringWriter printed = new StringWriter();
		ex.printStackTrace(new PrintWriter(printed));
		return printed.toString();
	}

	private static void drain(Stream<?> rows) {
		try (rows) {
			rows.forEach((row) -> {
			});
		}
	}

	private static Level logLevel(Level level) {
		Logger logger = (Logger) LoggerFactory.getLogger("org.springframework.jdbc");
		Level before = logger.getLevel();
		logger.setLevel(level);
		return before;
	}

	enum Hue {

		PINK

	}

	record Refusing(String name) {

		Refusing {
			if (name != null) {
				throw new IllegalArgumentException("not " + name, new IllegalStateException(name));
			}
		}

	}

	static final class RefusingBean {

		public String getName() {
			return "name";
		}

		public void setName(String name) {
			throw new IllegalArgumentException("not " + name);
		}

	}

	record Bird(int count, Refusing name) {

	}

	record Nested(Bird bird) {

	}

	record Numbers(Map<String, Integer> numbers) {

	}

	static final class Thrower {

		private final String value;

		Thrower(String value) {
			this.value = value;
		}

		public String getValue() {
			throw new IllegalStateException("threw " + this.value);
		}

		@Override
		public String toString() {
			return this.value;
		}

	}

}
