package io.soong.benchmarks.coldstart;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

import io.soong.benchmarks.Distribution;
import io.soong.test.RdsLookalike;

/**
 * Starts a program that gets a gizmo as the Python library does, where there is a Python
 * with psycopg2. Without Lambda's runtime, which for Python is a few milliseconds.
 */
final class PythonStarts {

	private static final String SCRIPT = "get_gizmo.py";

	private final String python;

	private final Path script;

	private final Map<String, String> environment;

	private final List<Double> millis = new ArrayList<>();

	private PythonStarts(String python, Path script, Map<String, String> environment) {
		this.python = python;
		this.script = script;
		this.environment = environment;
	}

	/** Finds a Python that can. */
	static Optional<PythonStarts> find(Path folder, RdsLookalike rds) throws IOException {
		for (String python : List.of("/usr/bin/python3", "python3")) {
			if (hasDriver(python)) {
				Path script = folder.resolve(SCRIPT);
				try (InputStream in = PythonStarts.class.getResourceAsStream(SCRIPT)) {
					Files.copy(Objects.requireNonNull(in), script, StandardCopyOption.REPLACE_EXISTING);
				}
				Map<String, String> environment = new HashMap<>(rds.environment());
				environment.put("PG_SSLROOTCERT", rds.caCertificate().toString());
				return Optional.of(new PythonStarts(python, script, environment));
			}
		}
		return Optional.empty();
	}

	private static boolean hasDriver(String python) {
		try {
			Process process = new ProcessBuilder(python, "-c", "import psycopg2").redirectErrorStream(true)
				.redirectOutput(ProcessBuilder.Redirect.DISCARD)
				.start();
			return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
		}
		catch (IOException ex) {
			return false;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return false;
		}
	}

	/** Starts it, and waits for its answer. */
	void start() throws IOException {
		ProcessBuilder builder = new ProcessBuilder(this.python, this.script.toString()).redirectErrorStream(true);
		builder.environment().putAll(this.environment);
		long begin = System.nanoTime();
		Process process = builder.start();
		try (BufferedReader reader = process.inputReader()) {
			String answer = reader.readLine();
			double millis = (System.nanoTime() - begin) / 1e6;
			if (answer == null || !answer.contains("Gizmo42")) {
				throw new IllegalStateException("The Python program answers " + answer + reader.lines().toList());
			}
			this.millis.add(millis);
		}
		finally {
			process.destroy();
		}
	}

	/** A sentence for the page. */
	String describe() {
		Distribution distribution = new Distribution(this.millis.stream().mapToDouble(Double::doubleValue).toArray());
		return String.format(Locale.ROOT,
				"The Python original's way (psycopg2, a token signed without boto3, without Lambda's runtime): "
						+ "%.0f ms, p95 %.0f ms.%n",
				distribution.median(), distribution.percentile95());
	}

}
