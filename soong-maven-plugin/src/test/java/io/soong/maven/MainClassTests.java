package io.soong.maven;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class MainClassTests {

	@TempDir
	private Path folder;

	private Path classes;

	private ClassFiles project;

	@BeforeEach
	void createProject() throws IOException {
		this.classes = Files.createDirectory(this.folder.resolve("classes"));
		this.project = new ClassFiles(this.classes);
	}

	@Test
	void mainClassWhenOneClassHasAMainMethodIsThatOne() throws IOException {
		this.project.plain("com.example.Gizmo").withHiddenMain("com.example.Hidden").withMain("com.example.Main");
		assertThat(MainClass.find(null, this.classes, List.of())).isEqualTo(new MainClass("com.example.Main", 21));
	}

	@Test
	void mainClassWhenSeveralHaveAMainMethodIsTheApplication() throws IOException {
		this.project.withMain("com.example.ATool").application("com.example.Shop");
		assertThat(MainClass.find(" ", this.classes, List.of()).name()).isEqualTo("com.example.Shop");
	}

	@Test
	void mainClassWhenSeveralAreApplicationsIsRefusedWithTheirNames() throws IOException {
		this.project.application("com.example.Shop").application("com.example.Stock").withMain("com.example.Tool");
		assertThatExceptionOfType(PackagingException.class)
			.isThrownBy(() -> MainClass.find(null, this.classes, List.of()))
			.withMessageContaining("com.example.Shop, com.example.Stock.")
			.withMessageContaining("<mainClass>com.example.Shop</mainClass>");
	}

	@Test
	void mainClassWhenThereIsNoneIsRefusedWithWhatToDo() throws IOException {
		this.project.plain("com.example.Gizmo");
		assertThatExceptionOfType(PackagingException.class)
			.isThrownBy(() -> MainClass.find(null, this.classes, List.of()))
			.withMessageContaining("no class with a main method")
			.withMessageContaining("<mainClass>")
			.withMessageContaining("<skip>true</skip>");
	}

	@Test
	void mainClassWhenNothingWasCompiledIsRefused() {
		assertThatExceptionOfType(PackagingException.class)
			.isThrownBy(() -> MainClass.find(null, this.folder.resolve("absent"), List.of()))
			.withMessageContaining("no class with a main method");
	}

	@Test
	void mainClassWhenNamedIsTakenFromAmongSeveral() throws IOException {
		this.project.application("com.example.Shop").application("com.example.Stock");
		assertThat(MainClass.find(" com.example.Stock ", this.classes, List.of()))
			.isEqualTo(new MainClass("com.example.Stock", 21));
	}

	@Test
	void mainClassWhenNamedMayBeInAnotherModule() throws IOException {
		Path other = this.folder.resolve("other");
		new ClassFiles(other).application("com.example.Shop");
		Path jar = this.folder.resolve("other.jar");
		new Archives(null).pack(other, jar);
		assertThat(MainClass.find("com.example.Shop", this.classes, List.of(jar)).release()).isEqualTo(21);
		assertThat(MainClass.find("com.example.Shop", this.classes, List.of(other)).release()).isEqualTo(21);
	}

	@Test
	void mainClassWhenNamedAndNowhereIsRefused() {
		assertThatExceptionOfType(PackagingException.class)
			.isThrownBy(() -> MainClass.find("com.example.Shop", this.classes, List.of()))
			.withMessageContaining("com.example.Shop, which is neither in");
	}

}
