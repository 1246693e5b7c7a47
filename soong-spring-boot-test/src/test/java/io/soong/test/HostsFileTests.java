package io.soong.test;

import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link HostsFile}; that a JVM follows it is tested with a function.
 */
class HostsFileTests {

	@Test
	void createWhenClosedLeavesNothing() {
		Path file;
		try (HostsFile names = HostsFile.create()) {
			file = file(names);
			names.point("a.example", "127.0.0.1");
			names.point("b.example", "127.0.0.1");
			names.point("a.example", "127.0.0.2");
			names.remove("b.example");
			names.remove("b.example");
			assertThat(file).content()
				.contains("127.0.0.1 localhost\n")
				.contains("127.0.0.2 a.example\n")
				.doesNotContain("b.example");
		}
		assertThat(file.getParent()).doesNotExist();
	}

	@Test
	void ofThisJvmWhenStartedWithoutFileSaysHow() {
		assertThatIllegalStateException().isThrownBy(HostsFile::ofThisJvm)
			.withMessageContaining("start it with -Djdk.net.hosts.file=FILE");
	}

	@Test
	void ofThisJvmWhenStartedWithFileWritesIt(@TempDir Path folder) throws Exception {
		Path file = folder.resolve("hosts");
		System.setProperty("jdk.net.hosts.file", file.toString());
		try (HostsFile names = HostsFile.ofThisJvm()) {
			names.point("a.example", "127.0.0.1");
			assertThat(names.jvmOption()).isEqualTo("-Djdk.net.hosts.file=" + file);
		}
		finally {
			System.clearProperty("jdk.net.hosts.file");
		}
		assertThat(Files.readString(file)).contains("127.0.0.1 a.example");
	}

	private static Path file(HostsFile names) {
		return Path.of(names.jvmOption().replaceFirst(".*=", ""));
	}

}
