package io.soong.sql;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/**
 * The ends and the odd corners of the types, as text and binary.
 */
@NullUnmarked
class TypeExtremesIntegrationTests {

	private static SingleConnectionDataSource textual;

	private static SingleConnectionDataSource binary;

	@BeforeAll
	static void connect() {
		textual = PostgresServer.connect("extremes_text", Map.of("prepareThreshold", "0"));
		binary = PostgresServer.connect("extremes_binary", Map.of("prepareThreshold", "-1"));
		for (SingleConnectionDataSource dataSource : List.of(textual, binary)) {
			SoongTemplate soong = new SoongTemplate(new JdbcTemplate(dataSource));
			soong.execute("CREATE TYPE hue AS ENUM ('PINK', 'sky blue')");
			soong.execute("CREATE DOMAIN hues AS hue[]");
			soong.execute("CREATE DOMAIN price AS numeric(9, 2)");
			soong.execute("CREATE TYPE item AS (name text, data jsonb, tags text[])");
		}
	}

	@AfterAll
	static void close() {
		textual.destroy();
		binary.destroy();
	}

	static Stream<Arguments> values() {
		return Stream.of(arguments("daterange", "[2024-01-01,infinity)"), arguments("numrange", "empty"),
				arguments("tstzrange", "[\"2024-01-01 00:00:00+00\",)"), arguments("int8multirange", "{[1,3),[7,9)}"),
				arguments("int4range[]", List.of("[1,3)", "empty")), arguments("cidr", "10.0.0.0/8"),
				arguments("inet", "2001:db8::1"), arguments("hues", List.of("PINK", "sky blue")),
				arguments("hue[]", Arrays.asList("PINK", null)), arguments("price", new BigDecimal("1.50")),
				arguments("item", "(\"a,b\",\"{\"\"a\"\": 1}\",\"{x,\"\"y z\"\"}\")"),
				arguments("item[]", List.of("(a,,)", "(,,)")), arguments("json[]", Arrays.asList(Map.of("a", 1), null)),
				arguments("jsonb[]", List.of(Map.of(), Map.of("a", List.of(1, "{}")))), arguments("jsonb[]", List.of()),
				arguments("float8", Double.NaN), arguments("real", Float.NaN),
				arguments("real", Float.NEGATIVE_INFINITY), arguments("float8", Double.MIN_VALUE),
				arguments("float8", Double.MAX_VALUE), arguments("numeric", new BigDecimal("1E+400").setScale(0)),
				arguments("numeric", new BigDecimal("1E-400")), arguments("bigint", Long.MIN_VALUE),
				arguments("date", LocalDate.of(-4712, 1, 1)), arguments("date", LocalDate.of(99999, 12, 31)),
				arguments("date", LocalDate.MIN), arguments("timestamp", LocalDateTime.MAX),
				arguments("timestamp", LocalDateTime.of(1, 1, 1, 0, 0)),
				arguments("timestamp", LocalDateTime.of(9999, 12, 31, 23, 59, 59, 999999000)),
				arguments("timestamptz", OffsetDateTime.of(1, 1, 1, 0, 0, 0, 0, ZoneOffset.UTC)),
				arguments("time", LocalTime.MIDNIGHT),
				arguments("timetz", OffsetTime.of(23, 59, 59, 999999000, ZoneOffset.ofHours(-12))),
				arguments("interval", Duration.ofDays(-100_000).minusNanos(1000)), arguments("text[]", List.of()),
				arguments("text[]", Arrays.asList(null, null)), arguments("text[]", List.of("")),
				arguments("text[]", List.of("NULL", "null", "\ud83d\ude00", "?", "a:b", " x ", "{}", "\\")),
				arguments("int[]", List.of(List.of(List.of(1), List.of(2)), List.of(List.of(3), List.of(4)))),
				arguments("text[]", List.of(Arrays.asList("a", null), List.of("", "}"))),
				arguments("bytea", new byte[100_000]), arguments("text", "\ud83d\ude00? :a ?? :: 'x' $1 \\"),
				arguments("jsonb", Map.of("\ud83d\ude00?", ":a ?? \u0001 \\ \" '")),
				arguments("jsonb", Collections.singletonMap("a", null)), arguments("json", List.of()));
	}

	@ParameterizedTest
	@MethodSource("values")
	void valueWhenWrittenByEveryCallIsReadAsItWas(String type, Object value) {
		for (SingleConnectionDataSource dataSource : List.of(textual, binary)) {
			SoongTemplate soong = new SoongTemplate(new JdbcTemplate(dataSource));
			soong.execute("CREATE TABLE t (id int, v " + type + ")");
			try {
				soong.insert("t", Map.of("id", 1, "v", value));
				soong.insert("t", Map.of("id", 2));
				soong.update("t", 2, Map.of("v", value));
				soong.insert("t", Collections.singletonMap("v", null));
				assertThat(soong.get("t", 1).orElseThrow().get("v")).isEqualTo(value);
				assertThat(soong.select("t").columns("v").where("id", 2).list().get(0).get("v")).isEqualTo(value);
				assertThat(soong.select("t").columns("v").where("id", Condition.isNull()).list(Object.class))
					.containsExactly((Object) null);
				try (Stream<Object> values = soong.stream(Object.class, "SELECT v FROM t WHERE id = 1")) {
					assertThat(values.findFirst().orElseThrow()).isEqualTo(value);
				}
			}
			finally {
				soong.execute("DROP TABLE t");
			}
		}
	}

	@Test
	void sqlWhenItHoldsQuestionMarksAndColonsLeavesThemAlone() {
		SoongTemplate soong = new SoongTemplate(new JdbcTemplate(textual));
		assertThat(soong.query(String.class, "SELECT '? :a ' || ? || $$ ?:b $$ || E'\\'?'", "x"))
			.containsExactly("? :a x ?:b '?");
		assertThat(soong.query(Boolean.class, "SELECT '{\"a\": 1}'::jsonb ?? :key AND '12:30'::time < :time::time",
				Map.of("key", "a", "time", "13:00")))
			.containsExactly(true);
		assertThat(soong.query(Boolean.class, "SELECT '[1]'::jsonb @?? '$[0]' AND '{\"a\": 1}'::jsonb ??| ?",
				List.of("a", "b")))
			.containsExactly(true);
	}

}
