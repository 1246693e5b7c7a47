package io.soong.test;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * The process of a function, and its output. Thread-safe.
 */
final class FunctionProcess {

	private static final int LOG_LINES = 20_000;

	private static final int TAIL_LINES = 40;

	private static final Pattern STACK_FRAME = Pattern.compile("^\\s+(at \\S|\\.\\.\\. \\d+ )");

	private static final long STATE_MILLIS = 60_000;

	private final Process process;

	private final long startedAt;

	private final Consumer<String> output;

	private final Deque<String> log = new ArrayDeque<>();

	private final Thread reader = new Thread(this::readLog, "lambda-log");

	private volatile boolean frozen;

	private volatile long peakMemory;

	FunctionProcess(ProcessBuilder builder, Consumer<String> output) throws IOException {
		this.output = output;
		this.startedAt = System.nanoTime();
		this.process = builder.redirectErrorStream(true).start();
		this.reader.setDaemon(true);
		this.reader.start();
	}

	/**
	 * The {@link System#nanoTime()} of its start.
	 */
	long startedAt() {
		return this.startedAt;
	}

	long pid() {
		return this.process.pid();
	}

	boolean isAlive() {
		return this.process.isAlive();
	}

	boolean isFrozen() {
		return this.frozen;
	}

	/**
	 * Completes with the exit status, after the process's output has been read.
	 */
	CompletableFuture<Integer> onExit() {
		return this.process.onExit().thenApply((ended) -> {
			try {
				// A child of the process may keep the pipe open
				this.reader.join(10_000);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
			return ended.exitValue();
		});
	}

	void freeze() {
		freeze("STOP", true);
	}

	void thaw() {
		freeze("CONT", false);
	}

	private void freeze(String signal, boolean freeze) {
		try {
			signal(signal);
			awaitState('T', freeze);
			this.frozen = freeze;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Kills the process, as Lambda does, and waits until it has ended.
	 */
	void kill() {
		try {
			peakMemory();
		}
		catch (UncheckedIOException ex) {
			// The process has ended by itself
		}
		this.process.descendants().forEach(ProcessHandle::destroyForcibly);
		this.process.destroyForcibly();
		try {
			this.process.waitFor(60, TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/**
	 * The peak of the process's resident memory, in bytes.
	 */
	long peakMemory() {
		try {
			if (this.process.isAlive()) {
				for (String line : Files.readAllLines(proc("status"))) {
					if (line.startsWith("VmHWM:")) {
						this.peakMemory = Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024;
					}
				}
			}
			if (this.peakMemory == 0) {
				throw new IOException(
						"The process has ended by itself, so that its peak of memory is unknown. Call peakMemory() while it runs");
			}
			return this.peakMemory;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	List<String> log() {
		synchronized (this.log) {
			return List.copyOf(this.log);
		}
	}

	/** The last lines, without stack frames, which would displace the messages. */
	String logTail() {
		List<String> lines = log().stream().filter((line) -> !STACK_FRAME.matcher(line).find()).toList();
		return String.join("\n", lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size()));
	}

	private void readLog() {
		try (BufferedReader output = this.process.inputReader(StandardCharsets.UTF_8)) {
			for (String line = output.readLine(); line != null; line = output.readLine()) {
				synchronized (this.log) {
					this.log.add(line);
					if (this.log.size() > LOG_LINES) {
						this.log.remove();
					}
				}
				this.output.accept(line);
			}
		}
		catch (IOException ex) {
			// The pipe breaks when the process ends
		}
	}

	private void signal(String name) throws IOException {
		Process kill = new ProcessBuilder("/bin/sh", "-c", "kill -s \"$0\" \"$1\"", name, Long.toString(pid()))
			.redirectErrorStream(true)
			.start();
		String output = new String(kill.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		try {
			if (kill.waitFor() != 0) {
				throw new IOException("Cannot send SIG" + name + " to the function's process: " + output.strip());
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IOException("Interrupted while sending SIG" + name, ex);
		}
	}

	private void awaitState(char state, boolean expected) throws IOException {
		long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(STATE_MILLIS);
		while ((state() == state) != expected) {
			if (System.nanoTime() > end) {
				throw new IOException("The function's process did not " + (expected ? "freeze" : "thaw") + " within "
						+ STATE_MILLIS + " ms; its state is " + state());
			}
			LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(200));
		}
	}

	/**
	 * The state in the kernel. In the file it follows the command, which is in
	 * parentheses and may contain parentheses itself.
	 */
	char state() throws IOException {
		String stat = Files.readString(proc("stat"));
		return stat.charAt(stat.lastIndexOf(')') + 2);
	}

	private Path proc(String file) {
		return Path.of("/proc", Long.toString(pid()), file);
	}

}
