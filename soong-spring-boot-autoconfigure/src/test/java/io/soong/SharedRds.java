package io.soong;

import io.soong.auth.DatabaseCredentials;
import io.soong.auth.DatabaseCredentialsProvider;
import io.soong.auth.RdsIamCredentialsProvider;
import io.soong.jdbc.ConnectionSettings;
import io.soong.test.RdsLookalike;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;

import org.springframework.core.io.FileSystemResource;

/**
 * One {@link RdsLookalike} for all tests of a JVM, gone when that ends. Its users are
 * {@code jane_doe}, by IAM, and {@code bob}, by password.
 */
public final class SharedRds {

	/** The password of {@code bob}. */
	public static final String PASSWORD = "s3cret-of-bob";

	private static final RdsLookalike RDS = RdsLookalike.builder()
		.iamUser("jane_doe")
		.passwordUser("bob", PASSWORD)
		.start();

	static {
		LeftoversExtension.cleanUp(RDS);
	}

	private SharedRds() {
	}

	public static RdsLookalike rds() {
		return RDS;
	}

	/**
	 * Returns settings that reach the lookalike as a function on Lambda would reach RDS.
	 */
	public static ConnectionSettings.Builder settings() {
		return settings(RDS.endpoint());
	}

	public static ConnectionSettings.Builder settings(String host) {
		return ConnectionSettings.builder(host)
			.hostaddr(RDS.address())
			.port(RDS.port())
			.dbname(RDS.database())
			.user("jane_doe")
			.rootCert(new FileSystemResource(RDS.caCertificate()));
	}

	public static DatabaseCredentialsProvider iam() {
		return iam(RDS.region());
	}

	/**
	 * Signs with the credentials that the lookalike takes at that moment.
	 */
	public static DatabaseCredentialsProvider iam(String region) {
		return new RdsIamCredentialsProvider(region, SharedRds::awsCredentials);
	}

	public static AwsCredentials awsCredentials() {
		return AwsSessionCredentials.create(RDS.environment().get("AWS_ACCESS_KEY_ID"),
				RDS.environment().get("AWS_SECRET_ACCESS_KEY"), RDS.environment().get("AWS_SESSION_TOKEN"));
	}

	public static DatabaseCredentialsProvider password(String user, String password) {
		return (endpoint) -> new DatabaseCredentials(user, password);
	}

}
