package io.soong.jdbc;

import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;

import org.postgresql.PGProperty;

/**
 * The properties passed to the PostgreSQL driver: those that Soong relies on, and those
 * that the user added.
 */
final class DriverProperties {

	private static final Set<PGProperty> PINNING = Set.of(PGProperty.PREPARE_THRESHOLD,
			PGProperty.DEFAULT_ROW_FETCH_SIZE, PGProperty.READ_ONLY_MODE, PGProperty.CURRENT_SCHEMA,
			PGProperty.OPTIONS);

	private static final Set<String> NOT_PINNING_VALUES = Set.of("0", "ignore", "transaction");

	private DriverProperties() {
	}

	static Properties base(ConnectionSettings settings) {
		Properties properties = new Properties();
		PGProperty.PG_DBNAME.set(properties, settings.endpoint().dbname());
		PGProperty.SSL_MODE.set(properties, settings.sslMode().toString());
		PGProperty.SOCKET_FACTORY.set(properties, DriverSocketFactory.class.getName());
		PGProperty.SSL_FACTORY.set(properties, DriverSocketFactory.class.getName());
		PGProperty.TCP_KEEP_ALIVE.set(properties, true);
		// Sends application_name in the start-up packet instead of a SET, which would
		// cost a round trip and pin an RDS Proxy. RDS offers no version below 11.
		PGProperty.ASSUME_MIN_SERVER_VERSION.set(properties, "10");
		// The detail of a server error may contain bound values
		PGProperty.LOG_SERVER_ERROR_DETAIL.set(properties, false);
		PGProperty.GSS_ENC_MODE.set(properties, "disable");
		if (settings.endpoint().isProxy()) {
			// Whether named statements pin the session of an RDS Proxy is unknown
			PGProperty.PREPARE_THRESHOLD.set(properties, 0);
		}
		PGProperty.APPLICATION_NAME.set(properties, settings.applicationName());
		properties.putAll(settings.driverProperties());
		return properties;
	}

	/**
	 * Returns the properties set by the user that pin a session of an RDS Proxy: anything
	 * set by SQL or in the start-up packet, named statements and cursors. Empty without a
	 * proxy.
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

}
