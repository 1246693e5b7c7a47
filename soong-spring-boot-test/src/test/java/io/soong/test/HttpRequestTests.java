package io.soong.test;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link HttpRequest}.
 */
class HttpRequestTests {

	private final ByteArrayOutputStream out = new ByteArrayOutputStream();

	@Test
	void readWhenWithoutBody() throws IOException {
		HttpRequest request = read("GET /next?x=1 HTTP/1.1\r\nHost: localhost\r\n\r\n");
		assertThat(request.method()).isEqualTo("GET");
		assertThat(request.path()).isEqualTo("/next");
		assertThat(request.headers()).containsEntry("host", "localhost");
		assertThat(request.body()).isEmpty();
	}

	@Test
	void readWhenTwoFollowEachOtherKeepsThemApart() throws IOException {
		InputStream in = stream("POST /a HTTP/1.1\r\nContent-Length: 2\r\n\r\nhiPOST /b HTTP/1.1\r\n\r\n");
		HttpRequest first = HttpRequest.read(in, this.out);
		assertThat(first).isNotNull();
		assertThat(first.body()).asString().isEqualTo("hi");
		HttpRequest second = HttpRequest.read(in, this.out);
		assertThat(second).isNotNull();
		assertThat(second.path()).isEqualTo("/b");
		assertThat(HttpRequest.read(in, this.out)).isNull();
	}

	@Test
	void readWhenChunkedJoinsTheChunks() throws IOException {
		assertThat(read("POST /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
				+ "3\r\nabc\r\nA;x=y\r\n0123456789\r\n0\r\nTrailer: x\r\n\r\n")
			.body()).asString().isEqualTo("abc0123456789");
	}

	@Test
	void readWhenClientWaitsForContinueTellsIt() throws IOException {
		read("POST /a HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\nx");
		assertThat(this.out.toString(StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
	}

	@Test
	void readWhenBodyIsCutShortFails() {
		assertThatExceptionOfType(EOFException.class)
			.isThrownBy(() -> read("POST /a HTTP/1.1\r\nContent-Length: 9\r\n\r\nx"));
	}

	@Test
	void respondWritesHeadAndBody() throws IOException {
		HttpRequest.respond(this.out, 202, Map.of("X-Color", "pink"), "{}".getBytes(StandardCharsets.US_ASCII));
		assertThat(this.out.toString(StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 202 OK\r\n"
				+ "Content-Type: application/json\r\nContent-Length: 2\r\nX-Color: pink\r\n\r\n{}");
	}

	private HttpRequest read(String text) throws IOException {
		HttpRequest request = HttpRequest.read(stream(text), this.out);
		assertThat(request).isNotNull();
		return request;
	}

	private static InputStream stream(String text) {
		return new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII));
	}

}
