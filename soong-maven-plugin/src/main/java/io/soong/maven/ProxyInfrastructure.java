package io.soong.maven;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/**
 * Spring's infrastructure for proxies around beans: declarative transactions, AOP, and
 * the translation of exceptions for {@code @Repository}. Its classes are about 500 of the
 * 7,600 that a function loads. It is left out if no class of the application and its
 * libraries refers to it.
 */
final class ProxyInfrastructure {

	/**
	 * The packages and classes that classes with a need for proxies refer to, as they are
	 * named in class files and in strings.
	 */
	private static final List<String> PARTS = Stream
		.of("org/springframework/transaction/", "org/springframework/boot/transaction/", "org/springframework/aop/",
				"org/springframework/cache/", "org/springframework/stereotype/Repository",
				"org/springframework/dao/annotation/", "jakarta/transaction/", "jakarta/persistence/")
		.flatMap((name) -> Stream.of(name, name.replace('/', '.')))
		.toList();

	/**
	 * The libraries that refer to it, but do not need it.
	 */
	private static final Set<String> NEUTRAL = Set.of("io.soong:soong-spring-boot-autoconfigure",
			"org.springframework:spring-aop", "org.springframework:spring-beans", "org.springframework:spring-context",
			"org.springframework:spring-core", "org.springframework:spring-expression",
			"org.springframework:spring-jdbc", "org.springframework:spring-messaging", "org.springframework:spring-tx",
			"org.springframework:spring-web", "org.springframework.boot:spring-boot",
			"org.springframework.boot:spring-boot-autoconfigure", "org.springframework.boot:spring-boot-jdbc",
			"org.springframework.boot:spring-boot-persistence", "org.springframework.boot:spring-boot-transaction",
			"org.springframework.cloud:spring-cloud-function-context",
			// A list of classes that are not deserialized
			"tools.jackson.core:jackson-databind");

	/** The library whose presence means that AOP is used. */
	private static final String WEAVER = "org.aspectj:aspectjweaver";

	/** The name of the filter, whose interface is not on the class path of Maven. */
	private static final String FILTER = "io.soong.maven.ProxyInfrastructureFilter";

	private ProxyInfrastructure() {
	}

	/**
	 * Finds a class or library that uses the infrastructure.
	 * @param classes the folder of the application's classes
	 * @param libraries the deployed libraries
	 * @return the first user, or empty
	 */
	static Optional<String> findUser(Path classes, List<Libraries.Library> libraries) throws IOException {
		Optional<String> user = findUserIn(classes);
		for (Libraries.Library library : libraries) {
			if (user.isPresent()) {
				return user;
			}
			if (library.name().equals(WEAVER)) {
				return Optional.of(library.fileName());
			}
			if (!NEUTRAL.contains(library.name())) {
				user = Files.isDirectory(library.file()) ? findUserIn(library.file()) : findUserInJar(library.file());
			}
		}
		return user;
	}

	private static Optional<String> findUserIn(Path folder) throws IOException {
		for (Path file : Folders.files(folder, ".class")) {
			if (refersToIt(Files.readAllBytes(file))) {
				return Optional.of(className(folder.relativize(file).toString()));
			}
		}
		return Optional.empty();
	}

	private static Optional<String> findUserInJar(Path file) throws IOException {
		try (JarFile jar = new JarFile(file.toFile())) {
			for (JarEntry entry : (Iterable<JarEntry>) jar.stream()
				.filter((entry) -> entry.getName().endsWith(".class"))::iterator) {
				try (InputStream in = jar.getInputStream(entry)) {
					if (refersToIt(in.readAllBytes())) {
						return Optional.of(className(entry.getName()) + " in " + file.getFileName());
					}
				}
			}
		}
		return Optional.empty();
	}

	private static String className(String file) {
		return file.substring(0, file.length() - ".class".length()).replace('/', '.').replace('\\', '.');
	}

	private static boolean refersToIt(byte[] classFile) {
		String text = new String(classFile, StandardCharsets.ISO_8859_1);
		return PARTS.stream().anyMatch(text::contains);
	}

	/**
	 * Writes the filter that excludes the infrastructure's auto-configurations, for the
	 * class path of the processing.
	 * @param folder an empty folder
	 * @return the folder
	 */
	static Path writeFilter(Path folder) throws IOException {
		String file = FILTER.replace('.', '/') + ".class";
		Path target = folder.resolve(file);
		Files.createDirectories(target.getParent());
		try (InputStream in = ProxyInfrastructure.class.getClassLoader().getResourceAsStream(file)) {
			Files.write(target, Objects.requireNonNull(in, file).readAllBytes());
		}
		Path factories = Files.createDirectories(folder.resolve("META-INF")).resolve("spring.factories");
		Files.writeString(factories,
				"org.springframework.boot.autoconfigure.AutoConfigurationImportFilter=" + FILTER + "\n");
		return folder;
	}

}
