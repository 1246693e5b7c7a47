package io.soong.test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;

/**
 * The names that a JVM can resolve, in a file that the JVM reads for each look-up. A test
 * can make an endpoint resolve to an {@link RdsLookalike}, move it to another, or remove
 * it. The JVM must be started with {@link #jvmOption()}, and resolves no other names.
 *
 * <pre class="code">
 * try (HostsFile names = HostsFile.create();
 *         RdsLookalike rds = RdsLookalike.builder().names(names).start();
 *         LambdaRuntime lambda = LambdaRuntime.builder().addJvmOptions(names.jvmOption())...) {
 *     names.remove(rds.endpoint());
 * }
 * </pre>
 *
 * <p>
 * A JVM caches addresses for {@code networkaddress.cache.ttl} seconds (30 by default),
 * and unknown names for 10 seconds. In a function the latter is 1 second, or the value of
 * {@code AWS_LAMBDA_JAVA_NETWORKADDRESS_CACHE_NEGATIVE_TTL}. Thread-safe.
 */
public final class HostsFile implements AutoCloseable {

	private static final String PROPERTY = "jdk.net.hosts.file";

	private final Path file;

	private final @Nullable TemporaryFolder folder;

	private final Map<String, String> addresses = new TreeMap<>();

	private HostsFile(Path file, @Nullable TemporaryFolder folder) {
		this.file = file.toAbsolutePath();
		this.folder = folder;
		point("localhost", "127.0.0.1");
		try {
			point(InetAddress.getLocalHost().getHostName(), "127.0.0.1");
		}
		catch (UnknownHostException ex) {
			// The machine's name does not resolve
		}
	}

	/**
	 * Creates a file for JVMs to be started. It is deleted when this object is closed.
	 * @return the file
	 * @throws UncheckedIOException if the file cannot be created
	 */
	public static HostsFile create() {
		try {
			TemporaryFolder folder = TemporaryFolder.create(Path.of(System.getProperty("java.io.tmpdir")),
					"soong-hosts-");
			return new HostsFile(folder.resolve("hosts"), folder);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Uses the file of this JVM, which must have been started with it, and replaces its
	 * content. With Surefire:
	 * {@code <argLine>-Djdk.net.hosts.file=target/hosts</argLine>}. It is not deleted
	 * when this object is closed.
	 * @return the file
	 * @throws IllegalStateException if this JVM was started without such a file
	 * @throws UncheckedIOException if the file cannot be written
	 */
	public static HostsFile ofThisJvm() {
		String file = System.getProperty(PROPERTY);
		if (file == null) {
			throw new IllegalStateException("This JVM resolves names over the network; start it with -D" + PROPERTY
					+ "=FILE to resolve them from a file");
		}
		return new HostsFile(Path.of(file), null);
	}

	/**
	 * The option to start a JVM with.
	 * @return the option
	 */
	public String jvmOption() {
		return "-D" + PROPERTY + "=" + this.file;
	}

	/**
	 * Makes a name resolve to an address, replacing an earlier address.
	 * @param name the name
	 * @param address the address
	 * @throws UncheckedIOException if the file cannot be written
	 */
	public synchronized void point(String name, String address) {
		this.addresses.put(name, address);
		write();
	}

	/**
	 * Makes a name unknown. Does nothing if it is unknown.
	 * @param name the name
	 * @throws UncheckedIOException if the file cannot be written
	 */
	public synchronized void remove(String name) {
		this.addresses.remove(name);
		write();
	}

	private void write() {
		StringBuilder lines = new StringBuilder();
		this.addresses.forEach((name, address) -> lines.append(address).append(' ').append(name).append('\n'));
		try {
			// A JVM that reads the file sees either the old or the new content
			Path next = Files.writeString(this.file.resolveSibling(this.file.getFileName() + ".next"), lines);
			Files.move(next, this.file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public void close() {
		if (this.folder != null) {
			this.folder.close();
		}
	}

}
