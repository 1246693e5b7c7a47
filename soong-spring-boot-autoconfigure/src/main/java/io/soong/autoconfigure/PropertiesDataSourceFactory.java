package io.soong.autoconfigure;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

import io.soong.auth.DatabaseCredentials;
import io.soong.auth.DatabaseCredentialsProvider;
import io.soong.auth.DatabaseEndpoint;
import io.soong.auth.RdsIamCredentialsProvider;
import io.soong.jdbc.ConnectionSettings;
import io.soong.jdbc.ConnectionSettings.SslMode;
import io.soong.jdbc.SoongDataSource;
import io.soong.lambda.LambdaEnvironment;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.io.ApplicationResourceLoader;
import org.springframework.boot.ssl.NoSuchSslBundleException;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.core.env.Environment;
import org.springframework.core.io.Resource;
import org.springframework.core.io.ResourceLoader;
import org.springframework.util.ClassUtils;

/**
 * Creates the data source from {@link SoongProperties}, or reports the invalid ones.
 * Authentication and verification are chosen at run time, so that an application
 * processed ahead of time on a laptop still logs in by IAM on Lambda.
 */
record PropertiesDataSourceFactory(SoongProperties properties, Environment environment, ResourceLoader resourceLoader,
		ObjectProvider<DatabaseCredentialsProvider> credentials, ObjectProvider<AwsCredentialsProvider> awsCredentials,
		ObjectProvider<RdsTokenSource> rdsTokens, ObjectProvider<SslBundles> sslBundles) {

	/** The first byte of a certificate in binary form. */
	private static final byte DER = 0x30;

	private static final Log logger = LogFactory.getLog(SoongDataSource.class);

	private static final String LOCALHOST = "localhost";

	/** Of regions that do not exist yet, too. */
	private static final Pattern REGION = Pattern.compile("[a-z]+(-[a-z]+)*-\\d+");

	private static final String HANDLER = "io.soong.lambda.SoongFunctionInvoker";

	ConnectionPropertyMapping mapping() {
		return new ConnectionPropertyMapping(this.properties, this.environment);
	}

	/**
	 * Returns whether a bean of Spring Boot's decides which server is trusted.
	 */
	boolean usesSslBundle() {
		return text(this.properties.ssl().bundle()) != null;
	}

	SoongDataSource create() {
		warnOfOtherHandler();
		DatabaseCredentialsProvider given = this.credentials.getIfAvailable();
		boolean iam = (given != null) ? given instanceof RdsIamCredentialsProvider : usesIam();
		ConnectionSettings settings = settings(iam, given != null);
		DatabaseEndpoint endpoint = settings.endpoint();
		return new SoongDataSource(settings, (given != null) ? given : iam ? iam(endpoint) : password(endpoint));
	}

	/**
	 * By name, because Spring Cloud Function is optional.
	 */
	private void warnOfOtherHandler() {
		String handler = lambda().isLambda() ? lambda().handler().orElse(null) : null;
		if (handler != null && !isSoongFunctionInvoker(handler)) {
			logger.warn("The function's handler is " + handler + " and not " + HANDLER
					+ ". Statements are not cancelled before Lambda ends the invocation, connections and transactions "
					+ "that the function leaves open are not closed, and soong.connection.scope=invocation has no "
					+ "effect. Set the handler to " + HANDLER
					+ ", or open an io.soong.jdbc.Invocation around every event.");
		}
	}

	private static boolean isSoongFunctionInvoker(String handler) {
		try {
			Class<?> type = ClassUtils.forName(handler, null);
			while (type != null && !type.getName().equals(HANDLER)) {
				type = type.getSuperclass();
			}
			return type != null;
		}
		catch (ClassNotFoundException | LinkageError ex) {
			return false;
		}
	}

	private boolean usesIam() {
		boolean hasPassword = text(this.properties.password()) != null;
		if (explicitIam() && hasPassword) {
			throw invalid("soong.password", "it contradicts soong.auth=iam, which logs in without a password",
					"Remove the password, or set soong.auth=password.");
		}
		boolean auto = this.properties.auth() == SoongProperties.Auth.AUTO;
		return explicitIam() || (auto && lambda().isLambda() && !hasPassword);
	}

	private ConnectionSettings settings(boolean iam, boolean givenCredentials) {
		String host = host(iam);
		String iamHost = checkedHost("soong.iam.host", this.properties.iam().host());
		String dbname = name("soong.dbname", this.properties.dbname());
		ConnectionSettings.Builder builder = ConnectionSettings.builder((host != null) ? host : LOCALHOST)
			.port(port("soong.port", this.properties.port()))
			.dbname((dbname != null) ? dbname : "default")
			.user(user(iam, givenCredentials))
			.iamEndpoint(iamHost, iamPort())
			.hostIsDefault(isUnconfigured(host));
		applyHostaddrTo(builder);
		mapping().applyTo(builder);
		Resource rootCert = rootCert();
		SslBundle bundle = sslBundle();
		builder.rootCert(rootCert).sslContext((bundle != null) ? bundle::createSslContext : null);
		builder.sslMode(sslMode(iam, givenCredentials || rootCert != null || bundle != null))
			.allowUnverified(this.properties.ssl().allowUnverified());
		try {
			return builder.build();
		}
		catch (IllegalArgumentException ex) {
			throw invalid(text(this.properties.iam().host()) != null ? "soong.iam.host" : "soong.host", ex.getMessage(),
					"Set the root certificates as described, or connect to a database in a region whose roots are included.");
		}
	}

	/**
	 * Returns whether no host is configured, as on a developer's machine.
	 */
	private boolean isUnconfigured(@Nullable String host) {
		return host == null && text(this.properties.hostaddr()) == null && text(this.properties.iam().host()) == null
				&& !lambda().isLambda();
	}

	private @Nullable String host(boolean iam) {
		String host = checkedHost("soong.host", this.properties.host());
		if (host == null && iam) {
			throw invalid("soong.host", "logging in by IAM needs the endpoint that the token is signed for",
					"Set PG_HOST to the endpoint of the database, as the RDS console shows it"
							+ (explicitIam() ? "." : ", or set PG_PASSWORD to log in by password."));
		}
		return host;
	}

	private @Nullable String checkedHost(String property, @Nullable String value) {
		String host = text(value);
		InvalidHost problem = (host != null) ? InvalidHost.of(property, host) : null;
		if (problem != null) {
			throw invalid(property, problem.reason(), problem.fix());
		}
		return host;
	}

	/**
	 * Names of databases and roles may contain any character, but a URL is a mistake.
	 */
	private @Nullable String name(String property, @Nullable String value) {
		String name = text(value);
		if (name != null && InvalidHost.isUrl(name) && name.contains("//")) {
			throw invalid(property, "it is a URL", "Set only the name.");
		}
		return name;
	}

	private boolean explicitIam() {
		return this.properties.auth() == SoongProperties.Auth.IAM;
	}

	private void applyHostaddrTo(ConnectionSettings.Builder builder) {
		try {
			builder.hostaddr(text(this.properties.hostaddr()));
		}
		catch (IllegalArgumentException ex) {
			throw invalid("soong.hostaddr", "it is not an IP address",
					"Set an IP address, or use soong.host for a name.");
		}
	}

	private int port(String property, int port) {
		if (port < 1 || port > 65535) {
			throw invalid(property, "a port is a number from 1 to 65535",
					"Correct it; PostgreSQL's usual port is 5432.");
		}
		return port;
	}

	private @Nullable Integer iamPort() {
		Integer port = this.properties.iam().port();
		return (port != null) ? Integer.valueOf(port("soong.iam.port", port)) : null;
	}

	private @Nullable String user(boolean iam, boolean givenCredentials) {
		String user = name("soong.user", this.properties.user());
		if (user == null && iam) {
			throw invalid("soong.user", "logging in by IAM needs the database role that the token is signed for",
					"Set PG_USER to a role that was granted rds_iam.");
		}
		return (user != null || givenCredentials) ? user : System.getProperty("user.name");
	}

	private @Nullable Resource rootCert() {
		String location = text(this.properties.ssl().rootCert());
		if (location == null) {
			return null;
		}
		Resource resource = ApplicationResourceLoader.get(this.resourceLoader, true).getResource(location);
		if (!resource.isReadable()) {
			throw invalid("soong.ssl.root-cert", "there is no such file",
					"Correct the path, or deploy the file with the function and set classpath:FILE.");
		}
		if (!holdsCertificates(resource)) {
			throw invalid("soong.ssl.root-cert", "the file holds no certificate",
					"Set it to a file with the line -----BEGIN CERTIFICATE-----, such as the bundle of your region.");
		}
		return resource;
	}

	/**
	 * Returns whether a file looks like certificates, as PEM or DER. They are not parsed
	 * before the first connection, which would take time.
	 */
	private static boolean holdsCertificates(Resource resource) {
		try {
			byte[] content = resource.getContentAsByteArray();
			return (content.length > 0 && content[0] == DER)
					|| new String(content, StandardCharsets.ISO_8859_1).contains("CERTIFICATE-----");
		}
		catch (IOException ex) {
			return false;
		}
	}

	private @Nullable SslBundle sslBundle() {
		String name = text(this.properties.ssl().bundle());
		if (name == null) {
			return null;
		}
		if (text(this.properties.ssl().rootCert()) != null) {
			throw invalid("soong.ssl.bundle", "it contradicts soong.ssl.root-cert", "Remove one of the two.");
		}
		try {
			return this.sslBundles.getObject().getBundle(name);
		}
		catch (NoSuchSslBundleException ex) {
			throw invalid("soong.ssl.bundle", "there is no such bundle",
					"Define spring.ssl.bundle.pem." + name + ", or correct the name.");
		}
	}

	private SslMode sslMode(boolean iam, boolean verifiable) {
		SslMode mode = this.properties.ssl().mode();
		if (mode == null) {
			String iamHost = text(this.properties.iam().host());
			String verified = (iamHost != null) ? iamHost : text(this.properties.host());
			boolean rds = verified != null && new DatabaseEndpoint(verified, 0, "", null).isRds();
			boolean verify = iam || verifiable || lambda().isLambda() || rds;
			return verify ? SslMode.VERIFY_FULL : SslMode.PREFER;
		}
		if (iam && mode != SslMode.VERIFY_FULL && !this.properties.ssl().allowUnverified()) {
			throw invalid("soong.ssl.mode",
					"an IAM token would be sent to a server that is not verified and could log in with it",
					"Remove it (verify-full is the default with IAM). To accept the risk, set "
							+ "soong.ssl.allow-unverified=true.");
		}
		return mode;
	}

	private DatabaseCredentialsProvider iam(DatabaseEndpoint endpoint) {
		String region = region();
		if (region == null) {
			region = endpoint.region().orElse(null);
		}
		RdsTokenSource source = this.rdsTokens.getIfAvailable();
		DatabaseCredentialsProvider sdk = (source != null) ? source.get(region) : null;
		if (sdk != null) {
			return sdk;
		}
		if (region == null) {
			region = RdsIamCredentialsProvider.regionOfEnvironment().orElse(null);
		}
		if (region == null) {
			throw invalid("soong.iam.region",
					"the region to sign the IAM token for is neither in the endpoint's name (" + endpoint.host()
							+ ") nor known to the AWS SDK",
					"Set soong.iam.region, or AWS_REGION, to the region the database is in.");
		}
		AwsCredentialsProvider given = this.awsCredentials.getIfUnique();
		return (given != null) ? new RdsIamCredentialsProvider(region, given) : new RdsIamCredentialsProvider(region);
	}

	/**
	 * A token for a region that does not exist is refused by the server, without a
	 * reason.
	 */
	private @Nullable String region() {
		String region = text(this.properties.iam().region());
		if (region != null && !REGION.matcher(region).matches()) {
			throw invalid("soong.iam.region", "it is not the name of a region",
					"Set it to a name such as eu-central-1: in lower case, and without the letter of an availability "
							+ "zone. Remove it to use the region in the endpoint's name.");
		}
		return region;
	}

	private DatabaseCredentialsProvider password(DatabaseEndpoint endpoint) {
		if (lambda().isLambda()) {
			logger.warn(
					"This function logs in to " + endpoint + " with a password. IAM needs none: remove soong.password "
							+ "(PG_PASSWORD) and grant rds_iam to the role.");
		}
		String password = text(this.properties.password());
		return (asked) -> new DatabaseCredentials((asked.user() != null) ? asked.user() : "", password);
	}

	private LambdaEnvironment lambda() {
		return new LambdaEnvironment(this.environment::getProperty);
	}

	private InvalidSoongPropertyException invalid(String property, @Nullable String reason, String action) {
		return new InvalidSoongPropertyException(this.environment, property, String.valueOf(reason), action);
	}

	private static @Nullable String text(@Nullable String value) {
		return (value != null && !value.isBlank()) ? value.strip() : null;
	}

}
