package io.soong.maven;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class ImageFolderTests {

	private static final Jdk JDK = new Jdk(Path.of("jdk"), Runtime.Version.parse("25.0.3+9-LTS"));

	@TempDir
	private Path temporary;

	private Path folder;

	private ImageFolder image;

	@BeforeEach
	void createImage() throws IOException {
		this.folder = this.temporary.resolve("image");
		Files.createDirectories(this.folder);
		Files.writeString(this.folder.resolve("shop.aot"), "of yesterday");
		this.image = ImageFolder.createAnew(this.folder, "shop");
		Files.writeString(this.image.applicationJar(), "shop");
		for (String name : List.of("z-1.jar", "a-1.jar")) {
			Path jar = Files.writeString(this.temporary.resolve(name), name);
			this.image.add(new Libraries.Library("com.example:" + name, "1", jar, name), new Archives(null));
		}
	}

	@Test
	void cacheOfOtherJarsIsGone() {
		assertThat(this.image.cache()).isEqualTo(this.folder.resolve("shop.aot")).doesNotExist();
	}

	@Test
	void classPathIsInAnOrderThatIsAlwaysTheSame() throws IOException {
		assertThat(this.image.classPath()).containsExactly("shop.jar", "lib/a-1.jar", "lib/z-1.jar");
	}

	@Test
	void librariesAreCopiedAsTheyAre() {
		assertThat(this.folder.resolve("lib/a-1.jar")).hasContent("a-1.jar");
	}

	@Test
	void cacheHoldsNoMachineCode() throws IOException {
		this.image.describe("Handler", JDK);
		assertThat(Files.readAllLines(this.folder.resolve("java.args"))).containsSubsequence(
				"-XX:+UnlockDiagnosticVMOptions", "-XX:-AOTAdapterCaching", "-XX:AOTCache=shop.aot", "-cp",
				"shop.jar:lib/a-1.jar:lib/z-1.jar");
	}

	@Test
	void everyJarHasAChecksumThatTheImagesBuildCompares() throws IOException {
		this.image.describe("Handler", JDK);
		assertThat(Files.readAllLines(this.folder.resolve("checksums"))).containsExactly(
				"8d9001d32c6a703d95921a77115050f33dd823d3f1730bd35215dcbecad6dc20  shop.jar",
				"cd644ed5ceb7153e4b322acc981467b4ddbf6403a4945b29b15b60a7d4909804  lib/a-1.jar",
				"768d2b7caab49a7ab7e70b3841f60edd468bc7517df9d300e8b997df3e2c6f14  lib/z-1.jar");
		assertThat(this.folder.resolve("Dockerfile")).content()
			.contains("COPY shop.jar shop.aot java.args checksums ./")
			.contains("RUN sha256sum -c checksums");
	}

	@Test
	void dockerfileNamesTheJavaOfTheCacheAndTheHandler() throws IOException {
		this.image.describe("com.example.Handler", JDK);
		assertThat(this.folder.resolve("Dockerfile")).content()
			.contains("the very build that wrote the cache: 25.0.3+9-LTS")
			.contains("CMD [\"com.example.Handler\"]");
	}

}
