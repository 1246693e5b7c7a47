package io.soong.maven;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * The folder that a container image is built from: the dependencies in {@code lib}, the
 * application's jar, the arguments of the JVM, and the AOT cache, which the training
 * writes. The class path consists of jars, because a cache does not support folders.
 */
final class ImageFolder {

	static final String ARGUMENTS = "java.args";

	static final String CHECKSUMS = "checksums";

	/** The main class of AWS' runtime interface client. */
	static final String RUNTIME_CLASS = "com.amazonaws.services.lambda.runtime.api.client.AWSLambda";

	/**
	 * The options of the JVM. A cache requires the collector of its training. Machine
	 * code in a cache is for the processor of the training, whose features the JVM does
	 * not compare before 25.0.5 (JDK-8388703). Reflection by method handles generates
	 * classes at every start, which a cache does not contain; native accessors generate
	 * none, and cost no more later.
	 */
	static final List<String> OPTIONS = List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
			"-XX:+UnlockDiagnosticVMOptions", "-XX:-AOTAdapterCaching", "-Djdk.reflect.useNativeAccessorOnly=true",
			"--enable-native-access=ALL-UNNAMED");

	private final Path folder;

	private final String name;

	private ImageFolder(Path folder, String name) {
		this.folder = folder;
		this.name = name;
	}

	/**
	 * Creates an empty folder, replacing an existing one, because a cache belongs to the
	 * jars it was trained with.
	 * @param folder the folder
	 * @param name the name of the application's jar and cache, without extension
	 */
	static ImageFolder createAnew(Path folder, String name) throws IOException {
		Files.createDirectories(Folders.createAnew(folder).resolve("lib"));
		return new ImageFolder(folder, name);
	}

	Path folder() {
		return this.folder;
	}

	Path cache() {
		return this.folder.resolve(this.name + ".aot");
	}

	Path applicationJar() {
		return this.folder.resolve(this.name + ".jar");
	}

	/** Adds a library unchanged. */
	void add(Libraries.Library library, Archives archives) throws IOException {
		Path target = this.folder.resolve("lib").resolve(library.fileName());
		if (Files.isDirectory(library.file())) {
			archives.pack(library.file(), target);
		}
		else {
			Files.copy(library.file(), target, StandardCopyOption.REPLACE_EXISTING);
		}
	}

	/** The class path relative to the folder, in a fixed order. */
	List<String> classPath() throws IOException {
		List<String> classPath = new ArrayList<>(List.of(this.name + ".jar"));
		try (Stream<Path> jars = Files.list(this.folder.resolve("lib"))) {
			jars.map((jar) -> "lib/" + jar.getFileName()).sorted().forEach(classPath::add);
		}
		return classPath;
	}

	/**
	 * Writes the files of an image other than jars.
	 * @param handler the function's handler
	 * @param jdk the JDK that writes the cache
	 */
	void describe(String handler, Jdk jdk) throws IOException {
		List<String> arguments = new ArrayList<>(OPTIONS);
		arguments.add("-XX:AOTCache=" + this.name + ".aot");
		arguments.add("-cp");
		arguments.add(String.join(":", classPath()));
		Files.write(this.folder.resolve(ARGUMENTS), arguments);
		List<String> checksums = new ArrayList<>();
		for (String jar : classPath()) {
			checksums.add(checksum(this.folder.resolve(jar)) + "  " + jar);
		}
		Files.write(this.folder.resolve(CHECKSUMS), checksums);
		Files.writeString(this.folder.resolve("Dockerfile"), """
				# The JDK of the base image has to be the very build that wrote the cache: %1$s
				ARG BASE_IMAGE
				FROM ${BASE_IMAGE}
				WORKDIR /function
				COPY lib lib/
				COPY %2$s.jar %2$s.aot java.args checksums ./
				# Before 25.0.4 the JVM does not always notice that a jar has changed since the training (JDK-8377932)
				RUN sha256sum -c checksums
				# Fails if the JDK of the base image cannot use the cache
				RUN ["java", "-XX:AOTMode=on", "@java.args", "-version"]
				ENTRYPOINT ["java", "@java.args", "%3$s"]
				CMD ["%4$s"]
				""".formatted(jdk.version(), this.name, RUNTIME_CLASS, handler));
	}

	private static String checksum(Path file) throws IOException {
		try {
			return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
