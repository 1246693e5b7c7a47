package io.soong.maven;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;

import org.apache.maven.artifact.Artifact;

/**
 * Sorts the dependencies of a project by their role in a function.
 *
 * @param deployed the deployed dependencies: the scopes compile and runtime, without
 * optional ones, starters, annotation processors and development tools
 * @param present the dependencies that Lambda's runtime contains, marked by the scope
 * provided
 * @param compiled all dependencies that the project was compiled with
 */
record Libraries(List<Library> deployed, List<Path> present, List<Path> compiled) {

	private static final Set<String> DEPLOYED_SCOPES = Set.of(Artifact.SCOPE_COMPILE, Artifact.SCOPE_RUNTIME);

	/** The artifacts that Spring Boot also excludes from its jars by name. */
	private static final Set<String> DEVELOPMENT_TOOLS = Set.of("org.springframework.boot:spring-boot-devtools",
			"org.springframework.boot:spring-boot-docker-compose");

	/**
	 * The values of {@code Spring-Boot-Jar-Type} in jars that are not used at run time.
	 */
	private static final Set<String> JAR_TYPES = Set.of("annotation-processor", "dependencies-starter",
			"development-tool");

	static Libraries of(Collection<Artifact> artifacts) throws IOException {
		List<Library> deployed = new ArrayList<>();
		List<Path> present = new ArrayList<>();
		List<Path> compiled = new ArrayList<>();
		Set<String> fileNames = new HashSet<>();
		for (Artifact artifact : artifacts) {
			if (artifact.getFile() == null || !artifact.getArtifactHandler().isAddedToClasspath()) {
				continue;
			}
			Path file = artifact.getFile().toPath();
			compiled.add(file);
			if (isDeployed(artifact)) {
				String fileName = fileName(artifact);
				if (!fileNames.add(fileName)) {
					fileName = artifact.getGroupId() + "-" + fileName;
					fileNames.add(fileName);
				}
				deployed.add(new Library(artifact.getGroupId() + ":" + artifact.getArtifactId(), artifact.getVersion(),
						file, fileName));
			}
			else if (isPartOfTheRuntime(artifact)) {
				present.add(file);
			}
		}
		return new Libraries(deployed, present, compiled);
	}

	private static boolean isDeployed(Artifact artifact) throws IOException {
		return DEPLOYED_SCOPES.contains(artifact.getScope()) && !artifact.isOptional()
				&& !DEVELOPMENT_TOOLS.contains(artifact.getGroupId() + ":" + artifact.getArtifactId())
				&& isForRunTime(artifact.getFile().toPath());
	}

	private static boolean isPartOfTheRuntime(Artifact artifact) {
		return Artifact.SCOPE_PROVIDED.equals(artifact.getScope()) && artifact.getGroupId().equals("com.amazonaws")
				&& artifact.getArtifactId().startsWith("aws-lambda-java-");
	}

	private static boolean isForRunTime(Path file) throws IOException {
		if (Files.isDirectory(file)) {
			return true;
		}
		try (JarFile jar = new JarFile(file.toFile())) {
			if (jar.getEntry("BOOT-INF/classes/") != null) {
				throw new PackagingException(file.getFileName()
						+ " is a Spring Boot jar, whose classes only Boot's own loader finds. In the module that builds "
						+ "it, give the goal repackage of the spring-boot-maven-plugin a <classifier>, such as exec");
			}
			Manifest manifest = jar.getManifest();
			Attributes attributes = (manifest != null) ? manifest.getMainAttributes() : new Attributes();
			String type = attributes.getValue("Spring-Boot-Jar-Type");
			return type == null || !JAR_TYPES.contains(type);
		}
	}

	private static String fileName(Artifact artifact) {
		if (artifact.getFile().isDirectory()) {
			return artifact.getArtifactId() + "-" + artifact.getVersion() + ".jar";
		}
		return artifact.getFile().getName();
	}

	/**
	 * A dependency that is deployed.
	 *
	 * @param name its group and artifact id, joined by a colon
	 * @param version its version
	 * @param file a jar, or the folder of another module's classes
	 * @param fileName its unique name in the folder {@code lib}
	 */
	record Library(String name, String version, Path file, String fileName) {

	}

}
