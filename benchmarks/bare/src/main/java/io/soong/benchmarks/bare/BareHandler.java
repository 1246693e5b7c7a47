package io.soong.benchmarks.bare;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.rds.RdsUtilities;

/**
 * Gets a gizmo with the driver and the SDK's signer alone, in as little code as does it:
 * the connection is opened once, before the first event.
 */
public final class BareHandler implements RequestHandler<Map<String, Integer>, Map<String, @Nullable Object>> {

	private final Connection connection;

	public BareHandler() throws SQLException {
		String host = System.getenv("PG_HOST");
		String port = System.getenv("PG_PORT");
		Properties properties = new Properties();
		properties.setProperty("user", System.getenv("PG_USER"));
		properties.setProperty("password", token(host, Integer.parseInt(port), System.getenv("PG_USER")));
		properties.setProperty("sslmode", "verify-full");
		properties.setProperty("sslrootcert", System.getenv("PG_SSLROOTCERT"));
		this.connection = DriverManager
			.getConnection("jdbc:postgresql://" + host + ":" + port + "/" + System.getenv("PG_DBNAME"), properties);
	}

	private static String token(String host, int port, String user) {
		AwsSessionCredentials credentials = AwsSessionCredentials.create(System.getenv("AWS_ACCESS_KEY_ID"),
				System.getenv("AWS_SECRET_ACCESS_KEY"), System.getenv("AWS_SESSION_TOKEN"));
		return RdsUtilities.builder()
			.region(Region.of(System.getenv("AWS_REGION")))
			.credentialsProvider(StaticCredentialsProvider.create(credentials))
			.build()
			.generateAuthenticationToken((request) -> request.hostname(host).port(port).username(user));
	}

	@Override
	public Map<String, @Nullable Object> handleRequest(Map<String, Integer> event, Context context) {
		try (PreparedStatement statement = this.connection
			.prepareStatement("SELECT id, name, color FROM gizmos WHERE id = ?")) {
			statement.setObject(1, event.get("id"));
			try (ResultSet row = statement.executeQuery()) {
				row.next();
				Map<String, @Nullable Object> gizmo = new LinkedHashMap<>();
				gizmo.put("id", row.getInt(1));
				gizmo.put("name", row.getString(2));
				gizmo.put("color", row.getString(3));
				return gizmo;
			}
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
