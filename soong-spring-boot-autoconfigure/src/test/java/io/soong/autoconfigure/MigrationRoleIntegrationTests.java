package io.soong.autoconfigure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

import io.soong.auth.RdsIamCredentialsProvider;
import io.soong.jdbc.ConnectionSettings;
import io.soong.jdbc.SoongDataSource;
import io.soong.sql.SoongTemplate;
import io.soong.test.RdsLookalike;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;

import org.springframework.core.io.FileSystemResource;
import org.springframework.dao.PermissionDeniedDataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The roles of a deployment: what migrations make, the functions may use and not change.
 */
class MigrationRoleIntegrationTests {

	private static final Path PROJECT = Path.of("..");

	@Test
	void functionUsesWhatTheOwnerMakesAndMakesNothingItself() throws IOException, SQLException {
		String owner = Files.readString(PROJECT.resolve("deploy/migration-role.sql"));
		List<String> onThePage = Pattern.compile("^```sql\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE)
			.matcher(Files.readString(PROJECT.resolve("docs/migrations.md")))
			.results()
			.map((block) -> block.group(1))
			.toList();
		assertThat(onThePage).hasSize(2).first().isEqualTo(owner);
		try (RdsLookalike rds = RdsLookalike.builder().iamUser("other").start()) {
			rds.execute("CREATE TABLE gizmos (id int); CREATE TABLE orders (id int)");
			rds.execute(Files.readString(PROJECT.resolve("samples/gizmos/role.sql")));
			rds.execute(owner);
			try (SoongDataSource dataSource = dataSource(rds, "gizmos_owner")) {
				SoongTemplate migration = new SoongTemplate(new JdbcTemplate(dataSource));
				onThePage.get(1).lines().forEach(migration::execute);
				migration.execute("CREATE TABLE widgets (id serial PRIMARY KEY, name text)");
				assertThat(migration.query(String.class, "SHOW lock_timeout")).containsExactly("5s");
			}
			try (SoongDataSource dataSource = dataSource(rds, "jane_doe")) {
				SoongTemplate function = new SoongTemplate(new JdbcTemplate(dataSource));
				assertThat(function.insert("widgets", Map.of("name", "Plumbus"), "id", Integer.class)).isEqualTo(1);
				assertThat(function.get("widgets", 1).orElseThrow()).containsEntry("name", "Plumbus");
				for (String sql : List.of("CREATE TABLE mine (id int)", "DROP TABLE widgets",
						"ALTER TABLE widgets ADD COLUMN color text")) {
					assertThatExceptionOfType(PermissionDeniedDataAccessException.class)
						.isThrownBy(() -> function.execute(sql));
				}
			}
		}
	}

	private static SoongDataSource dataSource(RdsLookalike rds, String role) {
		ConnectionSettings settings = ConnectionSettings.builder(rds.endpoint())
			.hostaddr(rds.address())
			.port(rds.port())
			.dbname(rds.database())
			.user(role)
			.rootCert(new FileSystemResource(rds.caCertificate()))
			.build();
		Map<String, String> variables = rds.environment();
		AwsSessionCredentials credentials = AwsSessionCredentials.create(variables.get("AWS_ACCESS_KEY_ID"),
				variables.get("AWS_SECRET_ACCESS_KEY"), variables.get("AWS_SESSION_TOKEN"));
		return new SoongDataSource(settings, new RdsIamCredentialsProvider(rds.region(), () -> credentials));
	}

}
