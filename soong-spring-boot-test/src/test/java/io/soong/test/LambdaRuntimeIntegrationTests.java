package io.soong.test;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link LambdaRuntime}, with the {@link Functions} beside it.
 */
class LambdaRuntimeIntegrationTests {

	private static final List<String> lines = new CopyOnWriteArrayList<>();

	private static LambdaRuntime lambda;

	@BeforeAll
	static void start() {
		lambda = function(Functions.Echo.class).functionName("echo")
			.environment("COLOR", "pink")
			.logTo(lines::add)
			.timeout(Duration.ofSeconds(60))
			.start();
	}

	@AfterAll
	static void stop() {
		lambda.close();
	}

	@Test
	void startWithoutDeploymentPackageSaysToBuildItFirst() {
		assertThatIllegalStateException()
			.isThrownBy(() -> LambdaRuntime.builder().handler("a.Handler").packageFolder(Path.of("no", "such")).start())
			.withMessageContaining("There is no deployment package at")
			.withMessageContaining("Build it first");
	}

	@Test
	void invokeWhenFunctionAnswersReturnsItsPayload() {
		for (String event : List.of("{\"id\":1}", "\"äöü €\"", "\"" + "x".repeat(3_000_000) + "\"")) {
			Answer answer = lambda.invoke(event);
			assertThat(answer.isError()).isFalse();
			assertThat(answer.payload()).isEqualTo(event);
			assertThat(answer.errorType()).isNull();
			assertThat(answer.duration()).isBetween(Duration.ofNanos(1), Duration.ofSeconds(60));
		}
		assertThat(lambda.initDuration()).isPositive();
		assertThat(lambda.timeToFirstAnswer()).isGreaterThan(lambda.initDuration());
	}

	@Test
	void invokeWhenFunctionThrowsReturnsTheError() {
		Answer answer = lambda.invoke("\"throw\"");
		assertThat(answer.isError()).isTrue();
		assertThat(answer.errorType()).isEqualTo("java.lang.IllegalArgumentException");
		assertThat(answer.errorMessage()).isEqualTo("no \"gizmo\" here:\n\"errorType\":\"x\" é");
		assertThat(answer.payload()).startsWith("{").contains("stackTrace");
		assertThat(lambda.invoke("1").payload()).isEqualTo("1");
	}

	@Test
	void invokeWhenManyAtOnceAnswersEach() {
		List<CompletableFuture<Answer>> answers = IntStream.range(0, 20)
			.mapToObj((i) -> CompletableFuture.supplyAsync(() -> lambda.invoke(Integer.toString(i))))
			.toList();
		assertThat(answers).extracting((answer) -> answer.join().payload())
			.isEqualTo(IntStream.range(0, 20).mapToObj(Integer::toString).toList());
	}

	@Test
	void functionSeesLambdasEnvironmentAndNotThatOfTheTest() {
		String environment = lambda.invoke("\"environment\"").payload();
		int feature = Runtime.version().feature();
		assertThat(environment).contains("_HANDLER=" + Functions.Echo.class.getName())
			.contains("AWS_EXECUTION_ENV=AWS_Lambda_java" + feature)
			.contains("AWS_LAMBDA_FUNCTION_NAME=echo")
			.contains("AWS_LAMBDA_FUNCTION_MEMORY_SIZE=512")
			.contains("AWS_LAMBDA_INITIALIZATION_TYPE=on-demand")
			.contains("AWS_LAMBDA_RUNTIME_API=127.0.0.1:")
			.contains("AWS_REGION=eu-central-1")
			.contains("TZ=:UTC")
			.contains("COLOR=pink")
			.doesNotContain("MAVEN")
			.doesNotContain("HOME=" + System.getenv("HOME") + ",");
	}

	@Test
	void functionSeesItsContext() {
		String[] context = lambda.invoke("\"context\"").payload().split(" ");
		assertThat(context[0]).isEqualTo("echo");
		assertThat(context[1]).isEqualTo("512");
		assertThat(Integer.parseInt(context[2])).isBetween(1, 60_000);
		assertThat(context[3]).isEqualTo("arn:aws:lambda:eu-central-1:123456789012:function:echo");
		assertThat(context[4]).matches("[0-9a-f-]{36}");
	}

	@Test
	void functionGetsFourFifthsOfItsMemoryAsHeap() {
		assertThat(Long.parseLong(lambda.invoke("\"heap\"").payload())).isBetween(380L << 20, 410L << 20);
	}

	@Test
	void logsHoldsWhatTheFunctionWrote() {
		lambda.invoke("\"remember me\"");
		// The output of a process arrives independently of its answer
		Client.await().untilAsserted(() -> {
			assertThat(lambda.logs()).contains("handling \"remember me\"");
			assertThat(lines).contains("handling \"remember me\"");
		});
	}

	@Test
	void freezeStopsTheProcessAndThawContinuesIt() throws IOException {
		lambda.freeze();
		assertThat(Files.readString(Path.of("/proc/" + lambda.pid() + "/stat"))).contains(") T ");
		assertThatIllegalStateException().isThrownBy(() -> lambda.invoke("1")).withMessageContaining("thaw()");
		lambda.thaw();
		assertThat(lambda.invoke("1").payload()).isEqualTo("1");
	}

	@Test
	void peakMemoryIsThatOfTheProcess() {
		assertThat(lambda.peakMemory()).isBetween(20L << 20, 512L << 20);
	}

	@Test
	void invokeWhenFunctionIsTooSlowKillsItAndStartsAnother() throws Exception {
		try (LambdaRuntime slow = function(Functions.Echo.class).timeout(Duration.ofSeconds(3)).start()) {
			Answer answer = slow.invoke("\"block\"");
			assertThat(answer.errorType()).isEqualTo(Answer.TIMED_OUT);
			assertThat(answer.errorMessage()).startsWith("Task timed out after 3.00 seconds").contains("blocking");
			assertThat(answer.payload()).contains("\"errorType\":\"Sandbox.Timedout\"");
			assertThat(answer.duration()).isBetween(Duration.ofSeconds(3), Duration.ofSeconds(60));
			long killed = slow.pid();
			assertThat(ProcessHandle.of(killed)).isEmpty();
			assertThat(slow.invoke("1").payload()).isEqualTo("1");
			assertThat(slow.pid()).isNotEqualTo(killed);
			assertThat(slow.environments()).isEqualTo(2);
			Client.await().untilAsserted(() -> assertThat(slow.logs()).contains("blocking", "handling 1"));
		}
	}

	@Test
	void invokeWhenProcessEndsReportsStatusAndLogAndStartsAnother() {
		try (LambdaRuntime leaving = function(Functions.Echo.class).start()) {
			Answer answer = leaving.invoke("\"exit\"");
			assertThat(answer.errorType()).isEqualTo(Answer.EXITED);
			assertThat(answer.errorMessage()).startsWith("Runtime exited with status 42").contains("about to leave");
			assertThat(leaving.invoke("1").payload()).isEqualTo("1");
			assertThat(leaving.environments()).isEqualTo(2);
		}
	}

	@Test
	void startWhenFunctionThrowsReportsTypeMessageAndLog() {
		assertThatExceptionOfType(FunctionInitializationException.class)
			.isThrownBy(() -> function(Functions.Failing.class).start())
			.withMessageContaining("looking for the database")
			.satisfies((ex) -> {
				assertThat(ex.errorType()).isEqualTo("java.lang.IllegalStateException");
				assertThat(ex.errorMessage()).isEqualTo("no database");
			});
	}

	@Test
	void startWhenFunctionLeavesReportsStatusAndLog() {
		assertThatExceptionOfType(FunctionInitializationException.class)
			.isThrownBy(() -> function(Functions.Leaving.class).start())
			.withMessageContaining("status 7")
			.withMessageContaining("leaving")
			.satisfies((ex) -> assertThat(ex.errorType()).isEqualTo(Answer.EXITED));
	}

	@Test
	void startWhenFunctionIsNotInitializedInTimeFails() {
		assertThatExceptionOfType(FunctionInitializationException.class)
			.isThrownBy(() -> function(Functions.Blocking.class).initializationTimeout(Duration.ofMillis(700)).start())
			.satisfies((ex) -> assertThat(ex.errorType()).isEqualTo(Answer.TIMED_OUT));
	}

	@Test
	void startWhenHandlerDoesNotExistFailsAtTheFirstEvent() {
		try (LambdaRuntime unknown = function(Functions.Echo.class).handler("com.example.Nowhere").start()) {
			assertThat(unknown.invoke("1").errorType()).isEqualTo("java.lang.ClassNotFoundException");
		}
	}

	@Test
	void startWhenGivenPackageFolderLoadsItAsLambdaDoes(@TempDir Path folder) throws IOException {
		for (Class<?> type : List.of(Functions.class, Functions.Echo.class)) {
			String name = type.getName().replace('.', '/') + ".class";
			Files.createDirectories(folder.resolve(name).getParent());
			try (InputStream in = type.getClassLoader().getResourceAsStream(name)) {
				Files.copy(in, folder.resolve(name));
			}
		}
		try (LambdaRuntime packaged = LambdaRuntime.builder()
			.handler(Functions.Echo.class.getName())
			.packageFolder(folder)
			.initializationType(LambdaRuntime.InitializationType.PROVISIONED_CONCURRENCY)
			.start()) {
			assertThat(packaged.invoke("\"environment\"").payload()).contains("LAMBDA_TASK_ROOT=" + folder)
				.contains("AWS_LAMBDA_INITIALIZATION_TYPE=provisioned-concurrency");
		}
	}

	@Test
	void startWhenClassPathIsRelativeFindsIt() {
		Path here = Path.of("").toAbsolutePath();
		List<Path> relative = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
			.map((entry) -> here.relativize(Path.of(entry).toAbsolutePath()))
			.toList();
		try (LambdaRuntime packaged = function(Functions.Echo.class).classPath(relative).start()) {
			assertThat(packaged.invoke("1").payload()).isEqualTo("1");
		}
	}

	@Test
	void startWhenHandlerIsMissingFails() {
		assertThatIllegalStateException().isThrownBy(() -> LambdaRuntime.builder().start())
			.withMessageContaining("handler");
	}

	@Test
	void environmentWhenReservedIsRefused() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> LambdaRuntime.builder().environment(Map.of("_HANDLER", "x")))
			.withMessageContaining("_HANDLER");
	}

	@Test
	void closeWhenFrozenLeavesNoProcess() throws Exception {
		LambdaRuntime frozen = function(Functions.Echo.class).start();
		ProcessHandle process = ProcessHandle.of(frozen.pid()).orElseThrow();
		frozen.freeze();
		frozen.close();
		process.onExit().get(60, TimeUnit.SECONDS);
		frozen.close();
	}

	@Test
	void snapshotStopsAtTheCheckpointAndRestoreContinuesIt() throws IOException {
		AtomicReference<String> key = new AtomicReference<>("ASIAFIRST");
		try (LambdaRuntime snapshot = function(Functions.Snapshot.class)
			.credentials(() -> Map.of("AWS_ACCESS_KEY_ID", key.get(), "AWS_SECRET_ACCESS_KEY", "secret",
					"AWS_SESSION_TOKEN", "session"))
			.snapshot()) {
			Client.await().untilAsserted(() -> assertThat(snapshot.logs()).contains("before").doesNotContain("after"));
			assertThat(Files.readString(Path.of("/proc/" + snapshot.pid() + "/stat"))).contains(") T ");
			assertThatIllegalStateException().isThrownBy(() -> snapshot.invoke("1")).withMessageContaining("restore()");
			assertThatIllegalStateException().isThrownBy(snapshot::thaw).withMessageContaining("restore()");
			key.set("ASIASECOND");
			assertThat(snapshot.restore()).isPositive();
			assertThat(snapshot.invoke("1").payload()).isEqualTo("before after snap-start false ASIASECOND");
			assertThat(snapshot.timeToFirstAnswer()).isPositive();
			assertThatIllegalStateException().isThrownBy(snapshot::restore).withMessageContaining("no snapshot");
		}
	}

	@Test
	void snapshotHasNoCredentialsInItsEnvironment() {
		try (LambdaRuntime snapshot = function(Functions.Snapshot.class)
			.environment(Map.of("AWS_ACCESS_KEY_ID", "ASIAFIXED", "AWS_SECRET_ACCESS_KEY", "secret",
					"AWS_SESSION_TOKEN", "session"))
			.snapshot()) {
			snapshot.restore();
			assertThat(snapshot.invoke("1").payload()).endsWith("false ASIAFIXED");
		}
	}

	@Test
	void snapshotWhenHookFailsReportsIt() {
		assertThatExceptionOfType(FunctionInitializationException.class)
			.isThrownBy(() -> function(Functions.Snapshot.class).environment("FAILING", "before").snapshot())
			.withMessageContaining("The function was not initialized")
			.withMessageContaining("no before");
		try (LambdaRuntime snapshot = function(Functions.Snapshot.class).environment("FAILING", "after").snapshot()) {
			assertThatExceptionOfType(FunctionInitializationException.class).isThrownBy(snapshot::restore)
				.withMessageContaining("The function was not restored")
				.withMessageContaining("no after");
		}
	}

	@Test
	void credentialsWhenNotSnapshotAreVariables() {
		try (LambdaRuntime function = function(Functions.Echo.class)
			.credentials(() -> Map.of("AWS_ACCESS_KEY_ID", "ASIA", "AWS_SECRET_ACCESS_KEY", "secret",
					"AWS_SESSION_TOKEN", "session", "PG_HOST", "not taken"))
			.start()) {
			assertThat(function.invoke("\"environment\"").payload()).contains("AWS_ACCESS_KEY_ID=ASIA")
				.doesNotContain("PG_HOST")
				.doesNotContain("AWS_CONTAINER");
		}
	}

	@Test
	void maxConcurrencyHandlesEventsAtOnceAndKillsNoProcess() {
		try (LambdaRuntime instance = function(Functions.Meeting.class).maxConcurrency(3)
			.timeout(Duration.ofSeconds(6))
			.start()) {
			List<CompletableFuture<Answer>> answers = IntStream.range(0, 6)
				.mapToObj((i) -> CompletableFuture.supplyAsync(() -> instance.invoke(Integer.toString(i)),
						(task) -> new Thread(task).start()))
				.toList();
			assertThat(answers).extracting((answer) -> answer.join().payload())
				.isEqualTo(IntStream.range(0, 6).mapToObj(Integer::toString).toList());
			assertThat(instance.invoke("\"block\"").errorType()).isEqualTo(Answer.TIMED_OUT);
			assertThat(ProcessHandle.of(instance.pid())).isPresent();
			assertThat(instance.environments()).isOne();
		}
	}

	@Test
	void searchMemoryFindsTextsAndSaysWhere() {
		// In pieces, so that no class file holds it
		String secret = String.join("-", "correct", "horse", "battery", "staple");
		try (LambdaRuntime function = function(Functions.Echo.class).environment("SECRET", secret).start()) {
			String absent = UUID.randomUUID().toString();
			List<MemoryMatch> matches = function.searchMemory(secret, absent);
			assertThat(matches).isNotEmpty().allMatch((match) -> match.index() == 0).anySatisfy((match) -> {
				assertThat(match.mapping()).isEqualTo("[stack]");
				assertThat(match.before()).isEqualTo("SECRET=");
			});
			assertThat(matches.toString()).doesNotContain(secret);
			function.invoke("\"" + absent + "\"");
			assertThat(function.searchMemory(absent)).isNotEmpty();
			assertThatIllegalArgumentException().isThrownBy(() -> function.searchMemory("short"));
		}
	}

	private static LambdaRuntime.Builder function(Class<?> handler) {
		return LambdaRuntime.builder().handler(handler.getName()).classPath(System.getProperty("java.class.path"));
	}

}
