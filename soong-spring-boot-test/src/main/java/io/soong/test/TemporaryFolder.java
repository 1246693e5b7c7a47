package io.soong.test;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.util.FileSystemUtils;

/**
 * A folder that only this user can enter. It is deleted with its content when it is
 * closed or the JVM ends. If the JVM was killed, the next one that creates such a folder
 * at the same place deletes it and ends the processes that use it. It recognizes an
 * abandoned folder by the lock on a file in it, which ends with the owner's process.
 */
final class TemporaryFolder implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(TemporaryFolder.class);

	private static final String LOCK = ".lock";

	private static final int ATTEMPTS = 10;

	private static final long END_SECONDS = 5;

	/**
	 * The prefix of a system property for each folder of this JVM, whose lock must not be
	 * opened again: closing it would release the lock. A property is also visible if
	 * another class loader has loaded this class again.
	 */
	private static final String OURS = TemporaryFolder.class.getName() + ":";

	private final Path path;

	private final FileChannel lock;

	private final Thread shutdownHook = new Thread(this::delete, "soong-folder-shutdown");

	private TemporaryFolder(Path path, FileChannel lock) {
		this.path = path;
		this.lock = lock;
		Runtime.getRuntime().addShutdownHook(this.shutdownHook);
	}

	static TemporaryFolder create(Path parent, String prefix) throws IOException {
		removeAbandoned(parent, prefix);
		Path path = Files.createTempDirectory(parent, prefix,
				PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
		System.setProperty(OURS + path, "");
		// A process that sees the lock's file finds it locked
		Path unlocked = path.resolve(LOCK + ".new");
		FileChannel lock = FileChannel.open(unlocked, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
		lock.lock();
		Files.move(unlocked, path.resolve(LOCK), StandardCopyOption.ATOMIC_MOVE);
		return new TemporaryFolder(path, lock);
	}

	private static void removeAbandoned(Path parent, String prefix) throws IOException {
		List<Path> others;
		try (Stream<Path> folders = Files.list(parent)) {
			others = folders.filter((path) -> path.getFileName().toString().startsWith(prefix))
				.filter((path) -> System.getProperty(OURS + path) == null && Files.isWritable(path.resolve(LOCK)))
				.toList();
		}
		for (Path folder : others) {
			try (FileChannel channel = FileChannel.open(folder.resolve(LOCK), StandardOpenOption.WRITE);
					FileLock lock = channel.tryLock()) {
				if (lock != null) {
					logger.info("Removing {}, whose process was killed", folder);
					endProcesses(folder.toString());
					delete(folder);
				}
			}
			catch (IOException | IllegalStateException ex) {
				// Another process removes it, or this user may not
				logger.debug("Cannot remove {}", folder, ex);
			}
		}
	}

	/**
	 * Ends the processes whose command line contains the folder. Kills those that ignore
	 * the signal.
	 */
	private static void endProcesses(String folder) {
		List<ProcessHandle> processes = ProcessHandle.allProcesses()
			.filter((process) -> command(process).contains(folder))
			.toList();
		processes.forEach(ProcessHandle::destroy);
		for (ProcessHandle process : processes) {
			process.onExit().completeOnTimeout(process, END_SECONDS, TimeUnit.SECONDS).join();
			process.destroyForcibly();
			process.onExit().completeOnTimeout(process, END_SECONDS, TimeUnit.SECONDS).join();
		}
	}

	/**
	 * Returns the command line of a process. The JDK does not return long ones.
	 */
	private static String command(ProcessHandle process) {
		try {
			return Files.readString(Path.of("/proc", Long.toString(process.pid()), "cmdline"),
					StandardCharsets.ISO_8859_1);
		}
		catch (IOException ex) {
			return process.info().commandLine().orElse("");
		}
	}

	Path path() {
		return this.path;
	}

	Path resolve(String name) {
		return this.path.resolve(name);
	}

	/**
	 * Leaves the folder when the JVM ends, because another process deletes it then.
	 */
	void leaveToAnotherProcess() {
		Runtime.getRuntime().removeShutdownHook(this.shutdownHook);
	}

	/**
	 * Removes the lock, so that the folder can be moved to its permanent place.
	 */
	void keep() throws IOException {
		Files.delete(this.path.resolve(LOCK));
	}

	@Override
	public void close() {
		delete();
		try {
			Runtime.getRuntime().removeShutdownHook(this.shutdownHook);
		}
		catch (IllegalStateException ex) {
			// The JVM is ending, so the hook runs anyway
		}
	}

	private void delete() {
		delete(this.path);
		System.clearProperty(OURS + this.path);
		try {
			this.lock.close();
		}
		catch (IOException ex) {
			logger.debug("The lock of {} was closed already", this.path, ex);
		}
	}

	/**
	 * Deletes a folder. Tries again if its content changes meanwhile: a process that ends
	 * may still write here, and shutdown hooks delete concurrently.
	 */
	private static void delete(Path folder) {
		for (int attempt = 1; Files.exists(folder, LinkOption.NOFOLLOW_LINKS); attempt++) {
			try {
				FileSystemUtils.deleteRecursively(folder);
			}
			catch (IOException ex) {
				boolean changing = ex instanceof DirectoryNotEmptyException || ex instanceof NoSuchFileException;
				if (!changing || attempt == ATTEMPTS) {
					throw new IllegalStateException("Cannot delete " + folder, ex);
				}
			}
		}
	}

}
