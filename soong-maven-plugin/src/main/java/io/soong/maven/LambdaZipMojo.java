package io.soong.maven;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import javax.inject.Inject;

import org.apache.maven.plugins.annotations.LifecyclePhase;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.apache.maven.plugins.annotations.ResolutionScope;
import org.apache.maven.toolchain.ToolchainManager;
import org.eclipse.aether.RepositorySystem;

/**
 * Builds the zip for a managed runtime of Lambda: classes at its root, dependencies in
 * {@code lib/} with uncompressed entries, the application processed ahead of time. A
 * folder of the same name contains the unpacked files, for tests.
 */
@Mojo(name = "lambda-zip", defaultPhase = LifecyclePhase.PACKAGE,
		requiresDependencyResolution = ResolutionScope.COMPILE_PLUS_RUNTIME, threadSafe = true)
@SuppressWarnings("NullAway.Init")
public final class LambdaZipMojo extends AbstractPackageMojo {

	private static final long MEGABYTE = 1_000_000;

	/** Lambda's limit for the unpacked size. */
	private static final long LIMIT = 250L * 1024 * 1024;

	/** Name of the zip and of the folder in the build folder. */
	@Parameter(defaultValue = "${project.artifactId}-lambda", required = true)
	private String finalName;

	@Inject
	LambdaZipMojo(RepositorySystem repositories, ToolchainManager toolchains) {
		super(repositories, toolchains);
	}

	@Override
	void build() throws IOException, InterruptedException {
		Libraries libraries = libraries();
		Archives archives = archives();
		Path folder = buildFolder().resolve(this.finalName);
		TaskFolder task = createTaskFolder(folder, buildFolder().resolve("soong").resolve(this.finalName), libraries);
		for (Libraries.Library library : libraries.deployed()) {
			task.addStored(library, archives);
		}
		Path zip = buildFolder().resolve(this.finalName + ".zip");
		archives.pack(folder, zip);
		long unpacked = Folders.size(folder);
		getLog().info(String.format("Built %s: %d jars, %.1f MB, unpacked %.1f MB", zip, libraries.deployed().size(),
				(double) Files.size(zip) / MEGABYTE, (double) unpacked / MEGABYTE));
		if (unpacked > LIMIT) {
			getLog().warn(
					"The package exceeds Lambda's limit of 250 MB unpacked. Remove dependencies, or deploy a container "
							+ "image");
		}
	}

}
