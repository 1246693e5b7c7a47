package io.soong.test;

import java.io.BufferedReader;
import java.io.File;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

/**
 * Tests for {@link PostgresServer}.
 */
class PostgresServerIntegrationTests {

	@Test
	void serverListensOnLoopbackAndForItsSuperuserOnly() throws Exception {
		try (PostgresServer server = PostgresServer.start(Map.of());
				Connection connection = server.connect("postgres")) {
			assertThat(Files.getPosixFilePermissions(server.folder()))
				.isEqualTo(PosixFilePermissions.fromString("rwx------"));
			assertThat(query(connection, "SHOW listen_addresses")).isEqualTo("127.0.0.1");
			assertThat(query(connection, "SELECT host(inet_server_addr())")).isEqualTo("127.0.0.1");
			assertThat(server.socket().toString()).hasSizeLessThan(108);
			server.execute("postgres", List.of("CREATE ROLE pat LOGIN PASSWORD 'pat'"));
			String url = "jdbc:postgresql://127.0.0.1:" + query(connection, "SHOW port") + "/postgres?sslmode=disable";
			assertThatExceptionOfType(SQLException.class)
				.isThrownBy(() -> DriverManager.getConnection(url, "pat", "pat"))
				.withMessageContaining("no pg_hba.conf entry");
			assertThatExceptionOfType(SQLException.class)
				.isThrownBy(() -> DriverManager.getConnection(url, PostgresServer.SUPERUSER, "guessed"))
				.satisfies((ex) -> assertThat(ex.getSQLState()).isEqualTo("28P01"));
		}
	}

	@Test
	void serverWhenRootHasNoNamespacesRunsAsNobody() throws Exception {
		assumeThat(System.getProperty("user.name")).isEqualTo("root");
		Path folder;
		try (PostgresServer server = PostgresServer.start(Map.of(), UnprivilegedUser.nobody());
				Connection connection = server.connect("postgres")) {
			folder = server.folder();
			assertThat(Files.getOwner(folder).getName()).isEqualTo("nobody");
			assertThat(query(connection, "SELECT 1")).isEqualTo("1");
		}
		assertThat(folder).doesNotExist();
	}

	@Test
	void serverWhenJvmIsKilledEndsToo() throws Exception {
		Process program = run();
		String certificate = firstLine(program);
		List<ProcessHandle> processes = program.descendants().toList();
		assertThat(certificate).endsWith("ca.pem");
		assertThat(processes).hasSizeGreaterThan(3);
		program.destroyForcibly();
		for (ProcessHandle process : processes) {
			process.onExit().get(60, TimeUnit.SECONDS);
		}
		assertThat(Path.of(certificate.replace("/ca.pem", ""))).doesNotExist();
	}

	@Test
	void serverWhenJvmAndSupervisorAreKilledIsRemovedByTheNextOne() throws Exception {
		Process program = run();
		Path folder = Path.of(firstLine(program)).getParent();
		List<ProcessHandle> processes = program.descendants().toList();
		program.descendants()
			.filter((process) -> process.info().command().orElse("").endsWith("sh"))
			.forEach(ProcessHandle::destroyForcibly);
		program.destroyForcibly().waitFor();
		assertThat(folder).exists();
		assertThat(processes).anyMatch(ProcessHandle::isAlive);
		try (PostgresServer next = PostgresServer.start(Map.of())) {
			assertThat(folder).doesNotExist();
			assertThat(processes).allSatisfy((process) -> process.onExit().get(60, TimeUnit.SECONDS));
			assertThat(next.folder()).exists();
		}
	}

	@Test
	void serverWhenKitIsLoadedByAnotherClassLoaderIsNotRemoved() throws Exception {
		try (PostgresServer server = PostgresServer.start(Map.of());
				URLClassLoader again = new URLClassLoader(classPath(), ClassLoader.getPlatformClassLoader())) {
			Method create = again.loadClass(TemporaryFolder.class.getName())
				.getDeclaredMethod("create", Path.class, String.class);
			create.setAccessible(true);
			((AutoCloseable) create.invoke(null, server.folder().getParent(), "soong-")).close();
			Process another = run();
			try {
				assertThat(firstLine(another)).startsWith("/");
				assertThat(server.folder()).exists();
				server.connect("postgres").close();
			}
			finally {
				another.destroyForcibly().waitFor();
			}
		}
	}

	private static URL[] classPath() throws Exception {
		List<URL> urls = new ArrayList<>();
		for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
			urls.add(Path.of(entry).toUri().toURL());
		}
		return urls.toArray(URL[]::new);
	}

	@Test
	void programWhenStartedPrintsVariablesForTheShellUntilItsInputEnds() throws Exception {
		Process program = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin/java").toString(), "-cp",
				System.getProperty("java.class.path"), RdsLookalike.class.getName(), "user=jane", "region=us-east-1",
				"max_connections=7")
			.redirectError(ProcessBuilder.Redirect.DISCARD)
			.start();
		BufferedReader reader = program.inputReader(StandardCharsets.UTF_8);
		List<String> lines = new ArrayList<>();
		for (String line = reader.readLine(); line != null && !line.startsWith("#"); line = reader.readLine()) {
			lines.add(line);
		}
		assertThat(lines).contains("export PG_USER='jane'", "export AWS_REGION='us-east-1'")
			.anyMatch((line) -> line.startsWith("export AWS_SESSION_TOKEN='"));
		program.getOutputStream().close();
		assertThat(program.waitFor(60, TimeUnit.SECONDS)).isTrue();
		assertThat(program.exitValue()).isZero();
	}

	@Test
	void serverWhenJvmEndsWithoutClosingEndsToo() throws Exception {
		Process program = run("leave");
		String certificate = firstLine(program);
		List<ProcessHandle> processes = program.descendants().toList();
		assertThat(processes).hasSizeGreaterThan(3);
		program.getOutputStream().close();
		assertThat(program.waitFor(60, TimeUnit.SECONDS)).isTrue();
		for (ProcessHandle process : processes) {
			process.onExit().get(60, TimeUnit.SECONDS);
		}
		assertThat(certificate).endsWith("ca.pem");
		assertThat(Path.of(certificate.replace("/ca.pem", ""))).doesNotExist();
	}

	@Test
	void serverThatWasStoppedWhenJvmEndsLeavesNoFiles() throws Exception {
		Process program = run("stop");
		String certificate = firstLine(program);
		assertThat(program.waitFor(60, TimeUnit.SECONDS)).isTrue();
		assertThat(certificate).endsWith("ca.pem");
		assertThat(Path.of(certificate.replace("/ca.pem", ""))).doesNotExist();
	}

	private static Process run(String... arguments) throws Exception {
		List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin/java").toString(),
				"-cp", System.getProperty("java.class.path"), LookalikeProgram.class.getName()));
		command.addAll(List.of(arguments));
		return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
	}

	private static String firstLine(Process program) throws Exception {
		BufferedReader reader = program.inputReader(StandardCharsets.UTF_8);
		String line = reader.readLine();
		while (line != null && !line.startsWith("/")) {
			line = reader.readLine();
		}
		return String.valueOf(line);
	}

	private static String query(Connection connection, String sql) throws SQLException {
		try (Statement statement = connection.createStatement(); ResultSet result = statement.executeQuery(sql)) {
			assertThat(result.next()).isTrue();
			return result.getString(1);
		}
	}

}
