package io.soong.benchmarks;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * What was measured on: nothing that tells one machine of its kind from another.
 *
 * @param cores how many
 * @param processor its model
 * @param memoryGib its memory
 * @param load the load average of the last minute
 */
public record Machine(int cores, String processor, long memoryGib, double load) {

	private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

	public static Machine current() throws IOException {
		com.sun.management.OperatingSystemMXBean system = ManagementFactory
			.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class);
		return new Machine(Runtime.getRuntime().availableProcessors(), cpuModel(),
				Math.round(system.getTotalMemorySize() / Math.pow(1024, 3)), system.getSystemLoadAverage());
	}

	private static String cpuModel() throws IOException {
		if (Files.isReadable(CPU_INFO)) {
			for (String line : Files.readAllLines(CPU_INFO)) {
				if (line.startsWith("model name")) {
					return line.substring(line.indexOf(':') + 1).trim();
				}
			}
		}
		return System.getProperty("os.arch");
	}

	@Override
	public String toString() {
		return String.format(Locale.ROOT, "%d cores (%s), %d GiB, load average at the start %.1f", this.cores,
				this.processor, this.memoryGib, this.load);
	}

}
