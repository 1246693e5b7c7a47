package io.soong.maven;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class JavaCommandTests {

	@TempDir
	private Path folder;

	@Test
	void argumentsArriveAsTheyAre() throws Exception {
		Path program = this.folder.resolve("Echo.java");
		Files.writeString(program, """
				public class Echo {
					public static void main(String[] args) {
						System.out.print(String.join("|", args));
					}
				}
				""");
		assertThat(new JavaCommand(this.folder).run("Echoing", Jdk.current().java(),
				List.of(program.toString(), "a b", "c\\d", "\"e\"", "#f", "")))
			.isEqualTo("a b|c\\d|\"e\"|#f|");
	}

	@Test
	void failureShowsTheEndOfTheOutput() {
		assertThatExceptionOfType(PackagingException.class)
			.isThrownBy(() -> new JavaCommand(this.folder).run("Starting it", Jdk.current().java(), List.of("NoSuch")))
			.withMessageContaining("Starting it failed with status 1")
			.withMessageContaining("starting-it.log")
			.withMessageContaining("ClassNotFoundException: NoSuch");
	}

}
