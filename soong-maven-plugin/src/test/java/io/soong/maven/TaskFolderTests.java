package io.soong.maven;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipFile;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class TaskFolderTests {

	@TempDir
	private Path folder;

	private Path target;

	private Path classes;

	private Path generated;

	@BeforeEach
	void createFolders() throws IOException {
		this.target = this.folder.resolve("target");
		this.classes = Files.createDirectory(this.folder.resolve("classes"));
		this.generated = Files.createDirectory(this.folder.resolve("generated"));
	}

	@Test
	void folderHoldsNothingOfYesterday() throws IOException {
		write(this.target, "lib/old.jar", "");
		TaskFolder.createAnew(this.target);
		assertThat(this.target).isEmptyDirectory();
	}

	@Test
	void classesAreAtTheRootWithoutWhatNativeImagesNeed() throws IOException {
		write(this.classes, "com/example/A.class", "A");
		write(this.classes, "META-INF/native-image/com.example/a/reachability-metadata.json", "");
		write(this.classes, "META-INF/native-image-of-ours", "");
		TaskFolder.createAnew(this.target).addClasses(this.classes);
		assertThat(files()).containsExactly("META-INF/native-image-of-ours", "com/example/A.class");
	}

	@Test
	void processedClassesAreUsed() throws IOException {
		write(this.classes, "A.class", "A");
		write(this.generated, "A__BeanDefinitions.class", "B");
		TaskFolder task = TaskFolder.createAnew(this.target);
		task.addClasses(this.classes);
		task.addProcessed(this.generated);
		assertThat(files()).containsExactly("A.class", "A__BeanDefinitions.class", "spring.properties");
		assertThat(this.target.resolve("spring.properties")).hasContent("spring.aot.enabled=true");
	}

	@Test
	void propertiesOfTheApplicationAreKept() throws IOException {
		write(this.classes, "spring.properties", "# ours\nspring.objenesis.ignore=true");
		TaskFolder task = TaskFolder.createAnew(this.target);
		task.addClasses(this.classes);
		task.addProcessed(this.generated);
		assertThat(this.target.resolve("spring.properties"))
			.hasContent("# ours\nspring.objenesis.ignore=true\nspring.aot.enabled=true\n");
	}

	@Test
	void propertiesOfTheApplicationDecideWhetherItIsUsed() throws IOException {
		write(this.classes, "spring.properties", "spring.aot.enabled: false\n");
		TaskFolder task = TaskFolder.createAnew(this.target);
		task.addClasses(this.classes);
		task.addProcessed(this.generated);
		assertThat(this.target.resolve("spring.properties")).hasContent("spring.aot.enabled: false\n");
	}

	@Test
	void manifestNamesTheMainClass() throws IOException {
		TaskFolder.createAnew(this.target).nameMainClass(new MainClass("com.example.Shop", 17));
		assertThat(Files.readAllLines(this.target.resolve("META-INF/MANIFEST.MF"))).contains("Manifest-Version: 1.0",
				"Start-Class: com.example.Shop");
	}

	@Test
	void manifestOfTheApplicationIsKept() throws IOException {
		write(this.classes, "META-INF/MANIFEST.MF",
				"Manifest-Version: 1.0\nStart-Class: com.example.Other\nBuilt-On: Monday\n");
		TaskFolder task = TaskFolder.createAnew(this.target);
		task.addClasses(this.classes);
		task.nameMainClass(new MainClass("com.example.Shop", 17));
		assertThat(Files.readAllLines(this.target.resolve("META-INF/MANIFEST.MF"))).contains("Built-On: Monday",
				"Start-Class: com.example.Other");
	}

	@Test
	void classesOfAnotherModuleBecomeAStoredJar() throws IOException {
		write(this.classes, "com/example/A.class", "A");
		TaskFolder.createAnew(this.target)
			.addStored(new Libraries.Library("com.example:core", "1", this.classes, "core-1.jar"), new Archives(null));
		assertThat(files()).containsExactly("lib/core-1.jar");
		try (ZipFile jar = new ZipFile(this.target.resolve("lib/core-1.jar").toFile())) {
			assertThat(jar.getEntry("com/example/A.class").getCompressedSize()).isEqualTo(1);
		}
	}

	private static void write(Path folder, String name, String text) throws IOException {
		Path file = folder.resolve(name);
		Files.createDirectories(file.getParent());
		Files.writeString(file, text);
	}

	private List<String> files() throws IOException {
		try (Stream<Path> files = Files.walk(this.target)) {
			return files.filter(Files::isRegularFile)
				.map((file) -> this.target.relativize(file).toString())
				.sorted()
				.toList();
		}
	}

}
