package io.soong.autoconfigure;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.Collections;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The names of Soong's properties, those of the test kit included, and of the variables
 * that set them.
 *
 * @param properties the names of the properties
 * @param variables the names of the variables
 */
record ConfigurationNames(Set<String> properties, Set<String> variables) {

	static ConfigurationNames read() throws IOException {
		Set<String> properties = new TreeSet<>();
		for (URL url : Collections.list(ConfigurationNames.class.getClassLoader()
			.getResources("META-INF/spring-configuration-metadata.json"))) {
			try (InputStream in = url.openStream()) {
				for (JsonNode property : JsonMapper.shared().readTree(in).path("properties")) {
					String name = property.path("name").asString();
					if (name.startsWith("soong.")) {
						properties.add(name);
					}
				}
			}
		}
		Set<String> variables = properties.stream().flatMap(ConfigurationNames::variables).collect(Collectors.toSet());
		variables.addAll(PgVariablesEnvironmentPostProcessor.ALIASES.keySet());
		return new ConfigurationNames(properties, variables);
	}

	// Dots are underscores. Spring Boot documents that hyphens are left out, and takes
	// underscores for them as well
	private static Stream<String> variables(String property) {
		return Stream.of(property.replace("-", ""), property.replace('-', '_'))
			.map((name) -> name.replace('.', '_').toUpperCase(Locale.ROOT));
	}

}
