package io.soong.test;

import java.nio.charset.StandardCharsets;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ErrorReport}.
 */
class ErrorReportTests {

	@Test
	void parseWhenComplete() {
		ErrorReport report = parse(
				"{\"errorMessage\":\"no gizmo\",\"errorType\":\"java.lang.Error\",\"stackTrace\":[]}");
		assertThat(report.type()).isEqualTo("java.lang.Error");
		assertThat(report.message()).isEqualTo("no gizmo");
	}

	@Test
	void parseWhenMessageIsNullOrMissing() {
		assertThat(parse("{\"errorMessage\":null,\"errorType\":\"java.lang.Error\"}").message()).isEmpty();
		assertThat(parse("{ \"errorType\" : \"java.lang.Error\" }").type()).isEqualTo("java.lang.Error");
		assertThat(parse("").type()).isEmpty();
	}

	@Test
	void parseWhenEscapedUndoesIt() {
		assertThat(parse("{\"errorMessage\":\"a\\\"b\\\\c\\/d\\n\\t\\r\\b\\f\\u00e9$1\"}").message())
			.isEqualTo("a\"b\\c/d\n\t\r\b\f\u00e9$1");
	}

	@Test
	void parseWhenMessageLooksLikeAFieldIsNotMisled() {
		ErrorReport report = parse("{\"errorMessage\":\"{\\\"errorType\\\":\\\"x\\\"}\",\"errorType\":\"y\"}");
		assertThat(report.type()).isEqualTo("y");
		assertThat(report.message()).isEqualTo("{\"errorType\":\"x\"}");
	}

	private static ErrorReport parse(String json) {
		return ErrorReport.parse(json.getBytes(StandardCharsets.UTF_8));
	}

}
