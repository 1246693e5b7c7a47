package io.soong.maven;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

import io.soong.maven.AheadOfTimeProcessing.Application;
import org.apache.maven.execution.MavenSession;
import org.apache.maven.plugin.AbstractMojo;
import org.apache.maven.plugin.MojoExecutionException;
import org.apache.maven.plugin.MojoFailureException;
import org.apache.maven.plugins.annotations.Parameter;
import org.apache.maven.project.MavenProject;
import org.apache.maven.toolchain.Toolchain;
import org.apache.maven.toolchain.ToolchainManager;
import org.eclipse.aether.RepositorySystem;
import org.eclipse.aether.artifact.Artifact;
import org.eclipse.aether.artifact.DefaultArtifact;
import org.eclipse.aether.collection.CollectRequest;
import org.eclipse.aether.graph.Dependency;
import org.eclipse.aether.resolution.ArtifactRequest;
import org.eclipse.aether.resolution.ArtifactResolutionException;
import org.eclipse.aether.resolution.ArtifactResult;
import org.eclipse.aether.resolution.DependencyRequest;
import org.eclipse.aether.resolution.DependencyResolutionException;
import org.jspecify.annotations.Nullable;

/**
 * The common part of this plugin's goals: parameters, dependencies and ahead-of-time
 * processing.
 */
@SuppressWarnings("NullAway.Init")
abstract class AbstractPackageMojo extends AbstractMojo {

	private final RepositorySystem repositories;

	private final ToolchainManager toolchains;

	@Parameter(defaultValue = "${project}", readonly = true, required = true)
	private MavenProject project;

	@Parameter(defaultValue = "${session}", readonly = true, required = true)
	private MavenSession session;

	/**
	 * The class that starts the application. The default is the property start-class of
	 * spring-boot-starter-parent, or else the class of the project with a main method; of
	 * several, the one that is a @SpringBootApplication.
	 */
	@Parameter(property = "soong.main-class")
	private @Nullable String mainClass;

	/** Profiles that are active while the application is processed ahead of time. */
	@Parameter(property = "soong.profiles")
	private List<String> profiles = List.of();

	/** Whether the application is processed ahead of time. */
	@Parameter(property = "soong.aot", defaultValue = "true")
	private boolean aot;

	/**
	 * Whether to warn if no class of the project is a function or defines one.
	 */
	@Parameter(property = "soong.check-functions", defaultValue = "true")
	private boolean checkFunctions;

	/** Whether to skip this module. */
	@Parameter(property = "soong.skip", defaultValue = "false")
	private boolean skip;

	/** Time of the entries in archives. The default is a constant. */
	@Parameter(defaultValue = "${project.build.outputTimestamp}")
	private @Nullable String outputTimestamp;

	AbstractPackageMojo(RepositorySystem repositories, ToolchainManager toolchains) {
		this.repositories = repositories;
		this.toolchains = toolchains;
	}

	@Override
	public final void execute() throws MojoExecutionException, MojoFailureException {
		if (this.skip) {
			getLog().info("Skipped, because the parameter skip (soong.skip) is true");
			return;
		}
		if (this.project.getPackaging().equals("pom")) {
			getLog().info(this.project.getArtifactId()
					+ " has the packaging pom, and so no classes: there is nothing to deploy. The plugin runs in each module "
					+ "that inherits it");
			return;
		}
		try {
			build();
		}
		catch (PackagingException ex) {
			throw new MojoFailureException(ex.getMessage(), ex);
		}
		catch (IOException ex) {
			throw new MojoExecutionException("Cannot build the package of " + this.project.getArtifactId() + ": " + ex,
					ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new MojoExecutionException(
					"Interrupted while building the package of " + this.project.getArtifactId(), ex);
		}
	}

	abstract void build() throws IOException, InterruptedException;

	final MavenProject project() {
		return this.project;
	}

	final Path buildFolder() {
		return Path.of(this.project.getBuild().getDirectory());
	}

	final Archives archives() {
		return new Archives(this.outputTimestamp);
	}

	/** The dependencies of the project. */
	final Libraries libraries() throws IOException {
		return Libraries.of(this.project.getArtifacts());
	}

	/**
	 * Creates a folder with the classes of the application, processed ahead of time if
	 * enabled.
	 * @param folder the folder
	 * @param work a folder for intermediate files
	 * @param libraries the dependencies
	 */
	final TaskFolder createTaskFolder(Path folder, Path work, Libraries libraries)
			throws IOException, InterruptedException {
		Path classes = Path.of(this.project.getBuild().getOutputDirectory());
		List<Path> deployed = libraries.deployed().stream().map(Libraries.Library::file).toList();
		MainClass main = MainClass.find(
				(this.mainClass != null) ? this.mainClass : this.project.getProperties().getProperty("start-class"),
				classes, deployed);
		getLog().info("The application is started by " + main.name());
		if (this.checkFunctions) {
			checkFunctions(classes, libraries);
		}
		TaskFolder task = TaskFolder.createAnew(folder);
		task.addClasses(classes);
		task.nameMainClass(main);
		if (this.aot) {
			task.addProcessed(new AheadOfTimeProcessing(jdk(), this::resolve)
				.process(new Application(this.project.getGroupId(), this.project.getArtifactId(), main, this.profiles,
						classes, libraries), Folders.createAnew(work), getLog()));
		}
		return task;
	}

	private void checkFunctions(Path classes, Libraries libraries) throws IOException {
		List<String> modules = this.session.getProjects()
			.stream()
			.map((module) -> module.getGroupId() + ":" + module.getArtifactId())
			.toList();
		boolean others = libraries.deployed().stream().anyMatch((library) -> modules.contains(library.name()));
		if (!others && ProjectClass.in(classes).stream().noneMatch(ProjectClass::hasFunction)) {
			getLog().warn("No function was found in " + classes
					+ ": no class implements Function, Consumer or Supplier, and "
					+ "no @Bean method returns one. If a dependency contains the function, switch this warning off: "
					+ "<checkFunctions>false</checkFunctions>");
		}
	}

	private Jdk jdk() throws IOException {
		Toolchain toolchain = this.toolchains.getToolchainFromBuildContext("jdk", this.session);
		String java = (toolchain != null) ? toolchain.findTool("java") : null;
		if (java == null) {
			return Jdk.current();
		}
		Path folder = Path.of(java).toRealPath().getParent();
		Path home = (folder != null) ? folder.getParent() : null;
		return (home != null && Files.exists(home.resolve("release"))) ? Jdk.at(home) : Jdk.current();
	}

	final Path resolve(String coordinates) {
		try {
			return this.repositories
				.resolveArtifact(this.session.getRepositorySession(),
						new ArtifactRequest(new DefaultArtifact(coordinates),
								this.project.getRemoteProjectRepositories(), null))
				.getArtifact()
				.getFile()
				.toPath();
		}
		catch (ArtifactResolutionException ex) {
			throw new PackagingException("Cannot resolve " + coordinates
					+ ", which the ahead-of-time processing needs. Check the repositories, or switch the processing "
					+ "off: <aot>false</aot>. " + ex.getMessage(), ex);
		}
	}

	/** Resolves a jar and its runtime dependencies, the jar first. */
	final List<Artifact> resolveWithDependencies(String coordinates) {
		CollectRequest request = new CollectRequest(new Dependency(new DefaultArtifact(coordinates), "runtime"),
				this.project.getRemoteProjectRepositories());
		try {
			return this.repositories
				.resolveDependencies(this.session.getRepositorySession(),
						new DependencyRequest(request, (node, parents) -> isForRunTime(node.getDependency())))
				.getArtifactResults()
				.stream()
				.map(ArtifactResult::getArtifact)
				.toList();
		}
		catch (DependencyResolutionException ex) {
			throw new PackagingException(
					"Cannot resolve " + coordinates + ", which the training needs: " + ex.getMessage(), ex);
		}
	}

	private static boolean isForRunTime(@Nullable Dependency dependency) {
		return dependency == null
				|| (!dependency.isOptional() && Set.of("compile", "runtime").contains(dependency.getScope()));
	}

}
