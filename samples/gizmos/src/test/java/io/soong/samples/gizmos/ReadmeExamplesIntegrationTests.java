package io.soong.samples.gizmos;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.soong.auth.RdsIamCredentialsProvider;
import io.soong.jdbc.ConnectionSettings;
import io.soong.jdbc.SoongDataSource;
import io.soong.samples.gizmos.GizmoFunctions.Gizmo;
import io.soong.samples.gizmos.GizmoFunctions.NewGizmo;
import io.soong.sql.Column;
import io.soong.sql.Conflict;
import io.soong.sql.Filter;
import io.soong.sql.Row;
import io.soong.sql.SoongTemplate;
import io.soong.test.RdsLookalike;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.core.io.FileSystemResource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

import static io.soong.sql.Condition.atLeast;
import static io.soong.sql.Condition.between;
import static io.soong.sql.Condition.endsWith;
import static io.soong.sql.Condition.ilike;
import static io.soong.sql.Condition.in;
import static io.soong.sql.Condition.isNull;
import static io.soong.sql.Condition.lessThan;
import static io.soong.sql.Condition.startsWith;
import static io.soong.sql.Expression.minus;
import static io.soong.sql.Expression.now;
import static io.soong.sql.Expression.toDefault;
import static io.soong.sql.Filter.allOf;
import static io.soong.sql.Filter.anyOf;
import static io.soong.sql.Filter.where;
import static io.soong.sql.JsonValue.json;
import static io.soong.sql.Order.desc;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Runs what README shows, and holds README to what is run.
 */
class ReadmeExamplesIntegrationTests {

	private static final Path ROOT = Path.of("..", "..");

	private static final Path SOURCE = Path.of("src", "test", "java",
			ReadmeExamplesIntegrationTests.class.getName().replace('.', '/') + ".java");

	private static RdsLookalike rds;

	private static RecordingDataSource dataSource;

	private static SoongTemplate soong;

	@BeforeAll
	static void start() throws IOException, SQLException {
		rds = RdsLookalike.start();
		GizmosDatabase.create(rds);
		dataSource = new RecordingDataSource(rds.openAdminConnection());
		soong = new SoongTemplate(new JdbcTemplate(dataSource));
		soong.execute("CREATE TABLE stock (id int PRIMARY KEY, count int, changed_at timestamptz)");
	}

	@AfterAll
	static void stop() {
		rds.close();
	}

	@BeforeEach
	void forget() {
		dataSource.statements.clear();
	}

	@Test
	void callsSendTheSqlBesideThem() {
		shows("SELECT * FROM \"gizmos\" WHERE \"id\" = ?", () -> soong.get("gizmos", 42));
		shows("SELECT \"name\", \"color\" FROM \"gizmos\" WHERE \"id\" = ?",
				() -> soong.get("gizmos", 42, List.of("name", "color")));
		shows("SELECT \"id\", \"name\", \"color\" FROM \"gizmos\" WHERE \"id\" = ?",
				() -> soong.get("gizmos", 42, Gizmo.class));
		shows("SELECT * FROM \"gizmos\" WHERE \"name\" = ?", () -> soong.get("gizmos", Map.of("name", "Plumbus")));
		shows("SELECT * FROM \"gizmos\" WHERE \"color\" = ?", () -> soong.select("gizmos", Map.of("color", "pink")));
		shows("SELECT \"id\", \"name\", \"color\" FROM \"gizmos\" WHERE \"color\" = ANY (?)",
				() -> soong.select("gizmos", Map.of("color", in("pink", "green")), Gizmo.class));
		shows("SELECT \"id\", \"name\" FROM \"gizmos\" WHERE \"color\" = ? ORDER BY \"name\" DESC LIMIT ?",
				() -> soong.select("gizmos")
					.columns("id", "name")
					.where("color", "pink")
					.orderBy(desc("name"))
					.limit(10)
					.list());
		shows("SELECT EXISTS (SELECT 1 FROM \"gizmos\" WHERE \"color\" IS NULL)",
				() -> soong.select("gizmos").where("color", isNull()).exists());
		shows("INSERT INTO \"gizmos\" (\"name\") VALUES (?)",
				() -> soong.insert("gizmos", Map.of("name", "Best gizmo ever!")));
		shows("INSERT INTO \"gizmos\" (\"name\", \"color\") VALUES (?, ?) RETURNING \"id\"",
				() -> soong.insert("gizmos", new NewGizmo("Meeseeks box", "blue"), "id", Integer.class));
		shows("INSERT INTO \"gizmos\" (\"name\") VALUES (?) RETURNING \"id\", \"name\"",
				() -> soong.insert("gizmos", Map.of("name", "Flux"), List.of("id", "name")));
		shows("INSERT INTO \"gizmos\" (\"id\", \"name\", \"color\") VALUES (?, ?, ?) ON CONFLICT (\"id\") DO UPDATE SET \"name\" = EXCLUDED.\"name\", \"color\" = EXCLUDED.\"color\"",
				() -> soong.upsert("gizmos", new Gizmo(9, "Cable", "blue"), "id"));
		shows("INSERT INTO \"gizmos\" (\"name\", \"color\") VALUES (?, ?), (?, ?)", () -> soong.insertAll("gizmos",
				List.of(new NewGizmo("Neuralizer", "grey"), new NewGizmo("Tricorder", "grey"))));
		shows("INSERT INTO \"gizmos\" (\"id\", \"name\", \"color\") VALUES (?, ?, ?), (?, ?, ?) ON CONFLICT (\"id\") DO UPDATE SET \"name\" = EXCLUDED.\"name\", \"color\" = EXCLUDED.\"color\"",
				() -> soong.upsertAll("gizmos", List.of(new Gizmo(9, "Cable", "red"), new Gizmo(10, "Antenna", "red")),
						"id"));
		shows("UPDATE \"gizmos\" SET \"name\" = ? WHERE \"id\" = ?",
				() -> soong.update("gizmos", 42, Map.of("name", "Gizmo42: The Next Generation")));
		shows("UPDATE \"gizmos\" SET \"color\" = ? WHERE \"color\" = ?",
				() -> soong.update("gizmos", Map.of("color", "pink"), Map.of("color", "red")));
		shows("DELETE FROM \"gizmos\" WHERE \"id\" = ?", () -> soong.delete("gizmos", 8));
		shows("DELETE FROM \"gizmos\" WHERE \"color\" = ?", () -> soong.delete("gizmos", Map.of("color", "beige")));
		shows("as written", () -> soong.query("SELECT * FROM gizmos WHERE color = ?", "pink"));
		shows("as written, with ? for :color",
				() -> soong.query(Gizmo.class, "SELECT * FROM gizmos WHERE color = :color", Map.of("color", "pink")));
		shows("as written, with = ANY (?) for IN (:colors)", () -> soong
			.query("SELECT * FROM gizmos WHERE color IN (:colors)", Map.of("colors", List.of("pink", "green"))));
		shows("as written", () -> soong.execute("UPDATE gizmos SET color = ? WHERE color IS NULL", "grey"));
		shows("SELECT \"id\" FROM \"gizmos\" WHERE \"name\" ILIKE ?",
				() -> soong.select("gizmos").columns("id").where("name", ilike("%cable%")).list(Integer.class));
		shows("SELECT count(*) FROM \"gizmos\" WHERE \"id\" BETWEEN ? AND ?",
				() -> soong.select("gizmos").where("id", between(1, 100)).count());
		shows("SELECT * FROM \"gizmos\" ORDER BY \"name\" LIMIT ? OFFSET ?",
				() -> soong.select("gizmos").orderBy("name").limit(10).offset(20).list());
		shows("SELECT * FROM \"gizmos\" WHERE \"color\" = ? FOR UPDATE SKIP LOCKED", () -> soong
			.inTransaction(() -> soong.select("gizmos").where("color", "pink").forUpdate().skipLocked().list()));
		shows("INSERT INTO \"gizmos\" (\"id\", \"name\", \"color\") VALUES (?, ?, ?) ON CONFLICT (\"id\") DO UPDATE SET \"name\" = EXCLUDED.\"name\", \"color\" = EXCLUDED.\"color\" RETURNING \"id\", \"name\", \"color\"",
				() -> soong.upsert("gizmos", new Gizmo(11, "Lamp", "red"), List.of("id"), Gizmo.class));
		shows("INSERT INTO \"gizmos\" (\"name\") VALUES (?) RETURNING \"id\", \"name\", \"color\"",
				() -> soong.insert("gizmos", Map.of("name", "Lamp"), Gizmo.class));
		shows("as written", () -> soong.query((row, number) -> row.getString("name"), "SELECT name FROM gizmos"));
		shows("SELECT * FROM \"gizmos\" WHERE (\"color\" = ? OR \"name\" LIKE ?)",
				() -> soong.select("gizmos")
					.where(anyOf(where("color", "pink"), where("name", startsWith("Gizmo"))))
					.list());
		shows("SELECT \"id\", \"name\", \"color\" FROM \"gizmos\" WHERE (\"name\", \"id\") > (?, ?) ORDER BY \"name\", \"id\" LIMIT ?",
				() -> soong.select("gizmos")
					.orderBy("name", "id")
					.after(Map.of("name", "Flux", "id", 12))
					.limit(20)
					.list(Gizmo.class));
		shows("INSERT INTO \"gizmos\" (\"id\", \"name\", \"color\") VALUES (?, ?, ?) ON CONFLICT (\"id\") DO NOTHING",
				() -> soong.insertIfAbsent("gizmos", new Gizmo(9, "Cable", "blue"), "id"));
		shows("INSERT INTO \"gizmos\" (\"name\", \"color\") VALUES (?, ?), (?, ?) RETURNING \"id\"",
				() -> soong.insertAll("gizmos", List.of(new NewGizmo("Sonic", "red"), new NewGizmo("Tardis", "blue")),
						"id", Integer.class));
		shows("UPDATE \"stock\" SET \"count\" = \"count\" - ? WHERE \"id\" = ?",
				() -> soong.update("stock", 42, Map.of("count", minus(1))));
		shows("UPDATE \"gizmos\" SET \"color\" = ? WHERE \"color\" = ? RETURNING \"id\", \"name\", \"color\"",
				() -> soong.update("gizmos", Map.of("color", "red"), Map.of("color", "taken"), Gizmo.class));
		shows("DELETE FROM \"gizmos\" WHERE \"id\" = ? RETURNING \"id\", \"name\", \"color\"",
				() -> soong.delete("gizmos", 9, Gizmo.class));
		shows("as written", () -> soong.queryOne(Long.class, "SELECT count(*) FROM gizmos"));
		shows("SELECT * FROM \"gizmos\" WHERE (\"id\" >= ? AND \"id\" < ?) ORDER BY \"color\" DESC NULLS LAST",
				() -> soong.select("gizmos")
					.where("id", atLeast(1).and(lessThan(100)))
					.orderBy(desc("color").nullsLast())
					.list());
		shows("DELETE FROM \"gizmos\" WHERE (\"color\" = ? AND NOT (\"name\" LIKE ?))",
				() -> soong.delete("gizmos", allOf(where("color", "beige"), Filter.not(where("name", endsWith("X"))))));
		shows("INSERT INTO \"gizmos\" (\"id\", \"name\", \"color\") VALUES (?, ?, ?), (?, ?, ?) ON CONFLICT (\"id\") DO NOTHING",
				() -> soong.insertAllIfAbsent("gizmos",
						List.of(new Gizmo(9, "Cable", "red"), new Gizmo(14, "Probe", "red")), "id"));
		shows("INSERT INTO \"gizmos\" (\"name\", \"color\") VALUES (?, ?), (?, ?) RETURNING \"id\", \"name\", \"color\"",
				() -> soong.insertAll("gizmos", List.of(new NewGizmo("Ray", "red"), new NewGizmo("Gun", "red")),
						Gizmo.class));
		shows("INSERT INTO \"gizmos\" (\"id\", \"name\", \"color\") VALUES (?, ?, ?) ON CONFLICT (\"id\") DO UPDATE SET \"color\" = EXCLUDED.\"color\"",
				() -> soong.upsert("gizmos", new Gizmo(11, "Lamp", "blue"), Conflict.on("id").update("color")));
		shows("INSERT INTO \"gizmos\" (\"id\", \"name\", \"color\") VALUES (?, ?, ?), (?, ?, ?) ON CONFLICT (\"id\") DO UPDATE SET \"name\" = EXCLUDED.\"name\", \"color\" = EXCLUDED.\"color\" RETURNING \"id\", \"name\", \"color\"",
				() -> soong.upsertAll("gizmos", List.of(new Gizmo(11, "Lamp", "red"), new Gizmo(12, "Torch", "red")),
						Conflict.on("id"), Gizmo.class));
		shows("UPDATE \"stock\" SET \"changed_at\" = now() WHERE \"id\" = ?",
				() -> soong.update("stock", 42, Map.of("changed_at", now())));
		shows("UPDATE \"gizmos\" SET \"color\" = DEFAULT WHERE \"id\" = ?",
				() -> soong.update("gizmos", 42, Map.of("color", toDefault())));
	}

	private static void shows(String sql, Runnable call) {
		dataSource.statements.clear();
		call.run();
		assertThat(dataSource.statements).hasSize(1);
		if (!sql.startsWith("as written")) {
			assertThat(dataSource.statements).containsExactly(sql);
		}
	}

	@Test
	void exampleOfThePythonLibraryRuns() throws SQLException {
		rds.execute("TRUNCATE gizmos; INSERT INTO gizmos VALUES (42, 'Gizmo42', 'pink'), (7, 'Plumbus', 'pink')");
		List<String> lines = new ArrayList<>();
		// Get the gizmo with id 42 from the gizmos table
		Row gizmo42 = soong.get("gizmos", 42).orElseThrow();
		lines.add("Got gizmo " + gizmo42.get("name", String.class));

		// Now rename it
		soong.update("gizmos", 42, Map.of("name", "Gizmo42: The Next Generation"));

		// Add a new gizmo
		int id = soong.insert("gizmos", Map.of("name", "Best gizmo ever!", "color", "Bright red"), "id", Integer.class);

		// Run a SELECT
		for (Row gizmo : soong.select("gizmos", Map.of("color", "pink"))) {
			lines.add(gizmo.get("name", String.class));
		}

		// You can also run an arbitrary query, without the boilerplate
		for (Gizmo gizmo : soong.query(Gizmo.class, "SELECT * FROM gizmos WHERE color = ?", "pink")) {
			lines.add(gizmo.name());
		}
		assertThat(id).isGreaterThanOrEqualTo(1000);
		assertThat(lines).containsExactlyInAnyOrder("Got gizmo Gizmo42", "Plumbus", "Gizmo42: The Next Generation",
				"Plumbus", "Gizmo42: The Next Generation");
	}

	@Test
	void exampleOfAStreamRuns() throws SQLException {
		rds.execute("TRUNCATE gizmos; INSERT INTO gizmos VALUES (42, 'Gizmo42', 'pink'), (7, 'Plumbus', 'pink')");
		List<String> lines = new ArrayList<>();
		try (Stream<Gizmo> gizmos = soong.stream(Gizmo.class, "SELECT * FROM gizmos ORDER BY id")) {
			gizmos.map(Gizmo::name).forEach(lines::add);
		}
		assertThat(lines).containsExactly("Plumbus", "Gizmo42");
	}

	@Test
	void exampleOfValuesRuns() throws SQLException {
		rds.execute("CREATE TABLE documents (id int, version int, text text, tags jsonb)");
		rds.execute("INSERT INTO documents VALUES (1, 3, 'old'), (2, 1, 'other')");
		List<String> lines = new ArrayList<>();
		// Changes the document only if it still has the version that was read
		int updated = soong.update("documents", Map.of("id", 1, "version", 3), Map.of("version", 4, "text", "new"));
		lines.add((updated == 1) ? "updated" : "another update was faster");

		// IN of an empty list finds nothing, NOT IN finds everything
		List<Row> found = soong.query("SELECT * FROM documents WHERE text IN (:texts)",
				Map.of("texts", List.of("old", "new")));

		// A list as json, in SQL of your own
		soong.execute("UPDATE documents SET tags = ? WHERE id = ?", json(List.of("draft")), 1);
		assertThat(lines).containsExactly("updated");
		assertThat(found).hasSize(1);
		assertThat(soong.get("documents", 1).orElseThrow()).containsEntry("version", 4)
			.containsEntry("tags", List.of("draft"));
		assertThat(soong.update("documents", Map.of("id", 1, "version", 3), Map.of("version", 4))).isZero();
	}

	@Test
	void exampleOfMappingRuns() throws SQLException {
		rds.execute("TRUNCATE gizmos; INSERT INTO gizmos VALUES (42, 'Gizmo42', 'pink'), (7, 'Plumbus', NULL)");
		assertThat(soong.get("gizmos", new GizmoId(42), Labelled.class))
			.contains(new Labelled(new GizmoId(42), Optional.of("pink"), "Gizmo42"));
		assertThat(soong.get("gizmos", new GizmoId(7), Labelled.class).orElseThrow().color()).isEmpty();
	}

	@Test
	void callsInReadmeAreThoseThatAreRun() throws IOException {
		Map<String, String> run = new LinkedHashMap<>();
		Matcher matcher = Pattern
			.compile("shows\\(\"((?:[^\"\\\\]|\\\\.)*)\",\\s*\\(\\) -> (.*?)\\);\n", Pattern.DOTALL)
			.matcher(Files.readString(SOURCE));
		while (matcher.find()) {
			run.put(matcher.group(2).replaceAll("\\s+", ""), matcher.group(1).replace("\\\"", "\""));
		}
		assertThat(run).hasSize(45);
		Map<String, String> shown = new LinkedHashMap<>();
		for (String line : (readme() + page("docs/soong-template.md")).lines().toList()) {
			if (line.matches("\\| `soong\\.\\w+\\(.*")) {
				String[] cells = line.split("\\|");
				shown.put(cells[1].strip().replace("`", "").replaceAll("\\s+", ""), cells[2].strip().replace("`", ""));
			}
		}
		assertThat(shown).isEqualTo(run);
	}

	@Test
	void guideToColdStartsShowsWhatTheSampleDoes() throws IOException {
		String pom = oneLine(Files.readString(Path.of("pom.xml")));
		assertThat(blocks("xml", page("docs/cold-start.md"))).isNotEmpty()
			.allSatisfy((block) -> assertThat(pom).contains(oneLine(block)));
	}

	@Test
	void codeInReadmeIsInTheSources() throws IOException {
		String sources = oneLine(Files.readString(SOURCE)
				+ Files.readString(Path.of("src/main/java/io/soong/samples/gizmos/GizmoFunctions.java"))
				+ Files.readString(SOURCE.resolveSibling("GizmosDevelopment.java"))
				+ Files.readString(Path.of("src/test/java/com/example/GizmosApplication.java"))
				+ Files.readString(SOURCE.resolveSibling("GizmoFunctionsIntegrationTests.java")));
		List<String> blocks = blocks("java", readme() + page("docs/soong-template.md"));
		assertThat(blocks).hasSize(7).allSatisfy((block) -> assertThat(sources).contains(oneLine(block)));
		String template = Files.readString(Path.of("template.yaml"));
		assertThat(blocks("yaml")).hasSize(2).allSatisfy((block) -> assertThat(template).contains(block));
	}

	@Test
	void dependenciesInReadmeAreThoseOfThisVersion() throws IOException {
		List<String> blocks = blocks("xml");
		List<String> modules = List.of("soong-spring-boot-starter", "soong-maven-plugin", "soong-spring-boot-test");
		assertThat(blocks).hasSize(modules.size());
		for (int i = 0; i < blocks.size(); i++) {
			String module = modules.get(i);
			assertThat(blocks.get(i)).contains("<groupId>io.soong</groupId>")
				.contains("<artifactId>" + module + "</artifactId>");
			Matcher version = Pattern.compile("<version>(.*)</version>").matcher(blocks.get(i));
			assertThat(version.find()).isTrue();
			assertThat(Files.readString(ROOT.resolve(module).resolve("pom.xml")))
				.contains("<artifactId>soong-parent</artifactId>\n\t\t<version>" + version.group(1));
		}
	}

	@Test
	void sqlInReadmeRuns() throws SQLException, IOException {
		try (RdsLookalike other = RdsLookalike.builder().iamUser("somebody").start()) {
			other.execute("CREATE TABLE gizmos (id int)");
			for (String block : blocks("sql")) {
				other.execute(block);
			}
		}
	}

	@Test
	void roleOfTheSampleLogsInWithItsSettings() throws SQLException, IOException {
		String role = Files.readString(Path.of("role.sql"));
		assertThat(blocks("sql", page("docs/database-role.md"))).containsExactly(role);
		try (RdsLookalike other = RdsLookalike.builder().iamUser("somebody").start()) {
			other.execute("CREATE TABLE gizmos (id int); CREATE TABLE orders (id int)");
			other.execute(role);
			ConnectionSettings settings = ConnectionSettings.builder(other.endpoint())
				.hostaddr(other.address())
				.port(other.port())
				.dbname(other.database())
				.user("jane_doe")
				.rootCert(new FileSystemResource(other.caCertificate()))
				.build();
			AwsSessionCredentials credentials = AwsSessionCredentials.create(
					other.environment().get("AWS_ACCESS_KEY_ID"), other.environment().get("AWS_SECRET_ACCESS_KEY"),
					other.environment().get("AWS_SESSION_TOKEN"));
			try (SoongDataSource dataSource = new SoongDataSource(settings,
					new RdsIamCredentialsProvider(other.region(), () -> credentials))) {
				SoongTemplate soong = new SoongTemplate(new JdbcTemplate(dataSource));
				assertThat(soong.query(String.class,
						"SELECT unnest(rolconfig) FROM pg_roles WHERE rolname = current_user"))
					.hasSize(7)
					.allSatisfy((setting) -> assertThat(role).contains("SET " + setting.split("=")[0]));
				assertThat(soong.query(String.class, "SHOW statement_timeout")).containsExactly("15min");
			}
		}
	}

	@Test
	void propertiesInReadmeAreThoseInTheMetadata() throws IOException {
		Set<String> described = new TreeSet<>();
		for (URL url : Collections
			.list(getClass().getClassLoader().getResources("META-INF/spring-configuration-metadata.json"))) {
			try (InputStream in = url.openStream()) {
				for (JsonNode property : JsonMapper.shared().readTree(in).path("properties")) {
					String name = property.path("name").asString();
					if (name.startsWith("soong.")) {
						assertThat(property.path("description").asString()).as(name).matches("[A-Z](?s).*\\.");
						described.add(name);
					}
				}
			}
		}
		Set<String> listed = new TreeSet<>();
		Matcher matcher = Pattern.compile("^\\| `(soong\\.[a-z.-]+?)(\\.\\*)?` \\|", Pattern.MULTILINE)
			.matcher(readme() + page("docs/testing.md"));
		while (matcher.find()) {
			listed.add(matcher.group(1));
		}
		assertThat(listed).isNotEmpty().isEqualTo(described);
	}

	@Test
	void testCommandInReadmeIsThatOfContinuousIntegration() throws IOException {
		assertThat(blocks("shell")).containsExactly("mvn -q -Pdemo verify\n", "mvn verify\n",
				"mvn -q -pl samples/gizmos -am spring-boot:test-run\n",
				"curl localhost:8080/getGizmo -H 'Content-Type: application/json' -d '{\"id\": 42}'\n");
		assertThat(Files.readAllLines(ROOT.resolve(".ci/run"))).last().isEqualTo("mvn verify");
	}

	private static String readme() throws IOException {
		return page("README.md");
	}

	private static String page(String name) throws IOException {
		return Files.readString(ROOT.resolve(name));
	}

	private static List<String> blocks(String language) throws IOException {
		return blocks(language, readme());
	}

	private static List<String> blocks(String language, String page) {
		List<String> blocks = new ArrayList<>();
		Matcher matcher = Pattern.compile("^```" + language + "\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE)
			.matcher(page);
		while (matcher.find()) {
			blocks.add(matcher.group(1));
		}
		return blocks;
	}

	private static String oneLine(String text) {
		return text.strip().replaceAll("\\s+", " ");
	}

	record GizmoId(int value) {
	}

	record Labelled(GizmoId id, Optional<String> color, @Column("name") String label) {
	}

	/**
	 * Keeps the SQL of what is prepared on its connection.
	 */
	private static final class RecordingDataSource extends SingleConnectionDataSource {

		private final List<String> statements = new ArrayList<>();

		RecordingDataSource(Connection connection) {
			super(connection, true);
		}

		@Override
		public Connection getConnection() throws SQLException {
			Connection connection = super.getConnection();
			return (Connection) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] { Connection.class },
					(proxy, method, args) -> {
						if (method.getName().equals("prepareStatement")) {
							this.statements.add((String) args[0]);
						}
						return method.invoke(connection, args);
					});
		}

	}

}
