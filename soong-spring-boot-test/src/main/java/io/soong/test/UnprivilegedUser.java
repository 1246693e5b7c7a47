package io.soong.test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Runs a program that refuses to run as root, such as PostgreSQL. If the current user is
 * root, the program runs in a user namespace, where root has another id. If namespaces
 * are forbidden, as in most containers, it runs as the user nobody.
 *
 * @param prefix the arguments before the command
 * @param owner the required owner of the files, or {@code null} for the current user
 */
record UnprivilegedUser(List<String> prefix, @Nullable UserPrincipal owner) {

	static UnprivilegedUser detect() throws IOException {
		if (!"root".equals(System.getProperty("user.name"))) {
			return new UnprivilegedUser(List.of(), null);
		}
		return succeeds("unshare", "--user", "true") ? namespace() : nobody();
	}

	static UnprivilegedUser namespace() {
		return new UnprivilegedUser(List.of("unshare", "--user"), null);
	}

	static UnprivilegedUser nobody() throws IOException {
		UserPrincipal nobody = Path.of("/")
			.getFileSystem()
			.getUserPrincipalLookupService()
			.lookupPrincipalByName("nobody");
		if (!succeeds("setpriv", "--reuid=nobody", "--regid=65534", "--clear-groups", "true")) {
			throw new IOException(
					"PostgreSQL does not run as root, and neither unshare nor setpriv (package util-linux) "
							+ "can start it as another user. Run the tests as another user");
		}
		return new UnprivilegedUser(List.of("setpriv", "--reuid=nobody", "--regid=65534", "--clear-groups"), nobody);
	}

	void own(Path path) throws IOException {
		if (this.owner != null) {
			Files.setOwner(path, this.owner);
		}
	}

	private static boolean succeeds(String... command) {
		try {
			return new ProcessBuilder(command).redirectErrorStream(true)
				.redirectOutput(ProcessBuilder.Redirect.DISCARD)
				.start()
				.waitFor() == 0;
		}
		catch (IOException ex) {
			return false;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return false;
		}
	}

}
