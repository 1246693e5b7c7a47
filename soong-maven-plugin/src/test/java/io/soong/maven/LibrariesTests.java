package io.soong.maven;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;

import org.apache.maven.artifact.Artifact;
import org.apache.maven.artifact.DefaultArtifact;
import org.apache.maven.artifact.handler.DefaultArtifactHandler;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class LibrariesTests {

	@TempDir
	private Path folder;

	private final List<Artifact> artifacts = new ArrayList<>();

	@Test
	void deployedIsWhatIsThereAtRunTime() throws IOException {
		add("com.example", "a", "compile");
		add("com.example", "b", "runtime");
		add("com.example", "c", "provided");
		add("com.example", "d", "test");
		add("com.example", "e", "compile").setOptional(true);
		assertThat(deployed()).containsExactly("a-1.jar", "b-1.jar");
	}

	@Test
	void deployedIsNothingThatHelpsToBuildOnly() throws IOException {
		add("com.example", "a", "compile");
		add("com.example", "b-starter", "compile", "dependencies-starter");
		add("com.example", "c-processor", "compile", "annotation-processor");
		add("com.example", "d-tool", "runtime", "development-tool");
		add("com.example", "e", "runtime", "something else");
		add("org.springframework.boot", "spring-boot-devtools", "runtime");
		add("org.springframework.boot", "spring-boot-docker-compose", "runtime");
		assertThat(deployed()).containsExactly("a-1.jar", "e-1.jar");
	}

	@Test
	void deployedWhenTwoHaveOneFileNameTellsThemApartByTheirGroups() throws IOException {
		add("com.example", "core", "compile");
		add("org.example", "core", "compile");
		assertThat(deployed()).containsExactly("core-1.jar", "org.example-core-1.jar");
	}

	@Test
	void deployedWhenAModuleIsAFolderBecomesAJar() throws IOException {
		Path classes = Files.createDirectory(this.folder.resolve("classes"));
		artifact("com.example", "core", "compile").setFile(classes.toFile());
		assertThat(deployed()).containsExactly("core-1.jar");
	}

	@Test
	void presentIsWhatLambdasRuntimeBrings() throws IOException {
		Artifact core = add("com.amazonaws", "aws-lambda-java-core", "provided");
		add("com.example", "servlet-container", "provided");
		Libraries libraries = Libraries.of(this.artifacts);
		assertThat(libraries.deployed()).isEmpty();
		assertThat(libraries.present()).containsExactly(core.getFile().toPath());
		assertThat(libraries.compiled()).hasSize(2);
	}

	@Test
	void whatIsNotOnTheClassPathIsLeftOut() throws IOException {
		DefaultArtifactHandler handler = new DefaultArtifactHandler("zip");
		handler.setAddedToClasspath(false);
		Artifact data = new DefaultArtifact("com.example", "data", "1", "runtime", "zip", null, handler);
		data.setFile(this.folder.resolve("data.zip").toFile());
		this.artifacts.add(data);
		artifact("com.example", "unresolved", "runtime");
		assertThat(Libraries.of(this.artifacts)).isEqualTo(new Libraries(List.of(), List.of(), List.of()));
	}

	@Test
	void bootJarOfAnotherModuleIsRefused() throws IOException {
		Artifact module = add("com.example", "core", "compile");
		try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(module.getFile().toPath()))) {
			out.putNextEntry(new ZipEntry("BOOT-INF/classes/"));
		}
		assertThatExceptionOfType(PackagingException.class).isThrownBy(this::deployed)
			.withMessageContaining("core-1.jar is a Spring Boot jar")
			.withMessageContaining("<classifier>");
	}

	private List<String> deployed() throws IOException {
		return Libraries.of(this.artifacts).deployed().stream().map(Libraries.Library::fileName).toList();
	}

	private Artifact artifact(String groupId, String artifactId, String scope) {
		DefaultArtifactHandler handler = new DefaultArtifactHandler("jar");
		handler.setAddedToClasspath(true);
		Artifact artifact = new DefaultArtifact(groupId, artifactId, "1", scope, "jar", null, handler);
		this.artifacts.add(artifact);
		return artifact;
	}

	private Artifact add(String groupId, String artifactId, String scope) throws IOException {
		return add(groupId, artifactId, scope, new Manifest());
	}

	private void add(String groupId, String artifactId, String scope, String jarType) throws IOException {
		Manifest manifest = new Manifest();
		manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
		manifest.getMainAttributes().putValue("Spring-Boot-Jar-Type", jarType);
		add(groupId, artifactId, scope, manifest);
	}

	private Artifact add(String groupId, String artifactId, String scope, Manifest manifest) throws IOException {
		Path jar = Files.createDirectories(this.folder.resolve(groupId)).resolve(artifactId + "-1.jar");
		new JarOutputStream(Files.newOutputStream(jar), manifest).close();
		Artifact artifact = artifact(groupId, artifactId, scope);
		artifact.setFile(jar.toFile());
		return artifact;
	}

}
