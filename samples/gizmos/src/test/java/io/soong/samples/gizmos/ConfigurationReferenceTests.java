package io.soong.samples.gizmos;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Compares {@code docs/configuration.md} with the configuration metadata of all modules.
 * With {@code -Dsoong.docs.write=true} it writes the page.
 */
class ConfigurationReferenceTests {

	private static final Path DOCS = Path.of("..", "..", "docs");

	private static final Pattern ALIAS = Pattern.compile(" Alias (PG_[A-Z_]+)\\.");

	private static final Pattern DEFAULT = Pattern.compile(" Default is ([^.]*(?:\\.\\S[^.]*)*)\\.");

	private static final String HEADER = """
			# Configuration reference

			All properties of Soong, as the configuration metadata describes them. The [README](../README.md#configuration) says how
			they work together and in which order they are read.

			A bare number in a duration is in seconds. The alias is an environment variable that stands directly below the
			environment variable of the property itself, for example `PG_HOST` below `SOONG_HOST`.

			| property | type | default | alias | description |
			| --- | --- | --- | --- | --- |
			""";

	@Test
	void configurationReferenceHoldsAllPropertiesOfTheMetadata() throws Exception {
		StringBuilder page = new StringBuilder(HEADER);
		properties().values().forEach((property) -> page.append(row(property)));
		Path file = DOCS.resolve("configuration.md");
		if (Boolean.getBoolean("soong.docs.write")) {
			Files.writeString(file, page);
		}
		assertThat(file).as("docs/configuration.md is out of date, -Dsoong.docs.write=true writes it")
			.content()
			.isEqualTo(page.toString());
	}

	@Test
	void aliasesInReadmeAreThoseInTheMetadata() throws Exception {
		Map<String, String> described = new TreeMap<>();
		properties().forEach((name, property) -> {
			Matcher alias = ALIAS.matcher(property.path("description").asString());
			if (alias.find()) {
				described.put(name, alias.group(1));
			}
		});
		Map<String, String> listed = new TreeMap<>();
		Matcher row = Pattern.compile("^\\| `(soong\\.[a-z.-]+)` \\| `(PG_[A-Z_]+)` \\|", Pattern.MULTILINE)
			.matcher(Files.readString(DOCS.resolveSibling("README.md")));
		while (row.find()) {
			listed.put(row.group(1), row.group(2));
		}
		assertThat(listed).isNotEmpty().isEqualTo(described);
	}

	private static Map<String, JsonNode> properties() throws IOException {
		Map<String, JsonNode> properties = new TreeMap<>();
		ClassLoader loader = ConfigurationReferenceTests.class.getClassLoader();
		for (URL url : Collections.list(loader.getResources("META-INF/spring-configuration-metadata.json"))) {
			try (InputStream in = url.openStream()) {
				for (JsonNode property : JsonMapper.shared().readTree(in).path("properties")) {
					if (property.path("name").asString().startsWith("soong.")) {
						properties.put(property.path("name").asString(), property);
					}
				}
			}
		}
		return properties;
	}

	private static String row(JsonNode property) {
		String description = property.path("description").asString();
		String alias = "";
		Matcher matcher = ALIAS.matcher(description);
		if (matcher.find()) {
			alias = "`" + matcher.group(1) + "`";
			description = matcher.replaceFirst("");
		}
		String defaultValue = property.has("defaultValue") ? "`" + property.path("defaultValue").asString() + "`" : "";
		matcher = DEFAULT.matcher(description);
		if (matcher.find()) {
			defaultValue = matcher.group(1);
			description = matcher.replaceFirst("");
		}
		return "| `" + property.path("name").asString() + "` | " + type(property.path("type").asString()) + " | "
				+ defaultValue + " | " + alias + " | " + description + " |\n";
	}

	private static String type(String name) {
		if (name.startsWith("java.util.Map<")) {
			return "map of strings";
		}
		if (name.equals("java.util.List<java.lang.String>")) {
			return "list of strings";
		}
		try {
			Class<?> type = Class.forName(name, false, ConfigurationReferenceTests.class.getClassLoader());
			if (!type.isEnum()) {
				return type.getSimpleName();
			}
			return Arrays.stream(type.getEnumConstants())
				.map((value) -> "`" + ((Enum<?>) value).name().toLowerCase(Locale.ROOT).replace('_', '-') + "`")
				.collect(Collectors.joining(", "));
		}
		catch (ClassNotFoundException ex) {
			throw new IllegalStateException("The metadata names an unknown type: " + name, ex);
		}
	}

}
