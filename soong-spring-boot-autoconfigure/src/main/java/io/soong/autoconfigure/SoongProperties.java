package io.soong.autoconfigure;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Map;

import io.soong.jdbc.ConnectionSettings.Reset;
import io.soong.jdbc.ConnectionSettings.Scope;
import io.soong.jdbc.ConnectionSettings.SslMode;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.convert.DurationUnit;

/**
 * The {@code soong.*} properties. A bare number in a duration is in seconds.
 *
 * @param enabled Whether Soong configures anything at all.
 * @param host Name of the server: connected to, verified by TLS and signed by IAM. Alias
 * PG_HOST. Default is localhost; required with IAM.
 * @param hostaddr IP address that is dialled in place of the host, without resolving it;
 * the host is still verified and signed. Alias PG_HOSTADDR.
 * @param port Port of the server. Alias PG_PORT.
 * @param dbname Name of the database. Alias PG_DBNAME.
 * @param user Database role to log in as. Alias PG_USER. Default is the user of the
 * operating system; required with IAM.
 * @param password Password of the role, where IAM is not used. Alias PG_PASSWORD.
 * @param connectTimeout Whole time that getting connected may take, retries included.
 * Alias PG_CONNECT_TIMEOUT.
 * @param auth How to log in: by default with an IAM token on Lambda where no password is
 * set, else with a password.
 * @param iam IAM authentication.
 * @param ssl Encryption, and verification of the server.
 * @param connection Connection settings.
 * @param deadlineMargin How long before Lambda would end the invocation whatever runs on
 * the connection is cancelled.
 * @param snapstart What happens around a snapshot of the process.
 * @param errors Error message settings.
 * @param slowQueryThreshold Time above which a statement is logged, without its values.
 */
@ConfigurationProperties("soong")
public record SoongProperties(@DefaultValue("true") boolean enabled, @Nullable String host, @Nullable String hostaddr,
		@DefaultValue("5432") int port, @DefaultValue("default") String dbname, @Nullable String user,
		@Nullable String password, @DefaultValue("20s") @DurationUnit(ChronoUnit.SECONDS) Duration connectTimeout,
		@DefaultValue("auto") Auth auth, @DefaultValue Iam iam, @DefaultValue Ssl ssl,
		@DefaultValue Connection connection,
		@DefaultValue("500ms") @DurationUnit(ChronoUnit.SECONDS) Duration deadlineMargin,
		@DefaultValue Snapstart snapstart, @DefaultValue Errors errors,
		@Nullable @DurationUnit(ChronoUnit.SECONDS) Duration slowQueryThreshold) {

	@Override
	public String toString() {
		return "SoongProperties[host=" + shown(this.host) + ", port=" + this.port + ", dbname=" + shown(this.dbname)
				+ ", user=" + shown(this.user) + ", auth=" + this.auth + "]";
	}

	private static @Nullable String shown(@Nullable String value) {
		return (value != null) ? SanitizedValue.of(value) : null;
	}

	/**
	 * How to log in.
	 */
	public enum Auth {

		/** By IAM on Lambda where no password is set, else by password. */
		AUTO,

		/** With an IAM token. */
		IAM,

		/** With a password. */
		PASSWORD

	}

	/**
	 * IAM authentication.
	 *
	 * @param region Region the database is in. Default is the one in the endpoint's name,
	 * then that of the AWS SDK's region chain.
	 * @param host Real endpoint where the host is a CNAME of it: signed, and verified by
	 * TLS. Default is soong.host.
	 * @param port Port of the real endpoint: signed. Default is soong.port.
	 */
	public record Iam(@Nullable String region, @Nullable String host, @Nullable Integer port) {

	}

	/**
	 * Encryption, and verification of the server.
	 *
	 * @param mode Libpq's TLS mode. Alias PG_SSLMODE. Default is verify-full with IAM, on
	 * Lambda, for any RDS name and where roots are given, else prefer.
	 * @param rootCert Trusted root certificates in PEM form: a file or a classpath:
	 * location. Alias PG_SSLROOTCERT. Default is the RDS roots of the region for RDS
	 * endpoints, else the JVM's store.
	 * @param bundle Name of a Spring SSL bundle to use in place of root certificates.
	 * @param allowUnverified Whether IAM tokens may be sent to a server that is not
	 * verified.
	 */
	public record Ssl(@Nullable SslMode mode, @Nullable String rootCert, @Nullable String bundle,
			@DefaultValue("false") boolean allowUnverified) {

	}

	/**
	 * Connection settings.
	 *
	 * @param scope Whether the connection is reused by the invocations of an execution
	 * environment, or closed when the invocation ends.
	 * @param eager Whether the connection is opened in the background while the
	 * application starts.
	 * @param validateAfter Idle time after which a borrowed connection is probed first.
	 * @param maxLifetime Age at which an idle connection is replaced, 0 for never.
	 * @param reset Whether a session forgets what the loan changed by means of JDBC or,
	 * when the invocation ends, everything (DISCARD ALL). Under either, a session setting
	 * does not last from one statement to the next on Lambda Managed Instances.
	 * @param acquireTimeout How long a thread waits for a connection that another holds.
	 * @param max How many connections there may be at a time. Default is 1, on Lambda
	 * Managed Instances their concurrency but at most 8.
	 * @param properties Other properties of the PostgreSQL driver.
	 */
	public record Connection(@DefaultValue("container") Scope scope, @DefaultValue("auto") Eager eager,
			@DefaultValue("1s") @DurationUnit(ChronoUnit.SECONDS) Duration validateAfter,
			@DefaultValue("1h") @DurationUnit(ChronoUnit.SECONDS) Duration maxLifetime,
			@DefaultValue("changed") Reset reset,
			@DefaultValue("10s") @DurationUnit(ChronoUnit.SECONDS) Duration acquireTimeout, @Nullable Integer max,
			@DefaultValue Map<String, String> properties) {

	}

	/**
	 * Whether the connection is opened in the background while the application starts.
	 */
	public enum Eager {

		/** On Lambda's on-demand and provisioned initialization. */
		AUTO,

		/** Always. */
		ON,

		/** Never. */
		OFF

	}

	/**
	 * What happens around a snapshot of the process, as Lambda SnapStart takes it.
	 *
	 * @param prime Whether the database is connected to once before the snapshot, so that
	 * the classes on the way to it are in the snapshot already.
	 * @param event Sample event, a file or a classpath: location, that the function
	 * handles before the snapshot; what it does in the database is rolled back.
	 * @param repetitions How many times it does, for ten seconds in all.
	 */
	public record Snapstart(@DefaultValue("true") boolean prime, @Nullable String event,
			@DefaultValue("10") int repetitions) {

	}

	/**
	 * Error message settings.
	 *
	 * @param values Whether errors about data keep the server's own text, which may hold
	 * values that were bound or stored.
	 */
	public record Errors(@DefaultValue("false") boolean values) {

	}

}
