package io.soong.jdbc;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;

import javax.net.ssl.SSLContext;

import io.soong.auth.DatabaseEndpoint;
import org.jspecify.annotations.Nullable;

import org.springframework.core.io.Resource;
import org.springframework.util.Assert;

/**
 * Where a {@link SoongDataSource} connects to and how it keeps its connections. Holds no
 * credentials. Immutable; made by a {@link #builder(String)}.
 */
public final class ConnectionSettings {

	/** An unmodifiable copy. */
	private final Builder values;

	private final DatabaseEndpoint endpoint;

	private ConnectionSettings(Builder builder) {
		this.values = builder.copy();
		this.endpoint = new DatabaseEndpoint((builder.iamHost != null) ? builder.iamHost : builder.host,
				(builder.iamPort != null) ? builder.iamPort : builder.port, builder.dbname, builder.user);
	}

	/**
	 * Starts the settings for a host.
	 * @param host the name or address to connect to
	 * @return a builder with the defaults of {@code soong.*}
	 */
	public static Builder builder(String host) {
		return new Builder(host);
	}

	/**
	 * Returns a builder with the same settings for another host, without those that apply
	 * to this host only.
	 */
	Builder toBuilder(String host) {
		Assert.hasText(host, "host must not be empty");
		Builder builder = this.values.copy();
		builder.host = host;
		builder.hostIsDefault = false;
		builder.hostaddr = null;
		builder.iamHost = null;
		builder.iamPort = null;
		return builder;
	}

	ConnectionSettings withUser(String user) {
		return new ConnectionSettings(this.values.copy().user(user));
	}

	String host() {
		return this.values.host;
	}

	boolean hostIsDefault() {
		return this.values.hostIsDefault;
	}

	@Nullable String hostaddr() {
		return this.values.hostaddr;
	}

	String dialled() {
		return (this.values.hostaddr != null) ? this.values.hostaddr : this.values.host;
	}

	int port() {
		return this.values.port;
	}

	/**
	 * Returns the database, with the host name that is signed and verified.
	 * @return the endpoint
	 */
	public DatabaseEndpoint endpoint() {
		return this.endpoint;
	}

	/**
	 * Returns how the server is verified.
	 * @return the TLS mode
	 */
	public SslMode sslMode() {
		return this.values.sslMode;
	}

	boolean allowUnverified() {
		return this.values.allowUnverified;
	}

	@Nullable String applicationName() {
		return this.values.applicationName;
	}

	@Nullable Resource rootCert() {
		return this.values.rootCert;
	}

	@Nullable Supplier<SSLContext> sslContext() {
		return this.values.sslContext;
	}

	/**
	 * Returns whether the server is verified with the AWS roots for RDS servers. An RDS
	 * Proxy has a certificate of the public Amazon roots.
	 */
	boolean needsRdsRoots() {
		return this.values.sslMode.verifies() && this.values.sslContext == null && this.values.rootCert == null
				&& this.endpoint.isRds() && !this.endpoint.isProxy();
	}

	Duration connectTimeout() {
		return this.values.connectTimeout;
	}

	Duration acquireTimeout() {
		return this.values.acquireTimeout;
	}

	Duration validateAfter() {
		return this.values.validateAfter;
	}

	Duration maxLifetime() {
		return this.values.maxLifetime;
	}

	int max() {
		return this.values.max;
	}

	Scope scope() {
		return this.values.scope;
	}

	Reset reset() {
		return this.values.reset;
	}

	Duration deadlineMargin() {
		return this.values.deadlineMargin;
	}

	@Nullable Duration slowQueryThreshold() {
		return this.values.slowQueryThreshold;
	}

	boolean prime() {
		return this.values.prime;
	}

	Map<String, String> driverProperties() {
		return Collections.unmodifiableMap(this.values.driverProperties);
	}

	/**
	 * How a connection is encrypted and the server verified. The names are libpq's.
	 */
	public enum SslMode {

		/** Never encrypted. */
		DISABLE("disable"),

		/** Encrypted if the server insists. */
		ALLOW("allow"),

		/** Encrypted if the server can. */
		PREFER("prefer"),

		/**
		 * Always encrypted. The server is verified only if root certificates are given
		 * (then as {@link #VERIFY_CA}).
		 */
		REQUIRE("require"),

		/** Always encrypted, and the server's certificate comes from a trusted root. */
		VERIFY_CA("verify-ca"),

		/** As {@link #VERIFY_CA}, and the certificate matches the host name. */
		VERIFY_FULL("verify-full");

		private final String value;

		SslMode(String value) {
			this.value = value;
		}

		boolean verifies() {
			return this == VERIFY_CA || this == VERIFY_FULL;
		}

		@Override
		public String toString() {
			return this.value;
		}

	}

	/**
	 * How long a connection is kept.
	 */
	public enum Scope {

		/** As long as the process, across {@link Invocation invocations}. */
		CONTAINER,

		/** Until the {@link Invocation} that used it ends. */
		INVOCATION

	}

	/**
	 * What is reset in a session before it is lent again. Where several invocations run
	 * at once (Lambda Managed Instances), a session setting does not last from one
	 * statement to the next with either value, because each may use another connection.
	 * Use {@code set_config(name, value, true)} in the transaction that needs the
	 * setting.
	 */
	public enum Reset {

		/** What the loan changed through JDBC. */
		CHANGED,

		/**
		 * Everything ({@code DISCARD ALL}), when the {@link Invocation} that used it
		 * ends; outside an invocation, when the loan ends.
		 */
		DISCARD

	}

	/**
	 * Builds {@link ConnectionSettings}. Not thread-safe.
	 */
	public static final class Builder implements Cloneable {

		static final String IP_ADDRESS = "\\d{1,3}(\\.\\d{1,3}){3}" + "|[0-9A-Fa-f.]*:[0-9A-Fa-f.]*:[0-9A-Fa-f:.]*";

		private String host;

		private boolean hostIsDefault;

		private @Nullable String hostaddr;

		private int port = 5432;

		private String dbname = "default";

		private @Nullable String user;

		private @Nullable String iamHost;

		private @Nullable Integer iamPort;

		private @Nullable String applicationName;

		private SslMode sslMode = SslMode.VERIFY_FULL;

		private boolean allowUnverified;

		private @Nullable Resource rootCert;

		private @Nullable Supplier<SSLContext> sslContext;

		private Duration connectTimeout = Duration.ofSeconds(20);

		private Duration acquireTimeout = Duration.ofSeconds(10);

		private Duration validateAfter = Duration.ofSeconds(1);

		private Duration maxLifetime = Duration.ofHours(1);

		private int max = 1;

		private Scope scope = Scope.CONTAINER;

		private Reset reset = Reset.CHANGED;

		private Duration deadlineMargin = Duration.ofMillis(500);

		private @Nullable Duration slowQueryThreshold;

		private boolean prime = true;

		private Map<String, String> driverProperties = new LinkedHashMap<>();

		private Builder(String host) {
			Assert.hasText(host, "host must not be empty");
			this.host = host;
		}

		/**
		 * Says that the host is a default, because none is configured. A refused
		 * connection is then not retried.
		 * @param hostIsDefault whether it is; the default is {@code false}
		 * @return this builder
		 */
		public Builder hostIsDefault(boolean hostIsDefault) {
			this.hostIsDefault = hostIsDefault;
			return this;
		}

		/**
		 * Sets the address to dial in place of the host. The host is then not resolved,
		 * but still verified and signed.
		 * @param hostaddr an IP address, or {@code null}
		 * @return this builder
		 */
		public Builder hostaddr(@Nullable String hostaddr) {
			Assert.isTrue(hostaddr == null || hostaddr.matches(IP_ADDRESS), "hostaddr must be an IP address");
			this.hostaddr = hostaddr;
			return this;
		}

		/**
		 * Sets the port. The default is 5432.
		 * @param port the port
		 * @return this builder
		 */
		public Builder port(int port) {
			this.port = checkedPort(port);
			return this;
		}

		/**
		 * Sets the database's name. The default is {@code default}.
		 * @param dbname the name
		 * @return this builder
		 */
		public Builder dbname(String dbname) {
			this.dbname = Objects.requireNonNull(dbname, "dbname must not be null");
			return this;
		}

		/**
		 * Sets the database role to get credentials for.
		 * @param user the role's name, or {@code null} if the credentials name it
		 * @return this builder
		 */
		public Builder user(@Nullable String user) {
			this.user = user;
			return this;
		}

		/**
		 * Sets the real endpoint if the host is a CNAME of it. IAM signs and TLS verifies
		 * this endpoint.
		 * @param iamHost the endpoint's name, or {@code null} for the host
		 * @param iamPort the endpoint's port, or {@code null} for the port
		 * @return this builder
		 */
		public Builder iamEndpoint(@Nullable String iamHost, @Nullable Integer iamPort) {
			this.iamHost = iamHost;
			this.iamPort = (iamPort != null) ? Integer.valueOf(checkedPort(iamPort)) : null;
			return this;
		}

		/**
		 * Sets the name under which the server lists the connection
		 * ({@code application_name}).
		 * @param applicationName the name, or {@code null} for the driver's own
		 * @return this builder
		 */
		public Builder applicationName(@Nullable String applicationName) {
			this.applicationName = applicationName;
			return this;
		}

		/**
		 * Sets the TLS mode. The default is {@link SslMode#VERIFY_FULL}.
		 * @param sslMode the mode
		 * @return this builder
		 */
		public Builder sslMode(SslMode sslMode) {
			this.sslMode = Objects.requireNonNull(sslMode, "sslMode must not be null");
			return this;
		}

		/**
		 * Allows IAM tokens to be sent with less than {@link SslMode#VERIFY_FULL}, to any
		 * server that answers.
		 * @param allowUnverified whether to; the default is {@code false}
		 * @return this builder
		 */
		public Builder allowUnverified(boolean allowUnverified) {
			this.allowUnverified = allowUnverified;
			return this;
		}

		/**
		 * Sets the trusted root certificates. Without them, RDS endpoints are verified
		 * with the roots of their region, all others with the JVM's own store.
		 * @param rootCert certificates in PEM form, or {@code null}
		 * @return this builder
		 */
		public Builder rootCert(@Nullable Resource rootCert) {
			this.rootCert = rootCert;
			return this;
		}

		/**
		 * Sets the TLS context, which replaces root certificates.
		 * @param sslContext called once, before the first connection, or {@code null}
		 * @return this builder
		 */
		public Builder sslContext(@Nullable Supplier<SSLContext> sslContext) {
			this.sslContext = sslContext;
			return this;
		}

		/**
		 * Sets the total time for opening a connection. The default is 20 seconds.
		 * @param connectTimeout a positive duration
		 * @return this builder
		 */
		public Builder connectTimeout(Duration connectTimeout) {
			Assert.isTrue(connectTimeout.compareTo(Duration.ofMillis(1)) >= 0, "connectTimeout must be positive");
			this.connectTimeout = notNegative(connectTimeout, "connectTimeout");
			return this;
		}

		/**
		 * Sets how long a thread waits for a connection that another has borrowed. The
		 * default is 10 seconds.
		 * @param acquireTimeout a duration, zero not to wait
		 * @return this builder
		 */
		public Builder acquireTimeout(Duration acquireTimeout) {
			this.acquireTimeout = notNegative(acquireTimeout, "acquireTimeout");
			return this;
		}

		/**
		 * Sets the idle time after which a connection is probed before it is lent. The
		 * default is 1 second.
		 * @param validateAfter a duration, or zero to probe always
		 * @return this builder
		 */
		public Builder validateAfter(Duration validateAfter) {
			this.validateAfter = notNegative(validateAfter, "validateAfter");
			return this;
		}

		/**
		 * Sets the age at which an idle connection is replaced. The default is 1 hour.
		 * @param maxLifetime a duration, or zero for no limit
		 * @return this builder
		 */
		public Builder maxLifetime(Duration maxLifetime) {
			this.maxLifetime = notNegative(maxLifetime, "maxLifetime");
			return this;
		}

		/**
		 * Sets the maximum number of connections. The default is 1.
		 * @param max a positive number
		 * @return this builder
		 */
		public Builder max(int max) {
			Assert.isTrue(max > 0, "max must be positive");
			this.max = max;
			return this;
		}

		/**
		 * Sets how long a connection is kept. The default is {@link Scope#CONTAINER}.
		 * @param scope the scope
		 * @return this builder
		 */
		public Builder scope(Scope scope) {
			this.scope = Objects.requireNonNull(scope, "scope must not be null");
			return this;
		}

		/**
		 * Sets what is reset in a session before it is lent again. The default is
		 * {@link Reset#CHANGED}.
		 * @param reset what to reset
		 * @return this builder
		 */
		public Builder reset(Reset reset) {
			this.reset = Objects.requireNonNull(reset, "reset must not be null");
			return this;
		}

		/**
		 * Sets how long before an {@link Invocation}'s deadline running statements are
		 * cancelled and new ones refused. The default is 500 milliseconds.
		 * @param deadlineMargin a duration; half of it is for the server's answer
		 * @return this builder
		 */
		public Builder deadlineMargin(Duration deadlineMargin) {
			this.deadlineMargin = notNegative(deadlineMargin, "deadlineMargin");
			return this;
		}

		/**
		 * Sets the duration above which a statement, fetch or commit is logged.
		 * @param slowQueryThreshold a duration, or {@code null} to log none
		 * @return this builder
		 */
		public Builder slowQueryThreshold(@Nullable Duration slowQueryThreshold) {
			this.slowQueryThreshold = (slowQueryThreshold != null)
					? notNegative(slowQueryThreshold, "slowQueryThreshold") : null;
			return this;
		}

		/**
		 * Sets whether to connect once before a snapshot of the process is taken, so that
		 * the snapshot holds the classes that connecting needs. The default is
		 * {@code true}.
		 * @param prime whether to connect
		 * @return this builder
		 */
		public Builder prime(boolean prime) {
			this.prime = prime;
			return this;
		}

		/**
		 * Sets a property of the PostgreSQL driver that no other setting covers.
		 * @param name the property's name; case and dashes are ignored
		 * @param value its value
		 * @return this builder
		 * @throws IllegalArgumentException if the driver has no such property, or Soong
		 * has a setting for it
		 */
		public Builder driverProperty(String name, String value) {
			this.driverProperties.put(DriverPropertyNames.canonicalName(name),
					DriverPropertyNames.checkedValue(name, value));
			return this;
		}

		private Builder copy() {
			try {
				Builder copy = (Builder) clone();
				copy.driverProperties = new LinkedHashMap<>(this.driverProperties);
				return copy;
			}
			catch (CloneNotSupportedException ex) {
				throw new IllegalStateException(ex);
			}
		}

		/**
		 * Returns the duration, or the longest that can be added to a point in time.
		 */
		private static Duration notNegative(Duration duration, String name) {
			if (duration.isNegative()) {
				throw new IllegalArgumentException(name + " must not be negative");
			}
			return (duration.compareTo(Budget.FOR_EVER) > 0) ? Budget.FOR_EVER : duration;
		}

		private static int checkedPort(int port) {
			Assert.isTrue(port >= 1 && port <= 65535, "port must be from 1 to 65535");
			return port;
		}

		/**
		 * Builds the settings.
		 * @return the settings
		 * @throws IllegalArgumentException if the server is an RDS endpoint in a region
		 * whose root certificates are neither given nor included
		 */
		public ConnectionSettings build() {
			ConnectionSettings settings = new ConnectionSettings(this);
			if (settings.needsRdsRoots()) {
				String problem = RdsRoots.problemWith(settings.endpoint());
				if (problem != null) {
					throw new IllegalArgumentException(problem);
				}
			}
			return settings;
		}

	}

}
