package io.soong.jdbc;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

@Timeout(60)
class EndingInputStreamTests {

	@Test
	void skippingPastTheEndFails() throws IOException {
		InputStream stream = stream(3);
		assertThat(stream.skip(5)).isEqualTo(3);
		assertThatExceptionOfType(EOFException.class).isThrownBy(() -> stream.skip(2));
	}

	@Test
	void skippingNothingIsNoEnd() throws IOException {
		assertThat(stream(0).skip(0)).isZero();
		assertThat(stream(0).skip(-1)).isZero();
	}

	@Test
	void skippingMakesProgressUntilAllIsSkipped() throws IOException {
		InputStream stream = stream(100_000);
		long left = 99_999;
		while (left > 0) {
			long skipped = stream.skip(left);
			assertThat(skipped).isPositive();
			left -= skipped;
		}
		assertThat(stream.read()).isEqualTo(7);
		assertThat(stream.read()).isNegative();
	}

	private static InputStream stream(int length) {
		byte[] bytes = new byte[length];
		if (length > 0) {
			bytes[length - 1] = 7;
		}
		return new EndingInputStream(new ByteArrayInputStream(bytes));
	}

}
