package io.soong.autoconfigure;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.Collections;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

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
		Set<String> variables = properties.stream().map(ConfigurationNames::variable).collect(Collectors.toSet());
		variables.addAll(PgVariablesEnvironmentPostProcessor.ALIASES.keySet());
		return new ConfigurationNames(properties, variables);
	}

	// As Spring Boot documents it: dots are underscores, and hyphens are left out
	private static String variable(String property) {
		return property.replace('.', '_').replace("-", "").toUpperCase(Locale.ROOT);
	}

}
