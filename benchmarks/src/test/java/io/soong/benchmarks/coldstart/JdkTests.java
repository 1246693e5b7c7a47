package io.soong.benchmarks.coldstart;

import java.io.IOException;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class JdkTests {

	@Test
	void findWhenOneIsThereFindsIt() throws IOException {
		assertThat(Jdk.find(Runtime.version().feature()))
			.hasValueSatisfying((jdk) -> assertThat(jdk.version().feature()).isEqualTo(Runtime.version().feature()));
	}

	@Test
	void findWhenNoneIsThereIsEmpty() throws IOException {
		assertThat(Jdk.find(9)).isEmpty();
	}

}
