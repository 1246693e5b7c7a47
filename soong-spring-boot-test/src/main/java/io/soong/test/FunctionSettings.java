package io.soong.test;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * The settings of a function and its environment, collected by a builder.
 */
final class FunctionSettings {

	/** The options that the managed Java runtime sets. */
	static final List<String> MANAGED_RUNTIME_OPTIONS = List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
			"-Dorg.crac.Core.Compat=com.amazonaws.services.lambda.crac");

	static final String ON_DEMAND = "on-demand";

	static final String SNAP_START = "snap-start";

	final Map<String, String> environment = new LinkedHashMap<>();

	List<Path> classPath = List.of();

	List<String> jvmOptions = MANAGED_RUNTIME_OPTIONS;

	String handler = "";

	String functionName = "function";

	@Nullable Path packageFolder;

	Path javaHome = Path.of(System.getProperty("java.home"));

	// Megabytes
	int memory = 512;

	Duration timeout = Duration.ofSeconds(3);

	Duration initializationTimeout = Duration.ofSeconds(60);

	// As AWS_LAMBDA_INITIALIZATION_TYPE
	String initializationType = ON_DEMAND;

	// Of a Managed Instance
	int maxConcurrency;

	@Nullable Supplier<Map<String, String>> credentials;

	Consumer<String> output = (line) -> {
	};

	FunctionSettings() {
	}

	FunctionSettings(FunctionSettings other) {
		this.environment.putAll(other.environment);
		this.classPath = other.classPath;
		this.jvmOptions = other.jvmOptions;
		this.handler = other.handler;
		this.functionName = other.functionName;
		this.packageFolder = other.packageFolder;
		this.javaHome = other.javaHome;
		this.memory = other.memory;
		this.timeout = other.timeout;
		this.initializationTimeout = other.initializationTimeout;
		this.initializationType = other.initializationType;
		this.maxConcurrency = other.maxConcurrency;
		this.credentials = other.credentials;
		this.output = other.output;
	}

	boolean isSnapStart() {
		return SNAP_START.equals(this.initializationType);
	}

}
