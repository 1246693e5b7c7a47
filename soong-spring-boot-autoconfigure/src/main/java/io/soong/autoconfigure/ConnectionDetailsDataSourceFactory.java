package io.soong.autoconfigure;

import java.util.Properties;
import java.util.Set;

import io.soong.auth.DatabaseCredentials;
import io.soong.jdbc.ConnectionSettings;
import io.soong.jdbc.ConnectionSettings.SslMode;
import io.soong.jdbc.SoongDataSource;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.postgresql.Driver;
import org.postgresql.PGProperty;

import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.core.io.FileSystemResource;

/**
 * Makes a data source of {@link JdbcConnectionDetails}, as a container or Docker Compose
 * service gives them. They replace host, user, password, authentication and TLS together.
 */
final class ConnectionDetailsDataSourceFactory {

	private static final Log logger = LogFactory.getLog(SoongDataSource.class);

	private static final Set<String> READ_HERE = Set.of(PGProperty.PG_HOST.getName(), PGProperty.PG_PORT.getName(),
			PGProperty.PG_DBNAME.getName(), PGProperty.USER.getName(), PGProperty.PASSWORD.getName(),
			PGProperty.SSL_MODE.getName(), PGProperty.SSL_ROOT_CERT.getName());

	private final JdbcConnectionDetails details;

	ConnectionDetailsDataSourceFactory(JdbcConnectionDetails details) {
		this.details = details;
	}

	SoongDataSource create() {
		String url = this.details.getJdbcUrl();
		Properties parsed = Driver.parseURL(url, null);
		if (parsed == null) {
			throw new IllegalStateException("The JdbcConnectionDetails bean names a database that is no PostgreSQL. "
					+ "Remove the bean, or set soong.enabled=false.");
		}
		ConnectionSettings.Builder settings = ConnectionSettings.builder(parsed.getProperty("PGHOST", "localhost"))
			.port(Integer.parseInt(parsed.getProperty("PGPORT", "5432")))
			.dbname(parsed.getProperty("PGDBNAME", "default"))
			.sslMode(sslMode(parsed.getProperty(PGProperty.SSL_MODE.getName(), "prefer")));
		String rootCert = parsed.getProperty(PGProperty.SSL_ROOT_CERT.getName());
		if (rootCert != null) {
			settings.rootCert(new FileSystemResource(rootCert));
		}
		for (String name : parsed.stringPropertyNames()) {
			if (!READ_HERE.contains(name)) {
				settings.driverProperty(name, parsed.getProperty(name));
			}
		}
		DatabaseCredentials credentials = credentials(parsed);
		ConnectionSettings built = settings.user(credentials.user()).build();
		logger.info("Connecting to " + built.endpoint() + " as given by " + this.details.getClass().getSimpleName()
				+ "; soong.host and its kin do not apply");
		return new SoongDataSource(built, (endpoint) -> credentials);
	}

	private DatabaseCredentials credentials(Properties parsed) {
		String user = this.details.getUsername();
		if (user == null) {
			user = parsed.getProperty(PGProperty.USER.getName(), System.getProperty("user.name"));
		}
		String password = this.details.getPassword();
		if (password == null) {
			password = parsed.getProperty(PGProperty.PASSWORD.getName());
		}
		return new DatabaseCredentials(user, password);
	}

	private static SslMode sslMode(String value) {
		for (SslMode mode : SslMode.values()) {
			if (mode.toString().equals(value)) {
				return mode;
			}
		}
		throw new IllegalStateException("The JdbcConnectionDetails bean's URL has the unknown sslmode '" + value + "'");
	}

}
