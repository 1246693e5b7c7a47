package io.soong.samples.gizmos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

import io.soong.test.FunctionInitializationException;
import io.soong.test.HostsFile;
import io.soong.test.RdsLookalike;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * The doctor of the deployment package, which is processed ahead of time. Its reports are
 * those of the page about it.
 */
@Timeout(180)
class DoctorIntegrationTests {

	private static final Path DEPLOYMENT = Path.of("target", "gizmos-lambda");

	private static final Path PAGE = Path.of("..", "..", "docs", "doctor.md");

	private static final Pattern REPORT = Pattern.compile("^```text\n(settings .*?)^```$",
			Pattern.DOTALL | Pattern.MULTILINE);

	private static HostsFile names;

	private static RdsLookalike rds;

	@TempDir
	private Path folder;

	@BeforeAll
	static void start() throws Exception {
		names = HostsFile.create();
		rds = RdsLookalike.builder().iamUser("jane_doe").passwordUser("shop", "s3cret-of-shop").names(names).start();
		GizmosDatabase.create(rds);
	}

	@AfterAll
	static void stop() {
		rds.close();
		names.close();
	}

	@Test
	void reportWhenAStepFailsIsThatOfThePage() throws Exception {
		Finished finished = run(Map.of("PG_USER", "shop"));
		assertThat(finished.exitCode).as(finished.output).isOne();
		assertReport(1, finished.output);
	}

	@Test
	void reportWhenAllIsWellIsThatOfThePage() throws Exception {
		rds.execute("GRANT DELETE ON gizmos, orders TO jane_doe");
		rds.execute("GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO jane_doe");
		Finished finished = run(Map.of());
		assertThat(finished.exitCode).as(finished.output).isZero();
		assertThat(finished.output).contains("Starting AOT-processed GizmosApplication");
		assertReport(0, finished.output);
	}

	@Test
	void functionWhenAskedLogsTheReportAndDoesNotStart() throws Exception {
		FunctionInitializationException failure = catchThrowableOfType(FunctionInitializationException.class,
				() -> GizmosRuntime.of(DEPLOYMENT, rds, "getGizmo")
					.addJvmOptions(names.jvmOption())
					.environment("SOONG_DOCTOR", "true")
					.start()
					.close());
		assertThat(failure).hasMessageContaining("All steps passed.");
	}

	private Finished run(Map<String, String> variables) throws Exception {
		List<String> command = new ArrayList<>(
				List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1",
						"-Dspring.aot.enabled=true", names.jvmOption(), "-cp",
						DEPLOYMENT + ":" + DEPLOYMENT.resolve("lib") + "/*", GizmosApplication.class.getName(),
						"--soong.doctor=true", "--soong.doctor.tables=gizmos,orders", "--soong.auth=iam"));
		Path output = this.folder.resolve("output.txt");
		ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
		builder.environment().putAll(rds.environment());
		builder.environment().putAll(variables);
		Process process = builder.start();
		if (!process.waitFor(120, TimeUnit.SECONDS)) {
			process.destroyForcibly();
		}
		int exitCode = process.waitFor();
		String text = Files.readString(output);
		assertThat(text).doesNotContain("X-Amz-", "s3cret-of-shop", rds.environment().get("AWS_SECRET_ACCESS_KEY"),
				rds.environment().get("AWS_SESSION_TOKEN"), rds.environment().get("AWS_ACCESS_KEY_ID"));
		return new Finished(exitCode, text);
	}

	/**
	 * Compares a report with a block of the page, without what differs from run to run.
	 */
	private static void assertReport(int position, String output) throws IOException {
		int start = output.indexOf("\nsettings ");
		assertThat(start).as(output).isPositive();
		int end = output.indexOf("\n\n", start);
		String result = output.substring(end + 2).lines().findFirst().orElseThrow();
		String report = usual(output.substring(start + 1, end) + "\n\n" + result + "\n");
		String page = Files.readString(PAGE);
		if (Boolean.getBoolean("soong.docs.write")) {
			MatchResult block = REPORT.matcher(page).results().toList().get(position);
			page = page.substring(0, block.start(1)) + report + page.substring(block.end(1));
			Files.writeString(PAGE, page);
		}
		List<String> reports = REPORT.matcher(page).results().map((block) -> block.group(1)).toList();
		assertThat(reports).hasSize(2);
		assertThat(reports.get(position)).as("docs/doctor.md is out of date, -Dsoong.docs.write=true writes it")
			.isEqualTo(report);
	}

	private static String usual(String report) {
		return report.replace(":" + rds.port(), ":5432")
			.replaceAll("(soong.port +|port )" + rds.port(), "$15432")
			.replaceAll("file:/\\S*ca\\.pem", "file:ca.pem")
			.replaceAll("\\d+ ms", "4 ms")
			.replaceAll("backend \\d+", "backend 4711")
			.replaceAll("(PostgreSQL \\d+\\.\\d+)[^\\n]*", "$1")
			.replaceAll("valid from \\S+ to \\S+", "valid from 2026-10-28 to 2026-12-27")
			.replaceAll("signed at \\S+", "signed at 2026-11-27T04:15:00Z")
			.replaceAll("valid until \\S+", "valid until 2026-11-27T04:30:00Z")
			.replaceAll("(A\\w{3}\\*{6})\\w{4}", "$1MPLE")
			.replaceAll("max_connections \\d+, of which \\d+", "max_connections 100, of which 3")
			.replaceAll("\\d+ other connections", "2 other connections");
	}

	private record Finished(int exitCode, String output) {

	}

}
