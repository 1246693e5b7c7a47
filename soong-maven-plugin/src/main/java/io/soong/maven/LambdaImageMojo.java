package io.soong.maven;

import java.io.File;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;

import javax.inject.Inject;

import org.apache.maven.plugin.descriptor.PluginDescriptor;
import org.apache.maven.plugins.annotations.LifecyclePhase;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.apache.maven.plugins.annotations.ResolutionScope;
import org.apache.maven.toolchain.ToolchainManager;
import org.eclipse.aether.RepositorySystem;
import org.eclipse.aether.artifact.Artifact;
import org.jspecify.annotations.Nullable;

/**
 * Builds the folder for a container image whose JVM starts from an AOT cache, and trains
 * the cache. In the training the function logs in to a PostgreSQL that authenticates
 * logins the way RDS does, and handles events.
 */
@Mojo(name = "lambda-image", defaultPhase = LifecyclePhase.PACKAGE,
		requiresDependencyResolution = ResolutionScope.COMPILE_PLUS_RUNTIME, threadSafe = true)
@SuppressWarnings("NullAway.Init")
public final class LambdaImageMojo extends AbstractPackageMojo {

	private static final long MEGABYTE = 1_000_000;

	/**
	 * The jars of AWS' runtime interface client, which are dependencies of the test kit.
	 */
	private static final Set<String> RUNTIME = Set.of("aws-lambda-java-runtime-interface-client",
			"aws-lambda-java-core", "aws-lambda-java-serialization", "utils-lite");

	@Parameter(defaultValue = "${plugin}", readonly = true, required = true)
	private PluginDescriptor plugin;

	/** Name of the folder in the build folder. */
	@Parameter(defaultValue = "${project.artifactId}-lambda-image", required = true)
	private String finalName;

	/**
	 * Home of the JDK of the image, 25 or later. The default is the variable
	 * JAVA_HOME_25, or else the JDK that runs Maven.
	 */
	@Parameter(property = "soong.jdk-home")
	private @Nullable String jdkHome;

	/** Events of the training, as JSON or as the names of files of the project. */
	@Parameter
	private List<String> events = List.of();

	/** Name of the function in the training, if the application has several. */
	@Parameter
	private @Nullable String function;

	/**
	 * SQL scripts that create the tables of the training. The default is schema.sql and
	 * data.sql in src/test/resources.
	 */
	@Parameter
	private @Nullable List<File> scripts;

	/** Additional environment variables of the training. */
	@Parameter
	private Map<String, String> environment = Map.of();

	/** Memory of the function in the training, in megabytes. */
	@Parameter(defaultValue = "1024")
	private int memory;

	/** Handler of the function. */
	@Parameter(defaultValue = "io.soong.lambda.SoongFunctionInvoker")
	private String handler;

	@Inject
	LambdaImageMojo(RepositorySystem repositories, ToolchainManager toolchains) {
		super(repositories, toolchains);
	}

	@Override
	void build() throws IOException, InterruptedException {
		if (this.events.isEmpty()) {
			throw new PackagingException(
					"The parameter events is empty, but the training of the cache needs an event. Configure one for "
							+ "which the function queries the database: <events><event>{\"id\": 42}</event></events>, or the "
							+ "name of a file");
		}
		Jdk jdk = Jdk.forImage(this.jdkHome, System.getenv());
		Libraries libraries = libraries();
		Path work = Folders.createAnew(buildFolder().resolve("soong").resolve(this.finalName));
		ImageFolder image = ImageFolder.createAnew(buildFolder().resolve(this.finalName), project().getArtifactId());
		Path application = work.resolve("application");
		createTaskFolder(application, work.resolve("aot"), libraries);
		archives().pack(application, image.applicationJar());
		List<Artifact> testKit = resolveWithDependencies(
				"io.soong:soong-spring-boot-test:" + this.plugin.getPluginArtifact().getBaseVersion());
		List<Libraries.Library> all = new ArrayList<>(libraries.deployed());
		all.addAll(missingRuntime(libraries, testKit));
		for (Libraries.Library library : all) {
			image.add(library, archives());
		}
		image.describe(this.handler, jdk);
		String output = train(image, jdk, testKit, work);
		output.lines().filter((line) -> line.startsWith("JVM start")).forEach((line) -> getLog().info(line));
		getLog().info(String.format("Built %s: %d jars, a cache of %d MB for Java %s", image.folder(), all.size() + 1,
				Files.size(image.cache()) / MEGABYTE, jdk.version()));
	}

	/** Returns the jars of the runtime that the application does not have. */
	private static List<Libraries.Library> missingRuntime(Libraries libraries, List<Artifact> testKit) {
		Set<String> present = new HashSet<>();
		libraries.deployed().forEach((library) -> present.add(library.name()));
		return testKit.stream()
			.filter((artifact) -> RUNTIME.contains(artifact.getArtifactId()))
			.map((artifact) -> new Libraries.Library(artifact.getGroupId() + ":" + artifact.getArtifactId(),
					artifact.getVersion(), artifact.getFile().toPath(), artifact.getFile().getName()))
			.filter((library) -> !present.contains(library.name()))
			.toList();
	}

	private String train(ImageFolder image, Jdk jdk, List<Artifact> testKit, Path work)
			throws IOException, InterruptedException {
		Properties settings = new Properties();
		settings.setProperty("image", image.folder().toString());
		settings.setProperty("cache", String.valueOf(image.cache().getFileName()));
		settings.setProperty("copy", work.resolve("copy").toString());
		settings.setProperty("jdk", jdk.home().toString());
		settings.setProperty("handler", this.handler);
		settings.setProperty("memory", String.valueOf(this.memory));
		Training.put(settings, "class-path", image.classPath());
		Training.put(settings, "script", scripts());
		Training.put(settings, "event", events());
		List<String> names = new ArrayList<>(this.environment.keySet());
		List<String> values = new ArrayList<>(names.stream().map(this.environment::get).toList());
		if (this.function != null) {
			names.add("SPRING_CLOUD_FUNCTION_DEFINITION");
			values.add(this.function);
		}
		Training.put(settings, "variable", names);
		Training.put(settings, "value", values);
		Path file = work.resolve("training.properties");
		try (Writer writer = Files.newBufferedWriter(file)) {
			settings.store(writer, null);
		}
		List<String> classPath = new ArrayList<>(List.of(this.plugin.getPluginArtifact().getFile().toString()));
		testKit.forEach((artifact) -> classPath.add(artifact.getFile().toString()));
		String output = new JavaCommand(work).run("Training", Jdk.current().java(),
				List.of("-cp", String.join(File.pathSeparator, classPath), Training.class.getName(), file.toString()));
		Folders.createAnew(work.resolve("copy"));
		return output;
	}

	private List<String> scripts() {
		if (this.scripts != null) {
			return this.scripts.stream().map(File::getPath).toList();
		}
		Path resources = project().getBasedir().toPath().resolve("src/test/resources");
		return List.of("schema.sql", "data.sql")
			.stream()
			.map(resources::resolve)
			.filter(Files::exists)
			.map(Path::toString)
			.toList();
	}

	private List<String> events() throws IOException {
		List<String> texts = new ArrayList<>();
		for (String event : this.events) {
			texts.add(text(event));
		}
		return texts;
	}

	private String text(String event) throws IOException {
		try {
			Path file = project().getBasedir().toPath().resolve(event.strip());
			return Files.isRegularFile(file) ? Files.readString(file) : event;
		}
		catch (InvalidPathException ex) {
			return event;
		}
	}

}
