package io.soong.test;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
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
import static org.awaitility.Awaitility.await;

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
			.start();
	}

	@AfterAll
	static void stop() {
		lambda.close();
	}

	@Test
	void invokeWhenFunctionAnswersReturnsItsPayload() {
		for (String event : List.of("{\"id\":1}", "\"äöü €\"", "\"" + "x".repeat(3_000_000) + "\"")) {
			Answer answer = lambda.invoke(event);
			assertThat(answer.isError()).isFalse();
			assertThat(answer.payload()).isEqualTo(event);
			assertThat(answer.errorType()).isNull();
			assertThat(answer.duration()).isBetween(Duration.ofNanos(1), Duration.ofSeconds(3));
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
	void functionSeesLambdasEnvironmentAndNothingOfTheTests() {
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
		assertThat(Integer.parseInt(context[2])).isBetween(1, 3000);
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
		// What a process writes arrives on another way than its answer
		await().untilAsserted(() -> {
			assertThat(lambda.logs()).contains("handling \"remember me\"");
			assertThat(lines).contains("handling \"remember me\"");
		});
	}

	@Test
	void freezeStopsTheProcessAndThawLetsItGoOn() throws IOException {
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
	void invokeWhenFunctionIsTooSlowKillsItAndReportsTimeout() throws Exception {
		try (LambdaRuntime slow = function(Functions.Echo.class).timeout(Duration.ofMillis(300)).start()) {
			Answer answer = slow.invoke("\"block\"");
			assertThat(answer.errorType()).isEqualTo(Answer.TIMED_OUT);
			assertThat(answer.errorMessage()).startsWith("Task timed out after 0.30 seconds").contains("blocking");
			assertThat(answer.payload()).contains("\"errorType\":\"Sandbox.Timedout\"");
			assertThat(answer.duration()).isBetween(Duration.ofMillis(300), Duration.ofSeconds(3));
			assertThat(ProcessHandle.of(slow.pid())).isEmpty();
			assertThatIllegalStateException().isThrownBy(() -> slow.invoke("1"))
				.withMessageContaining("The environment is gone");
		}
	}

	@Test
	void invokeWhenProcessEndsReportsStatusAndLog() {
		try (LambdaRuntime leaving = function(Functions.Echo.class).start()) {
			Answer answer = leaving.invoke("\"exit\"");
			assertThat(answer.errorType()).isEqualTo(Answer.EXITED);
			assertThat(answer.errorMessage()).startsWith("Runtime exited with status 42").contains("about to leave");
			assertThatIllegalStateException().isThrownBy(() -> leaving.invoke("1")).withMessageContaining("status 42");
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
	void startWhenFunctionDoesNotComeUpGivesUp() {
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
	void startWhenHandlerIsMissingSaysSo() {
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
		process.onExit().get(10, TimeUnit.SECONDS);
		frozen.close();
	}

	private static LambdaRuntime.Builder function(Class<?> handler) {
		return LambdaRuntime.builder().handler(handler.getName()).classPath(System.getProperty("java.class.path"));
	}

}
