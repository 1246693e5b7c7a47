package io.soong.maven;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class ProjectClassTests {

	private static final String BEAN = "Lorg/springframework/context/annotation/Bean;";

	@TempDir
	private Path folder;

	@Test
	void functionIsAClassOrABeanMethodThatReturnsOne() throws IOException {
		new ClassFiles(this.folder).function("a.IsOne")
			.withMethod("b.HasBean", "()Ljava/util/function/Consumer;", BEAN)
			.withMethod("c.HasMethod", "()Ljava/util/function/Consumer;", "Ljava/lang/Deprecated;")
			.withMethod("d.HasOtherBean", "()Ljava/lang/String;", BEAN)
			.withMethod("e.HasBeanOfNothing", "(I)V", BEAN);
		assertThat(ProjectClass.in(this.folder)).filteredOn(ProjectClass::hasFunction)
			.extracting(ProjectClass::name)
			.containsExactly("a.IsOne", "b.HasBean");
	}

	@Test
	void classFileOfAJavaThatIsNotKnownIsRefusedWithItsName() throws IOException {
		new ClassFiles(this.folder).plain("Tomorrow");
		Path file = this.folder.resolve("Tomorrow.class");
		byte[] bytes = Files.readAllBytes(file);
		bytes[6] = 1;
		Files.write(file, bytes);
		assertThatExceptionOfType(PackagingException.class).isThrownBy(() -> ProjectClass.in(this.folder))
			.withMessageContaining("Tomorrow.class")
			.withMessageContaining("Java 277")
			.withMessageContaining("<mainClass>");
	}

}
