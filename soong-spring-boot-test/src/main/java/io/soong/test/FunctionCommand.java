package io.soong.test;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The command line and environment with which Lambda starts a function.
 */
final class FunctionCommand {

	private static final String REGION = "eu-central-1";

	private static final List<String> CREDENTIALS = List.of("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY",
			"AWS_SESSION_TOKEN");

	private FunctionCommand() {
	}

	/**
	 * The command that starts the function.
	 * @param settings the function's settings
	 * @param folder a folder for further files of the process
	 * @param api the Runtime API
	 */
	static ProcessBuilder create(FunctionSettings settings, Path folder, RuntimeApi api) throws IOException {
		Path taskRoot = (settings.packageFolder != null) ? settings.packageFolder
				: Files.createDirectory(folder.resolve("task"));
		Path home = Files.createDirectory(folder.resolve("home"));
		List<Path> classPath = new ArrayList<>(settings.classPath);
		classPath.addAll(RuntimeInterfaceClient.missingFrom(classPath));
		List<String> command = new ArrayList<>();
		command.add(settings.javaHome.resolve("bin/java").toString());
		command.add("-Xmx" + settings.memory * 4 / 5 + "m");
		command.addAll(settings.jvmOptions);
		command
			.add("-D" + RuntimeInterfaceClient.LIBRARY_PROPERTY + "=" + RuntimeInterfaceClient.unpackLibrary(folder));
		command.add("-cp");
		command.add(String.join(File.pathSeparator, classPath.stream().map(Path::toString).toList()));
		command.add(RuntimeInterfaceClient.MAIN_CLASS);
		command.add(settings.handler);
		ProcessBuilder builder = new ProcessBuilder(command).directory(taskRoot.toFile());
		Map<String, String> inherited = Map.copyOf(builder.environment());
		Map<String, String> environment = builder.environment();
		environment.clear();
		Stream.of("PATH", "TMPDIR", "LANG").filter(inherited::containsKey).forEach((name) -> {
			environment.put(name, inherited.getOrDefault(name, ""));
		});
		environment.putIfAbsent("LANG", "C.UTF-8");
		environment.put("HOME", home.toString());
		environment.putAll(lambdaEnvironment(settings, taskRoot, api.address()));
		environment.putAll(settings.environment);
		if (settings.isSnapStart()) {
			environment.keySet().removeAll(CREDENTIALS);
			environment.putAll(api.credentialsEnvironment());
		}
		else if (settings.credentials != null) {
			environment.keySet().removeAll(CREDENTIALS);
			environment.putAll(roleCredentials(settings).get());
		}
		return builder;
	}

	/**
	 * Supplies the credentials of the function's role as environment variables.
	 */
	static Supplier<Map<String, String>> roleCredentials(FunctionSettings settings) {
		return () -> {
			Map<String, String> current = new LinkedHashMap<>(
					(settings.credentials != null) ? settings.credentials.get() : settings.environment);
			current.keySet().retainAll(CREDENTIALS);
			return current;
		};
	}

	private static Map<String, String> lambdaEnvironment(FunctionSettings settings, Path taskRoot, String api)
			throws IOException {
		Map<String, String> environment = new LinkedHashMap<>();
		environment.put("_HANDLER", settings.handler);
		environment.put("AWS_LAMBDA_RUNTIME_API", api);
		environment.put("AWS_EXECUTION_ENV", "AWS_Lambda_java" + javaVersion(settings.javaHome));
		environment.put("AWS_LAMBDA_FUNCTION_NAME", settings.functionName);
		environment.put("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST");
		environment.put("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", Integer.toString(settings.memory));
		environment.put("AWS_LAMBDA_INITIALIZATION_TYPE", settings.initializationType);
		if (settings.maxConcurrency > 0) {
			environment.put("AWS_LAMBDA_MAX_CONCURRENCY", Integer.toString(settings.maxConcurrency));
		}
		environment.put("AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/" + settings.functionName);
		environment.put("AWS_LAMBDA_LOG_STREAM_NAME", LocalDate.now(ZoneOffset.UTC).toString().replace('-', '/')
				+ "/[$LATEST]" + UUID.randomUUID().toString().replace("-", ""));
		environment.put("LAMBDA_TASK_ROOT", taskRoot.toString());
		environment.put("LAMBDA_RUNTIME_DIR", "/var/runtime");
		environment.put("AWS_REGION", REGION);
		environment.put("AWS_DEFAULT_REGION", REGION);
		environment.put("TZ", ":UTC");
		return environment;
	}

	static String functionArn(FunctionSettings settings) {
		return "arn:aws:lambda:" + settings.environment.getOrDefault("AWS_REGION", REGION) + ":123456789012:function:"
				+ settings.functionName;
	}

	private static String javaVersion(Path javaHome) throws IOException {
		Path release = javaHome.resolve("release");
		Properties properties = new Properties();
		if (Files.exists(release)) {
			try (var reader = Files.newBufferedReader(release)) {
				properties.load(reader);
			}
		}
		String version = properties.getProperty("JAVA_VERSION", "").replace("\"", "");
		return version.isEmpty() ? Integer.toString(Runtime.version().feature())
				: Integer.toString(Runtime.Version.parse(version).feature());
	}

}
