package io.soong.maven;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarOutputStream;
import java.util.zip.ZipEntry;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurationImportFilter;
import org.springframework.core.io.support.SpringFactoriesLoader;

import static org.assertj.core.api.Assertions.assertThat;

class ProxyInfrastructureTests {

	@TempDir
	private Path folder;

	@Test
	void applicationWithoutAnyReferenceDoesNotUseIt() throws IOException {
		new ClassFiles(this.folder).function("com.example.Reverse")
			.referringTo("com.example.Shop", "Lorg/springframework/stereotype/Component;")
			.referringTo("com.example.Names", "io.soong.sql.SoongTemplate.inTransaction");
		assertThat(ProxyInfrastructure.findUser(this.folder, List.of())).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "Lorg/springframework/transaction/annotation/Transactional;",
			"Lorg/springframework/transaction/event/TransactionalEventListener;", "Ljakarta/transaction/Transactional;",
			"Lorg/springframework/stereotype/Repository;", "Lorg/springframework/cache/annotation/EnableCaching;",
			"Lorg/springframework/aop/Advisor;", "Ljakarta/persistence/Entity;",
			"org.springframework.transaction.support.TransactionTemplate",
			"Lorg/springframework/boot/transaction/autoconfigure/TransactionAutoConfiguration;" })
	void classThatRefersToItUsesIt(String other) throws IOException {
		new ClassFiles(this.folder).plain("com.example.Account").referringTo("com.example.Transfer", other);
		assertThat(ProxyInfrastructure.findUser(this.folder, List.of())).contains("com.example.Transfer");
	}

	@Test
	void libraryThatRefersToItUsesItUnlessItIsKnownToDoWithout() throws IOException {
		Path library = Files.createDirectory(this.folder.resolve("library"));
		new ClassFiles(library).referringTo("org.example.Audit",
				"Lorg/springframework/transaction/annotation/Transactional;");
		Path jar = this.folder.resolve("audit-1.jar");
		try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
			out.putNextEntry(new ZipEntry("org/example/Audit.class"));
			Files.copy(library.resolve("org/example/Audit.class"), out);
		}
		Path classes = Files.createDirectory(this.folder.resolve("classes"));
		assertThat(ProxyInfrastructure.findUser(classes, List.of(library("org.example:audit", jar))))
			.contains("org.example.Audit in audit-1.jar");
		assertThat(ProxyInfrastructure.findUser(classes, List.of(library("org.example:audit", library))))
			.contains("org.example.Audit");
		assertThat(ProxyInfrastructure.findUser(classes, List.of(library("org.springframework:spring-tx", jar))))
			.isEmpty();
		assertThat(ProxyInfrastructure.findUser(classes, List.of(library("org.aspectj:aspectjweaver", jar))))
			.contains("audit-1.jar");
	}

	/** Which has no use for metadata. */
	@SuppressWarnings("NullAway")
	@Test
	void filterLeavesOutNothingElse() throws IOException {
		URL[] path = { ProxyInfrastructure.writeFilter(this.folder).toUri().toURL() };
		try (URLClassLoader loader = new URLClassLoader(path, getClass().getClassLoader())) {
			List<AutoConfigurationImportFilter> filters = SpringFactoriesLoader.forDefaultResourceLocation(loader)
				.load(AutoConfigurationImportFilter.class);
			AutoConfigurationImportFilter filter = filters.stream()
				.filter((candidate) -> candidate.getClass() == ProxyInfrastructureFilter.class)
				.findFirst()
				.orElseThrow();
			String[] candidates = { "org.springframework.boot.autoconfigure.aop.AopAutoConfiguration",
					"io.soong.autoconfigure.SoongAutoConfiguration", null,
					"org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration" };
			assertThat(filter.match(candidates, null)).containsExactly(false, true, true, false);
		}
	}

	private static Libraries.Library library(String name, Path file) {
		return new Libraries.Library(name, "1", file, file.getFileName().toString());
	}

}
