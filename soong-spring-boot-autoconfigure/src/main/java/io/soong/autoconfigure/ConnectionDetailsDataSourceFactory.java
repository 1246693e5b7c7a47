package io.soong.autoconfigure;

import java.time.Duration;
import java.util.Properties;
import java.util.Set;

import io.soong.auth.DatabaseCredentials;
import io.soong.jdbc.ConnectionSettings;
import io.soong.jdbc.ConnectionSettings.SslMode;
import io.soong.jdbc.SoongDataSource;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;
import org.postgresql.PGProperty;
import org.postgresql.util.PSQLException;

import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.core.io.FileSystemResource;

/**
 * Creates a data source from {@link JdbcConnectionDetails}, as supplied by a container or
 * Docker Compose service. They replace host, user, password, authentication and TLS
 * together. Other parameters of the URL take precedence over the properties.
 */
final class ConnectionDetailsDataSourceFactory {

	private static final Log logger = LogFactory.getLog(SoongDataSource.class);

	private static final Set<String> READ_HERE = Set.of(PGProperty.PG_HOST.getName(), PGProperty.PG_PORT.getName(),
			PGProperty.PG_DBNAME.getName(), PGProperty.USER.getName(), PGProperty.PASSWORD.getName(),
			PGProperty.SSL_MODE.getName(), PGProperty.SSL.getName(), PGProperty.SSL_ROOT_CERT.getName(),
			PGProperty.CONNECT_TIMEOUT.getName());

	private final JdbcConnectionDetails details;

	private final ConnectionPropertyMapping mapping;

	ConnectionDetailsDataSourceFactory(JdbcConnectionDetails details, ConnectionPropertyMapping mapping) {
		this.details = details;
		this.mapping = mapping;
	}

	SoongDataSource create() {
		Properties parsed = Driver.parseURL(this.details.getJdbcUrl(), null);
		if (parsed == null) {
			throw unusable("has a URL that is not one of PostgreSQL", null);
		}
		try {
			return create(parsed);
		}
		catch (NumberFormatException ex) {
			// Its message has the value, which may be a secret in the wrong place
			throw unusable("has an invalid URL (its port or connectTimeout is not a number; a list of hosts is not "
					+ "supported)", null);
		}
		catch (IllegalArgumentException | PSQLException ex) {
			throw unusable("has an invalid URL (" + ex.getMessage() + ")", ex);
		}
	}

	private SoongDataSource create(Properties parsed) throws PSQLException {
		ConnectionSettings.Builder settings = ConnectionSettings.builder(parsed.getProperty("PGHOST", "localhost"))
			.port(Integer.parseInt(parsed.getProperty("PGPORT", "5432")))
			.dbname(parsed.getProperty("PGDBNAME", "default"))
			.sslMode(SslMode.valueOf(org.postgresql.jdbc.SslMode.of(parsed).name()));
		this.mapping.applyTo(settings);
		String rootCert = PGProperty.SSL_ROOT_CERT.getOrNull(parsed);
		if (rootCert != null) {
			settings.rootCert(new FileSystemResource(rootCert));
		}
		String connectTimeout = PGProperty.CONNECT_TIMEOUT.getOrNull(parsed);
		if (connectTimeout != null && !connectTimeout.equals("0")) {
			settings.connectTimeout(Duration.ofSeconds(Long.parseLong(connectTimeout)));
		}
		for (String name : parsed.stringPropertyNames()) {
			if (!READ_HERE.contains(name)) {
				settings.driverProperty(name, parsed.getProperty(name));
			}
		}
		String user = this.details.getUsername();
		String role = (user != null) ? user
				: parsed.getProperty(PGProperty.USER.getName(), System.getProperty("user.name"));
		String given = this.details.getPassword();
		String password = (given != null) ? given : PGProperty.PASSWORD.getOrNull(parsed);
		ConnectionSettings built = settings.user(role).build();
		logger.info("Connecting to " + built.endpoint() + " as given by " + this.details.getClass().getSimpleName()
				+ "; soong.host and the other soong.* connection properties do not apply");
		return new SoongDataSource(built,
				(endpoint) -> new DatabaseCredentials((endpoint.user() != null) ? endpoint.user() : role, password));
	}

	private static IllegalStateException unusable(String why, @Nullable Exception cause) {
		return new IllegalStateException(
				"The JdbcConnectionDetails bean " + why + ". Change or remove the bean, or set soong.enabled=false.",
				cause);
	}

}
