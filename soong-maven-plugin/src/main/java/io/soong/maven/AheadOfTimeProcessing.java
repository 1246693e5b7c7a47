package io.soong.maven;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.apache.maven.plugin.logging.Log;

/**
 * Runs Spring's ahead-of-time processing of an application on the class path of the
 * deployed function, and compiles the generated sources. The project's classes do not
 * change.
 */
final class AheadOfTimeProcessing {

	private static final String PROCESSOR = "org.springframework.boot.SpringApplicationAotProcessor";

	private static final String PROCESSOR_FILE = PROCESSOR.replace('.', '/') + ".class";

	/** A class that Spring Cloud Function's part of the processing refers to. */
	private static final String WEB_SERVER_FILE = "org/springframework/boot/web/server/Ssl.class";

	private static final String WEB_SERVER = "org.springframework.boot:spring-boot-web-server";

	private final Jdk jdk;

	private final JarSource jars;

	/**
	 * Creates the processing.
	 * @param jdk the JDK that runs it
	 * @param jars the source of the jar that only the processing needs
	 */
	AheadOfTimeProcessing(Jdk jdk, JarSource jars) {
		this.jdk = jdk;
		this.jars = jars;
	}

	/**
	 * Processes an application.
	 * @param application the application
	 * @param folder the folder for all output
	 * @param log the log of the build
	 * @return the folder of the generated classes and resources
	 */
	Path process(Application application, Path folder, Log log) throws IOException, InterruptedException {
		Path sources = Files.createDirectories(folder.resolve("sources"));
		Path resources = Files.createDirectories(folder.resolve("resources"));
		Path classes = Files.createDirectories(folder.resolve("classes"));
		JavaCommand command = new JavaCommand(folder);
		List<Path> classPath = classPath(application);
		Optional<String> user = ProxyInfrastructure.findUser(application.classes(), application.libraries().deployed());
		if (user.isPresent()) {
			log.info("Spring's proxies for transactions and AOP stay, because of " + user.get());
		}
		else {
			log.info("Spring's proxies for transactions and AOP are left out, because no class uses them");
			classPath.add(ProxyInfrastructure.writeFilter(folder.resolve("filter")));
		}
		List<String> arguments = new ArrayList<>(
				List.of("-cp", join(classPath), PROCESSOR, application.mainClass().name(), sources.toString(),
						resources.toString(), classes.toString(), application.groupId(), application.artifactId()));
		if (!application.profiles().isEmpty()) {
			arguments.add("--spring.profiles.active=" + String.join(",", application.profiles()));
		}
		command.run("Processing ahead of time", this.jdk.java(), arguments);
		compile(command, application, sources, classes);
		// The other resources are for native images
		Folders.copy(resources, classes, (name) -> !isForNativeImages(name));
		return classes;
	}

	static boolean isForNativeImages(String name) {
		return name.equals("META-INF/native-image") || name.startsWith("META-INF/native-image/");
	}

	private void compile(JavaCommand command, Application application, Path sources, Path classes)
			throws IOException, InterruptedException {
		List<Path> classPath = new ArrayList<>(List.of(classes, application.classes()));
		classPath.addAll(application.libraries().compiled());
		List<String> arguments = new ArrayList<>(List.of("-d", classes.toString(), "-cp", join(classPath), "--release",
				String.valueOf(application.mainClass().release()), "-encoding", "UTF-8", "-proc:none", "-nowarn"));
		Folders.files(sources, ".java").forEach((file) -> arguments.add(file.toString()));
		command.run("Compiling what was generated ahead of time", this.jdk.javac(), arguments);
	}

	/**
	 * Returns the class path of the deployed function, so that conditions have the same
	 * results. Adds one jar that the starter excludes.
	 */
	private List<Path> classPath(Application application) throws IOException {
		List<Path> classPath = new ArrayList<>(List.of(application.classes()));
		application.libraries().deployed().forEach((library) -> classPath.add(library.file()));
		classPath.addAll(application.libraries().present());
		if (ClassPath.find(classPath, PROCESSOR_FILE).isEmpty()) {
			throw new PackagingException(application.artifactId() + " has no dependency on Spring Boot. Add "
					+ "io.soong:soong-spring-boot-starter, or switch the ahead-of-time processing off: <aot>false</aot>");
		}
		if (ClassPath.find(classPath, WEB_SERVER_FILE).isEmpty()) {
			String version = application.libraries()
				.deployed()
				.stream()
				.filter((library) -> library.name().equals("org.springframework.boot:spring-boot"))
				.map(Libraries.Library::version)
				.findFirst()
				.orElseThrow();
			classPath.add(this.jars.resolve(WEB_SERVER + ":" + version));
		}
		return classPath;
	}

	private static String join(List<Path> classPath) {
		return String.join(File.pathSeparator, classPath.stream().map(Path::toString).toList());
	}

	/**
	 * An application to process.
	 *
	 * @param groupId group id of the project
	 * @param artifactId artifact id of the project
	 * @param mainClass the class that starts it
	 * @param profiles the profiles that are active when it is processed
	 * @param classes the folder of its classes
	 * @param libraries its dependencies
	 */
	record Application(String groupId, String artifactId, MainClass mainClass, List<String> profiles, Path classes,
			Libraries libraries) {

	}

	/** Resolves a jar without its dependencies. */
	@FunctionalInterface
	interface JarSource {

		/**
		 * Returns the jar's file.
		 * @param coordinates group id, artifact id and version, joined by colons
		 */
		Path resolve(String coordinates);

	}

}
