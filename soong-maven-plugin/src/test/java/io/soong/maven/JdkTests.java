package io.soong.maven;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class JdkTests {

	@TempDir
	private Path home;

	@ParameterizedTest
	@CsvSource(textBlock = """
			JAVA_VERSION="17.0.15", 17, 15
			JAVA_RUNTIME_VERSION="25.0.3+9-LTS", 25, 3
			""")
	void versionIsThatOfTheFileRelease(String line, int feature, int update) throws IOException {
		Files.writeString(this.home.resolve("release"), line + "\n");
		assertThat(Jdk.at(this.home).version().feature()).isEqualTo(feature);
		assertThat(Jdk.at(this.home).version().update()).isEqualTo(update);
	}

	@Test
	void folderWithoutReleaseIsNoJdk() {
		assertThatExceptionOfType(PackagingException.class).isThrownBy(() -> Jdk.at(this.home))
			.withMessageContaining("is not the home of a JDK");
	}

	@Test
	void releaseWithoutVersionIsRefused() throws IOException {
		Files.writeString(this.home.resolve("release"), "IMPLEMENTOR=\"Someone\"\n");
		assertThatExceptionOfType(PackagingException.class).isThrownBy(() -> Jdk.at(this.home))
			.withMessageContaining("does not say which Java");
	}

	@Test
	void javacWhenThereIsNoneSaysSo() {
		assertThatExceptionOfType(PackagingException.class)
			.isThrownBy(() -> new Jdk(this.home, Runtime.version()).javac())
			.withMessageContaining("has no compiler");
	}

	@Test
	void currentJdkHasItsPrograms() {
		assertThat(Jdk.current().java()).isExecutable();
		assertThat(Jdk.current().javac()).isExecutable();
	}

}
