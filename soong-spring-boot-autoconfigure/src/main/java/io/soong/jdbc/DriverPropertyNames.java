package io.soong.jdbc;

import java.util.Locale;
import java.util.Map;

import org.postgresql.PGProperty;

import org.springframework.util.Assert;

/**
 * The properties of the PostgreSQL driver that a user may set.
 */
final class DriverPropertyNames {

	/**
	 * Properties that Soong controls, with the setting to use instead.
	 */
	private static final Map<PGProperty, String> TAKEN = Map.ofEntries(Map.entry(PGProperty.PG_HOST, "soong.host"),
			Map.entry(PGProperty.PG_PORT, "soong.port"), Map.entry(PGProperty.PG_DBNAME, "soong.dbname"),
			Map.entry(PGProperty.USER, "soong.user"), Map.entry(PGProperty.PASSWORD, "soong.password"),
			Map.entry(PGProperty.SERVICE, "soong.host"), Map.entry(PGProperty.SOCKET_FACTORY, "soong.hostaddr"),
			Map.entry(PGProperty.SOCKET_FACTORY_ARG, "soong.hostaddr"),
			Map.entry(PGProperty.CONNECT_TIMEOUT, "soong.connect-timeout"),
			Map.entry(PGProperty.LOGIN_TIMEOUT, "soong.connect-timeout"),
			Map.entry(PGProperty.AUTHENTICATION_PLUGIN_CLASS_NAME, "a DatabaseCredentialsProvider bean"),
			// Encryption by GSS would replace verified TLS
			Map.entry(PGProperty.GSS_ENC_MODE, "soong.ssl.mode"), Map.entry(PGProperty.SSL, "soong.ssl.mode"),
			Map.entry(PGProperty.SSL_MODE, "soong.ssl.mode"),
			Map.entry(PGProperty.SSL_ROOT_CERT, "soong.ssl.root-cert"),
			Map.entry(PGProperty.SSL_CERT, "soong.ssl.bundle"), Map.entry(PGProperty.SSL_KEY, "soong.ssl.bundle"),
			Map.entry(PGProperty.SSL_PASSWORD, "soong.ssl.bundle"),
			Map.entry(PGProperty.SSL_PASSWORD_CALLBACK, "soong.ssl.bundle"),
			Map.entry(PGProperty.SSL_FACTORY, "soong.ssl.bundle"),
			Map.entry(PGProperty.SSL_FACTORY_ARG, "soong.ssl.bundle"),
			Map.entry(PGProperty.SSL_HOSTNAME_VERIFIER, "soong.iam.host"));

	private DriverPropertyNames() {
	}

	static String canonicalName(String name) {
		PGProperty property = find(name);
		String instead = TAKEN.get(property);
		Assert.isTrue(instead == null,
				() -> "The driver's property '" + property.getName() + "' is set through " + instead);
		return property.getName();
	}

	/**
	 * Returns the value of a property that Soong itself reads, if it is valid.
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

}
