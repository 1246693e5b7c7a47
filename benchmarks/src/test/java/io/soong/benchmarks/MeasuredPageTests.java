package io.soong.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class MeasuredPageTests {

	@TempDir
	private Path folder;

	@Test
	void pageOfTheDocumentationWhenWrittenKeepsItsProse() throws IOException {
		Path file = Files.copy(Path.of("..", "docs", "performance.md"), this.folder.resolve("performance.md"));
		new MeasuredPage(file).write("figures of today\n");
		assertThat(file).content().startsWith("# Performance").contains("\n\nfigures of today\n\n");
		String once = Files.readString(file);
		new MeasuredPage(file).write("figures of today\n");
		assertThat(file).hasContent(once);
	}

	@Test
	void pageWithoutMarksIsLeftAlone() throws IOException {
		Path file = Files.writeString(this.folder.resolve("page.md"), "prose\n");
		assertThatIllegalStateException().isThrownBy(() -> new MeasuredPage(file).write("figures\n"))
			.withMessageContaining("lacks the marks");
		assertThat(file).hasContent("prose\n");
	}

}
