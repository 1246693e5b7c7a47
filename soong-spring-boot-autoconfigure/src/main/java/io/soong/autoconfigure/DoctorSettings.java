package io.soong.autoconfigure;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

import io.soong.auth.DatabaseEndpoint;
import io.soong.jdbc.ConnectionSettings;
import io.soong.jdbc.DoctorReport;
import io.soong.jdbc.DoctorReport.Outcome;
import io.soong.lambda.LambdaEnvironment;

import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.origin.Origin;
import org.springframework.core.env.Environment;

/**
 * The doctor's first step: the settings that decide about the connection, and where each
 * comes from. Shows no password.
 */
record DoctorSettings(Environment environment) {

	private static final String NAME = "settings";

	private static final String PASSWORD = "soong.password";

	private static final List<String> PROPERTIES = List.of("soong.auth", "soong.host", "soong.hostaddr", "soong.port",
			"soong.dbname", "soong.user", PASSWORD, "soong.connect-timeout", "soong.iam.region", "soong.iam.host",
			"soong.iam.port", "soong.ssl.mode", "soong.ssl.root-cert", "soong.ssl.bundle", "soong.ssl.allow-unverified",
			"soong.connection.max");

	DoctorReport.Step failed(String what, String fix) {
		List<String> seen = new ArrayList<>(List.of(withoutFullStop(what)));
		seen.addAll(configured());
		return new DoctorReport.Step(NAME, Outcome.FAILED, seen, List.of(), List.of(withoutFullStop(fix)));
	}

	/**
	 * Returns the step for a data source that could be created.
	 * @param replaced whether connection details of the application's take the place of
	 * the properties
	 */
	DoctorReport.Step passed(ConnectionSettings settings, boolean replaced) {
		List<String> seen = new ArrayList<>();
		DatabaseEndpoint endpoint = settings.endpoint();
		seen.add("database " + endpoint + ", as "
				+ ((endpoint.user() != null) ? "'" + endpoint.user() + "'" : "the credentials say") + ", TLS mode "
				+ settings.sslMode());
		List<String> warnings = new ArrayList<>();
		if (replaced) {
			seen.add(
					"given by a JdbcConnectionDetails bean: soong.host and the other connection properties do not apply");
		}
		else {
			seen.addAll(configured());
			warn(warnings);
		}
		return new DoctorReport.Step(NAME, Outcome.PASSED, seen, warnings, List.of());
	}

	private void warn(List<String> warnings) {
		if (find("soong.host").isEmpty() && find("soong.hostaddr").isEmpty()) {
			warnings.add("soong.host (PG_HOST) is not set, so localhost is used");
		}
		find("spring.datasource.url").stream()
			.findFirst()
			.ifPresent((url) -> warnings
				.add("spring.datasource.url does not apply, because soong.host is set (" + origin(url) + ")"));
		if (new LambdaEnvironment(this.environment::getProperty).isLambda() && !find(PASSWORD).isEmpty()) {
			warnings
				.add("This function logs in with a password. To log in with IAM, remove soong.password (PG_PASSWORD)");
		}
		if (this.environment.getProperty("soong.ssl.allow-unverified", "").equalsIgnoreCase("true")) {
			warnings.add("soong.ssl.allow-unverified=true: another server could use the token");
		}
	}

	/**
	 * Lists the properties that are set; all others have their defaults.
	 */
	private List<String> configured() {
		List<String> lines = new ArrayList<>();
		for (String property : PROPERTIES) {
			List<ConfigurationProperty> found = find(property);
			if (!found.isEmpty()) {
				lines.add(property + " " + shown(property, found.get(0)) + ", from " + origin(found.get(0))
						+ overridden(found));
			}
		}
		return lines;
	}

	private String shown(String property, ConfigurationProperty found) {
		if (property.equals(PASSWORD)) {
			return "******";
		}
		String value = this.environment.resolvePlaceholders(String.valueOf(found.getValue()));
		return SanitizedValue.of(value.replaceFirst("^file://", "file:"));
	}

	private static String overridden(List<ConfigurationProperty> found) {
		String others = found.stream()
			.skip(1)
			.filter((other) -> !other.getValue().equals(found.get(0).getValue()))
			.map(DoctorSettings::origin)
			.collect(Collectors.joining(", "));
		return others.isEmpty() ? "" : "; overrides " + others;
	}

	private static String origin(ConfigurationProperty property) {
		Origin origin = property.getOrigin();
		return (origin != null) ? origin.toString() : "an unknown source";
	}

	/**
	 * Returns what the sources have for a property, the one that counts first. Blank
	 * values count as unset.
	 */
	private List<ConfigurationProperty> find(String property) {
		ConfigurationPropertyName name = ConfigurationPropertyName.of(property);
		List<ConfigurationProperty> found = new ArrayList<>();
		for (ConfigurationPropertySource source : ConfigurationPropertySources.get(this.environment)) {
			ConfigurationProperty value = source.getConfigurationProperty(name);
			if (value != null && !String.valueOf(value.getValue()).isBlank()) {
				found.add(value);
			}
		}
		return found;
	}

	private static String withoutFullStop(String text) {
		String line = text.strip();
		return line.endsWith(".") ? line.substring(0, line.length() - 1) : line;
	}

}
