package io.soong.benchmarks.coldstart;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/**
 * A share of the CPUs for processes, in the way Lambda gives one: a quota of the
 * scheduler, by a control group of Linux (either version), which takes root.
 * <p>
 * It is handed out as a home of Java whose {@code java} enters the group before it
 * becomes the real one, so that a process has nothing more from its first instruction on.
 */
final class CpuQuota implements AutoCloseable {

	private static final int PERIOD_MICROS = 100_000;

	private final Path group;

	private final Path folder;

	private CpuQuota(Path group, Path folder) {
		this.group = group;
		this.folder = folder;
	}

	/**
	 * Makes a quota.
	 * @param cpus so many CPUs
	 * @param folder for the homes, which stays until its owner removes it
	 * @return the quota, or empty on a machine that does not let us
	 */
	static Optional<CpuQuota> of(double cpus, Path folder) {
		String name = "soong-cold-start-" + UUID.randomUUID();
		long quota = Math.round(cpus * PERIOD_MICROS);
		try {
			Path group;
			Path version1 = Path.of("/sys/fs/cgroup/cpu");
			if (Files.isDirectory(version1)) {
				group = Files.createDirectory(version1.resolve(name));
				Files.writeString(group.resolve("cpu.cfs_period_us"), Integer.toString(PERIOD_MICROS));
				Files.writeString(group.resolve("cpu.cfs_quota_us"), Long.toString(quota));
			}
			else {
				group = Files.createDirectory(Path.of("/sys/fs/cgroup").resolve(name));
				Files.writeString(group.resolve("cpu.max"), quota + " " + PERIOD_MICROS);
			}
			return Optional.of(new CpuQuota(group,
					Files.createDirectories(folder.resolve(String.format(Locale.ROOT, "cpus-%.1f", cpus)))));
		}
		catch (IOException ex) {
			return Optional.empty();
		}
	}

	/** A home of Java, for processes that have this quota, all of them together. */
	Path javaHome(Path real) throws IOException {
		Path home = this.folder.resolve(real.getFileName());
		Path java = home.resolve("bin/java");
		if (!Files.exists(java)) {
			Files.createDirectories(java.getParent());
			Files.copy(real.resolve("release"), home.resolve("release"), StandardCopyOption.REPLACE_EXISTING);
			Files.write(java, List.of("#!/bin/sh", "echo $$ > " + this.group.resolve("cgroup.procs") + " || exit 1",
					"exec " + real.resolve("bin/java") + " \"$@\""));
			Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
		}
		return home;
	}

	/** Once its processes have ended. */
	@Override
	public void close() throws IOException {
		Files.deleteIfExists(this.group);
	}

}
