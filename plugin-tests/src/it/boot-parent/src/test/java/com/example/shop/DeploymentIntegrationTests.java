package com.example.shop;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;

import io.soong.test.LambdaRuntime;
import io.soong.test.RdsLookalike;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class DeploymentIntegrationTests {

	private static final Path ZIP = Path.of("target", "shop-lambda.zip");

	@TempDir
	private Path folder;

	@Test
	void functionAnswersFromTheUnpackedZip() throws Exception {
		unpack();
		try (RdsLookalike rds = RdsLookalike.builder().iamUser("jane_doe").start()) {
			rds.execute(Files.readString(Path.of("src", "test", "resources", "schema.sql")));
			rds.execute("GRANT SELECT ON gizmos TO jane_doe");
			try (LambdaRuntime function = LambdaRuntime.builder()
				.handler("io.soong.lambda.SoongFunctionInvoker")
				.packageFolder(this.folder)
				.environment(rds.environment())
				.start()) {
				assertThat(function.invoke("{\"id\": 7}").payload()).isEqualTo("{\"id\":7,\"name\":\"Plumbus\"}");
				assertThat(function.logs())
					.anyMatch((line) -> line.contains("Starting AOT-processed ShopApplication"));
			}
		}
	}

	@Test
	void zipHoldsClassesAtItsRootAndOnlyWhatRunsInLib() throws IOException {
		assertThat(names()).contains("com/example/shop/ShopApplication.class",
				"com/example/shop/ShopApplication__BeanDefinitions.class", "META-INF/MANIFEST.MF")
			.anyMatch((name) -> name.startsWith("lib/soong-spring-boot-autoconfigure-"))
			.anyMatch((name) -> name.startsWith("lib/postgresql-"))
			.noneMatch((name) -> name.startsWith("BOOT-INF") || name.startsWith("org/springframework/boot/loader"))
			.noneMatch((name) -> name.startsWith("META-INF/native-image"));
		for (String left : List.of("starter", "HikariCP", "configuration-processor", "junit", "soong-spring-boot-test",
				"spring-boot-web-server", "soong-maven-plugin")) {
			assertThat(names()).noneMatch((name) -> name.contains(left));
		}
	}

	@Test
	void zipIsTheSameWheneverItIsBuilt() throws IOException {
		assertThat(names().subList(2, names().size())).isSorted();
		try (ZipFile zip = new ZipFile(ZIP.toFile())) {
			assertThat(zip.stream().map(ZipEntry::getTimeLocal).distinct()).hasSize(1);
		}
	}

	@Test
	void jarsAreStored() throws IOException {
		try (ZipFile zip = new ZipFile(ZIP.toFile())) {
			for (ZipEntry entry : Collections.list(zip.entries())) {
				if (entry.getName().endsWith(".jar")) {
					try (ZipInputStream jar = new ZipInputStream(zip.getInputStream(entry))) {
						assertThat(jar.getNextEntry().getMethod()).as(entry.getName()).isEqualTo(ZipEntry.STORED);
					}
				}
			}
		}
	}

	@Test
	void propertiesOfTheApplicationAreKept() throws IOException {
		unpack();
		assertThat(this.folder.resolve("spring.properties"))
			.hasContent("# The shop's own\nspring.objenesis.ignore=false\nspring.aot.enabled=true\n");
		assertThat(Path.of("target", "classes", "spring.properties"))
			.hasContent("# The shop's own\nspring.objenesis.ignore=false\n");
	}

	private static List<String> names() throws IOException {
		try (ZipFile zip = new ZipFile(ZIP.toFile())) {
			return zip.stream().map(ZipEntry::getName).toList();
		}
	}

	private void unpack() throws IOException {
		try (ZipFile zip = new ZipFile(ZIP.toFile())) {
			for (ZipEntry entry : Collections.list(zip.entries())) {
				Path file = this.folder.resolve(entry.getName());
				if (entry.isDirectory()) {
					Files.createDirectories(file);
				}
				else {
					try (InputStream in = zip.getInputStream(entry)) {
						Files.copy(in, file);
					}
				}
			}
		}
	}

}
