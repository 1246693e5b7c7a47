package io.soong.samples.gizmos;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.soong.samples.gizmos.GizmoFunctions.Gizmo;
import io.soong.samples.gizmos.GizmoFunctions.NewGizmo;
import io.soong.sql.Row;
import io.soong.sql.SoongTemplate;
import io.soong.test.LambdaRuntime;
import io.soong.test.RdsLookalike;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.PreparedStatementCallback;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

import static io.soong.sql.Condition.in;
import static io.soong.sql.Condition.isNull;
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

	private static RecordingJdbcTemplate jdbcTemplate;

	private static SoongTemplate soong;

	@BeforeAll
	static void start() throws SQLException {
		rds = RdsLookalike.start();
		GizmosDatabase.create(rds);
		jdbcTemplate = new RecordingJdbcTemplate(rds);
		soong = new SoongTemplate(jdbcTemplate);
	}

	@AfterAll
	static void stop() {
		rds.close();
	}

	@BeforeEach
	void forget() {
		jdbcTemplate.statements.clear();
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
		shows("UPDATE \"gizmos\" SET \"name\" = ? WHERE \"id\" = ?",
				() -> soong.update("gizmos", 42, Map.of("name", "Gizmo42: The Next Generation")));
		shows("DELETE FROM \"gizmos\" WHERE \"id\" = ?", () -> soong.delete("gizmos", 8));
		shows("as written", () -> soong.query("SELECT * FROM gizmos WHERE color = ?", "pink"));
		shows("as written, with ? for :color",
				() -> soong.query(Gizmo.class, "SELECT * FROM gizmos WHERE color = :color", Map.of("color", "pink")));
		shows("as written", () -> soong.execute("UPDATE gizmos SET color = ? WHERE color IS NULL", "grey"));
	}

	private static void shows(String sql, Runnable call) {
		jdbcTemplate.statements.clear();
		call.run();
		assertThat(jdbcTemplate.statements).hasSize(1);
		if (!sql.startsWith("as written")) {
			assertThat(jdbcTemplate.statements).containsExactly(sql);
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
	void exampleOfTheTestKitRuns() throws SQLException {
		try (RdsLookalike rds = RdsLookalike.builder().iamUser("jane_doe").start();
				LambdaRuntime function = LambdaRuntime.builder()
					.packageFolder(Path.of("target", "gizmos-lambda"))
					.handler("io.soong.lambda.SoongFunctionInvoker")
					.environment(rds.environment())
					.environment("MAIN_CLASS", GizmosApplication.class.getName())
					.environment("SPRING_CLOUD_FUNCTION_DEFINITION", "addGizmo")
					.start()) {
			GizmosDatabase.create(rds);
			assertThat(function.invoke("{\"name\": \"Flux\"}").payload()).isEqualTo("{\"id\":1000}");
			function.freeze();
			rds.killConnections();
			function.thaw();
			assertThat(function.invoke("{\"name\": \"Flux\"}").payload()).isEqualTo("{\"id\":1001}");
		}
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
		assertThat(run).hasSize(16);
		Map<String, String> shown = new LinkedHashMap<>();
		for (String line : readme().lines().toList()) {
			if (line.matches("\\| `soong\\.\\w+\\(.*")) {
				String[] cells = line.split("\\|");
				shown.put(cells[1].strip().replace("`", "").replaceAll("\\s+", ""), cells[2].strip().replace("`", ""));
			}
		}
		assertThat(shown).isEqualTo(run);
	}

	@Test
	void codeInReadmeIsInTheSources() throws IOException {
		String sources = oneLine(Files.readString(SOURCE)
				+ Files.readString(Path.of("src/main/java/io/soong/samples/gizmos/GizmoFunctions.java")));
		List<String> blocks = blocks("java");
		assertThat(blocks).hasSize(4).allSatisfy((block) -> assertThat(sources).contains(oneLine(block)));
		String template = Files.readString(Path.of("template.yaml"));
		assertThat(blocks("yaml")).hasSize(2).allSatisfy((block) -> assertThat(template).contains(block));
	}

	@Test
	void dependenciesInReadmeAreThoseOfThisVersion() throws IOException {
		List<String> blocks = blocks("xml");
		assertThat(blocks).hasSize(2);
		for (int i = 0; i < blocks.size(); i++) {
			String module = List.of("soong-spring-boot-starter", "soong-spring-boot-test").get(i);
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
			.matcher(readme());
		while (matcher.find()) {
			listed.add(matcher.group(1));
		}
		assertThat(listed).isNotEmpty().isEqualTo(described);
	}

	@Test
	void testCommandInReadmeIsThatOfContinuousIntegration() throws IOException {
		assertThat(blocks("shell")).containsExactly("mvn -q -Pdemo verify\n", "mvn verify\n");
		assertThat(Files.readAllLines(ROOT.resolve(".ci/run"))).last().isEqualTo("mvn verify");
	}

	private static String readme() throws IOException {
		return Files.readString(ROOT.resolve("README.md"));
	}

	private static List<String> blocks(String language) throws IOException {
		List<String> blocks = new ArrayList<>();
		Matcher matcher = Pattern.compile("^```" + language + "\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE)
			.matcher(readme());
		while (matcher.find()) {
			blocks.add(matcher.group(1));
		}
		return blocks;
	}

	private static String oneLine(String text) {
		return text.strip().replaceAll("\\s+", " ");
	}

	/**
	 * Keeps the SQL of what it runs.
	 */
	private static final class RecordingJdbcTemplate extends JdbcTemplate {

		private final List<String> statements = new ArrayList<>();

		RecordingJdbcTemplate(RdsLookalike rds) throws SQLException {
			super(new SingleConnectionDataSource(rds.openAdminConnection(), true));
		}

		@Override
		public <T extends @Nullable Object> T execute(String sql, PreparedStatementCallback<T> action) {
			this.statements.add(sql);
			return super.execute(sql, action);
		}

	}

}
