package io.soong.maven;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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

	@Test
	void jdkOfAnImageIsTheOneThatIsNamed() throws IOException {
		Files.writeString(this.home.resolve("release"), "JAVA_VERSION=\"25.0.3\"\n");
		assertThat(Jdk.forImage(this.home.toString(), Map.of("JAVA_HOME_25", "/elsewhere")).home())
			.isEqualTo(this.home);
	}

	@ParameterizedTest
	@ValueSource(strings = { "JAVA_HOME_25", "JAVA_HOME_25_X64" })
	void jdkOfAnImageWhenNoneIsNamedIsThatOfTheVariable(String variable) throws IOException {
		Files.writeString(this.home.resolve("release"), "JAVA_VERSION=\"25.0.3\"\n");
		Map<String, String> environment = Map.of("JAVA_HOME", "/elsewhere", variable, this.home.toString());
		assertThat(Jdk.forImage(null, environment).home()).isEqualTo(this.home);
	}

	@Test
	void jdkOfAnImageWhenItHasNoCacheIsRefusedWithWhatToDo() throws IOException {
		Files.writeString(this.home.resolve("release"), "JAVA_VERSION=\"21.0.1\"\n");
		assertThatExceptionOfType(PackagingException.class)
			.isThrownBy(() -> Jdk.forImage(this.home.toString(), Map.of()))
			.withMessageContaining("is Java 21")
			.withMessageContaining("-Dsoong.jdk-home")
			.withMessageContaining("JAVA_HOME_25");
	}

}
