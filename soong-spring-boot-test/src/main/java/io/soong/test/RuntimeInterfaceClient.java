package io.soong.test;

import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.api.client.AWSLambda;
import com.amazonaws.services.lambda.runtime.serialization.PojoSerializer;
import software.amazon.awssdk.utilslite.SdkInternalThreadLocal;

/**
 * AWS' Java runtime interface client on the class path of the test.
 */
final class RuntimeInterfaceClient {

	static final String MAIN_CLASS = AWSLambda.class.getName();

	/**
	 * The property with the path of the runtime's native library. By default the runtime
	 * unpacks it to the same file in {@code /tmp} each time, which two processes must not
	 * do at the same time.
	 */
	static final String LIBRARY_PROPERTY = "com.amazonaws.services.lambda.runtime.api.client.runtimeapi.NativeClient.JNI";

	private static final List<Class<?>> PARTS = List.of(AWSLambda.class, Context.class, PojoSerializer.class,
			SdkInternalThreadLocal.class);

	private RuntimeInterfaceClient() {
	}

	/**
	 * Returns the jars of the runtime that are not on a class path.
	 */
	static List<Path> missingFrom(List<Path> classPath) throws IOException {
		Map<String, Path> missing = new LinkedHashMap<>();
		for (Class<?> part : PARTS) {
			missing.put(part.getName().replace('.', '/') + ".class", location(part));
		}
		URL[] urls = new URL[classPath.size()];
		for (int i = 0; i < urls.length; i++) {
			urls[i] = classPath.get(i).toUri().toURL();
		}
		try (URLClassLoader present = new URLClassLoader(urls, null)) {
			missing.keySet().removeIf((name) -> present.findResource(name) != null);
		}
		return missing.values().stream().distinct().toList();
	}

	/**
	 * Unpacks the native library for this machine.
	 */
	static Path unpackLibrary(Path folder) throws IOException {
		String machine = switch (System.getProperty("os.arch")) {
			case "amd64", "x86_64" -> "x86_64";
			case "aarch64", "arm64" -> "aarch_64";
			default -> "";
		};
		if (!System.getProperty("os.name").equals("Linux") || machine.isEmpty()) {
			throw new IllegalStateException(
					"AWS' Java runtime has a native library for Linux on x86-64 and arm64 only, so that functions "
							+ "do not run on " + System.getProperty("os.name") + " " + System.getProperty("os.arch")
							+ ". Use a Linux machine or container");
		}
		String system = Files.exists(Path.of("/etc/alpine-release")) ? "linux_musl" : "linux";
		String name = "libaws-lambda-jni." + system + "-" + machine + ".so";
		try (InputStream in = AWSLambda.class.getResourceAsStream("/jni/" + name)) {
			if (in == null) {
				throw new IOException("aws-lambda-java-runtime-interface-client does not contain " + name);
			}
			Path library = folder.resolve(name);
			Files.copy(in, library);
			return library;
		}
	}

	private static Path location(Class<?> type) {
		CodeSource source = type.getProtectionDomain().getCodeSource();
		try {
			return Path.of(source.getLocation().toURI());
		}
		catch (URISyntaxException ex) {
			throw new IllegalStateException("Cannot find the jar of " + type.getName(), ex);
		}
	}

}
