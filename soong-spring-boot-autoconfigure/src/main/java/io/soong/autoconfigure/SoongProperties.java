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
 * The {@code soong.*} properties. A bare number in a duration is in seconds. A blank
 * value is that of a property that is not set, except for those named enabled.
 *
 * @param enabled Whether Soong is enabled. If it is not, it configures nothing.
 * @param host Name of the server to connect to. TLS verifies it, and IAM tokens are
 * signed for it. Alias PG_HOST. Default is localhost; required with IAM.
 * @param hostaddr IP address to connect to, without resolving the host. TLS and IAM still
 * use the host. Alias PG_HOSTADDR.
 * @param port Port of the server. Alias PG_PORT.
 * @param dbname Name of the database. Alias PG_DBNAME.
 * @param user Database role to log in as. Alias PG_USER. Default is the user of the
 * operating system; required with IAM.
 * @param password Password of the role, for logins without IAM. Alias PG_PASSWORD.
 * @param connectTimeout Longest time that opening a connection may take, including
 * retries. Alias PG_CONNECT_TIMEOUT.
 * @param auth How to log in. The value auto means an IAM token on Lambda if no password
 * is set, and a password otherwise.
 * @param iam IAM authentication.
 * @param ssl Encryption, and verification of the server.
 * @param connection Connection settings.
 * @param deadlineMargin How long before the invocation's deadline running statements are
 * cancelled and new ones are refused.
 * @param snapstart What happens around a snapshot of the process.
 * @param errors Error message settings.
 * @param slowQueryThreshold Time above which a statement is logged as slow, without its
 * values. If it is not set, none is logged.
 * @param metrics Meters and metrics.
 * @param invocationLog Whether SoongFunctionInvoker logs what each invocation did in the
 * database, and adds the request id to the logs of its thread.
 */
@ConfigurationProperties("soong")
public record SoongProperties(@DefaultValue("true") Boolean enabled, @Nullable String host, @Nullable String hostaddr,
		@DefaultValue("5432") Integer port, @DefaultValue("default") String dbname, @Nullable String user,
		@Nullable String password, @DefaultValue("20s") @DurationUnit(ChronoUnit.SECONDS) Duration connectTimeout,
		@DefaultValue("auto") Auth auth, @DefaultValue Iam iam, @DefaultValue Ssl ssl,
		@DefaultValue Connection connection,
		@DefaultValue("500ms") @DurationUnit(ChronoUnit.SECONDS) Duration deadlineMargin,
		@DefaultValue Snapstart snapstart, @DefaultValue Errors errors,
		@Nullable @DurationUnit(ChronoUnit.SECONDS) Duration slowQueryThreshold, @DefaultValue Metrics metrics,
		@DefaultValue("false") Boolean invocationLog) {

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
	 * @param region AWS region that IAM tokens are signed for. Default is the region in
	 * the endpoint's name, then that of the AWS SDK's region chain.
	 * @param host Endpoint that IAM tokens are signed for and that TLS verifies, if the
	 * host is a CNAME of it. Default is soong.host.
	 * @param port Port that IAM tokens are signed for. Default is soong.port.
	 */
	public record Iam(@Nullable String region, @Nullable String host, @Nullable Integer port) {

	}

	/**
	 * Encryption, and verification of the server.
	 *
	 * @param mode TLS mode, with the names of libpq. Alias PG_SSLMODE. Default is
	 * verify-full with IAM, on Lambda, for RDS names and if root certificates are
	 * configured, else prefer.
	 * @param rootCert Trusted root certificates in PEM format, as a file or a classpath:
	 * location. Alias PG_SSLROOTCERT. Default is the RDS roots of the region for RDS
	 * endpoints, else the JVM's trust store.
	 * @param bundle Name of the Spring SSL bundle to use in place of root certificates.
	 * @param allowUnverified Whether IAM tokens may be sent to a server that is not fully
	 * verified. It logs a warning at every start.
	 */
	public record Ssl(@Nullable SslMode mode, @Nullable String rootCert, @Nullable String bundle,
			@DefaultValue("false") Boolean allowUnverified) {

	}

	/**
	 * Connection settings.
	 *
	 * @param scope How long a connection is kept. The value container reuses it in the
	 * next invocation, invocation closes it when the invocation ends.
	 * @param eager Whether the connection is opened in the background while the
	 * application starts. The value auto opens it on Lambda if the function starts on
	 * demand or with provisioned concurrency.
	 * @param validateAfter Idle time after which a connection is tested before it is
	 * borrowed.
	 * @param max Largest number of open connections. Default is 1; on Lambda Managed
	 * Instances their concurrency, at most 8.
	 * @param maxLifetime Age at which an idle connection is replaced. The value 0 means
	 * never.
	 * @param reset What is reset when a connection is returned. The value changed resets
	 * what the borrower changed with JDBC methods, discard also runs DISCARD ALL when the
	 * invocation ends. With either, a session setting does not last from one statement to
	 * the next on Lambda Managed Instances.
	 * @param acquireTimeout Longest time that a thread waits for a connection that
	 * another thread holds.
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

		/**
		 * On Lambda, if the function starts on demand or with provisioned concurrency.
		 */
		AUTO,

		/** Always. */
		ON,

		/** Never. */
		OFF

	}

	/**
	 * What happens around a snapshot of the process, as Lambda SnapStart takes it.
	 *
	 * @param prime Whether Soong connects to the database once before the snapshot, so
	 * that the first query after a restore is fast.
	 * @param event Sample event, as a file or a classpath: location, that the function
	 * handles before the snapshot. Its changes to the database are rolled back.
	 * @param repetitions How many times the function handles the sample event, for at
	 * most ten seconds.
	 */
	public record Snapstart(@DefaultValue("true") Boolean prime, @Nullable String event,
			@DefaultValue("10") Integer repetitions) {

	}

	/**
	 * Error message settings.
	 *
	 * @param values Whether error messages keep the server's own text, which may contain
	 * bound or stored values.
	 */
	public record Errors(@DefaultValue("false") Boolean values) {

	}

	/**
	 * Meters and metrics.
	 *
	 * @param enabled Whether Soong's meters are added to Micrometer's registry, where
	 * there is one.
	 * @param emf Whether SoongFunctionInvoker writes the metrics of each invocation to
	 * the log, in CloudWatch's embedded metric format.
	 */
	public record Metrics(@DefaultValue("true") Boolean enabled, @DefaultValue("false") Boolean emf) {

	}

}
