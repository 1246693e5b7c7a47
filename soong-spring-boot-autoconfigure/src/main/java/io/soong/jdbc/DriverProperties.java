package io.soong.jdbc;

import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;

import org.postgresql.PGProperty;

import org.springframework.util.Assert;

/**
 * The connection properties handed to the PostgreSQL driver: what Soong relies on, what
 * the user added, and which of the driver's own are taken.
 */
final class DriverProperties {

	/**
	 * Properties that must not be set past Soong, with what to set instead.
	 */
	private static final Map<PGProperty, String> TAKEN = Map.ofEntries(Map.entry(PGProperty.PG_HOST, "soong.host"),
			Map.entry(PGProperty.PG_PORT, "soong.port"), Map.entry(PGProperty.PG_DBNAME, "soong.dbname"),
			Map.entry(PGProperty.USER, "soong.user"), Map.entry(PGProperty.PASSWORD, "soong.password"),
			Map.entry(PGProperty.SERVICE, "soong.host"), Map.entry(PGProperty.SOCKET_FACTORY, "soong.hostaddr"),
			Map.entry(PGProperty.SOCKET_FACTORY_ARG, "soong.hostaddr"),
			Map.entry(PGProperty.CONNECT_TIMEOUT, "soong.connect-timeout"),
			Map.entry(PGProperty.LOGIN_TIMEOUT, "soong.connect-timeout"),
			Map.entry(PGProperty.AUTHENTICATION_PLUGIN_CLASS_NAME, "a DatabaseCredentialsProvider bean"),
			// Encryption by GSS would take the place of verified TLS
			Map.entry(PGProperty.GSS_ENC_MODE, "soong.ssl.mode"), Map.entry(PGProperty.SSL, "soong.ssl.mode"),
			Map.entry(PGProperty.SSL_MODE, "soong.ssl.mode"),
			Map.entry(PGProperty.SSL_ROOT_CERT, "soong.ssl.root-cert"),
			Map.entry(PGProperty.SSL_CERT, "soong.ssl.bundle"), Map.entry(PGProperty.SSL_KEY, "soong.ssl.bundle"),
			Map.entry(PGProperty.SSL_PASSWORD, "soong.ssl.bundle"),
			Map.entry(PGProperty.SSL_PASSWORD_CALLBACK, "soong.ssl.bundle"),
			Map.entry(PGProperty.SSL_FACTORY, "soong.ssl.bundle"),
			Map.entry(PGProperty.SSL_FACTORY_ARG, "soong.ssl.bundle"),
			Map.entry(PGProperty.SSL_HOSTNAME_VERIFIER, "soong.iam.host"));

	private static final Set<PGProperty> PINNING = Set.of(PGProperty.PREPARE_THRESHOLD,
			PGProperty.DEFAULT_ROW_FETCH_SIZE, PGProperty.READ_ONLY_MODE, PGProperty.CURRENT_SCHEMA,
			PGProperty.OPTIONS);

	private static final Set<String> NOT_PINNING_VALUES = Set.of("0", "ignore", "transaction");

	private DriverProperties() {
	}

	/**
	 * Returns the driver's own spelling of a property that a user may set.
	 */
	static String canonicalName(String name) {
		PGProperty property = find(name);
		String instead = TAKEN.get(property);
		Assert.isTrue(instead == null,
				() -> "The driver's property '" + property.getName() + "' is set through " + instead);
		return property.getName();
	}

	/**
	 * Returns the value of a property that Soong itself reads, if it makes sense.
	 */
	static String checkedValue(String name, String value) {
		if (find(name) == PGProperty.SOCKET_TIMEOUT) {
			Assert.isTrue(value.matches("\\d{1,6}"), "The driver's property 'socketTimeout' is a number of seconds");
		}
		return value;
	}

	private static PGProperty find(String name) {
		String wanted = uniform(name);
		for (PGProperty property : PGProperty.values()) {
			if (uniform(property.getName()).equals(wanted)) {
				return property;
			}
		}
		throw new IllegalArgumentException("The PostgreSQL driver has no property '" + name + "'");
	}

	private static String uniform(String name) {
		return name.replace("-", "").toLowerCase(Locale.ROOT);
	}

	static Properties base(ConnectionSettings settings) {
		Properties properties = new Properties();
		set(properties, PGProperty.PG_DBNAME, settings.endpoint().dbname());
		set(properties, PGProperty.SSL_MODE, settings.sslMode().toString());
		set(properties, PGProperty.SOCKET_FACTORY, DriverSocketFactory.class.getName());
		set(properties, PGProperty.SSL_FACTORY, DriverSocketFactory.class.getName());
		set(properties, PGProperty.TCP_KEEP_ALIVE, "true");
		// Puts application_name into the start-up packet instead of a SET, which would
		// cost a round trip and pin an RDS Proxy. RDS offers nothing below 11.
		set(properties, PGProperty.ASSUME_MIN_SERVER_VERSION, "10");
		// The detail of an error may hold bound values
		set(properties, PGProperty.LOG_SERVER_ERROR_DETAIL, "false");
		set(properties, PGProperty.GSS_ENC_MODE, "disable");
		if (settings.endpoint().isProxy()) {
			// Whether named statements pin the session of an RDS Proxy is not known
			set(properties, PGProperty.PREPARE_THRESHOLD, "0");
		}
		if (settings.applicationName() != null) {
			set(properties, PGProperty.APPLICATION_NAME, settings.applicationName());
		}
		properties.putAll(settings.driverProperties());
		return properties;
	}

	/**
	 * Returns the properties that users set and that make an RDS Proxy keep a session for
	 * one client: what is set by SQL or in the start-up packet, named statements and
	 * cursors. None where no proxy stands between.
	 * @see <a href=
	 * "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy-pinning.html">Avoiding
	 * pinning an RDS Proxy</a>
	 */
	static Set<String> pinning(ConnectionSettings settings) {
		if (!settings.endpoint().isProxy()) {
			return Set.of();
		}
		Set<String> names = new TreeSet<>(settings.driverProperties().keySet());
		names.retainAll(PINNING.stream().map(PGProperty::getName).toList());
		names.removeIf((name) -> NOT_PINNING_VALUES.contains(settings.driverProperties().get(name)));
		return names;
	}

	private static void set(Properties properties, PGProperty property, String value) {
		properties.setProperty(property.getName(), value);
	}

}
