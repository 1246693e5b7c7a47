package io.soong.test;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.jspecify.annotations.Nullable;

/**
 * One execution environment: a process and its Runtime API, from initialization to end.
 * Thread-safe.
 */
final class ExecutionEnvironment implements AutoCloseable {

	private static final Duration DELIVERY_TIMEOUT = Duration.ofSeconds(60);

	private final FunctionSettings settings;

	private final TemporaryFolder folder;

	private final RuntimeApi api;

	private final Thread shutdownHook = new Thread(this::kill, "lambda-shutdown");

	private final CompletableFuture<String> end = new CompletableFuture<>();

	private final FunctionProcess process;

	private final Duration initDuration;

	private volatile @Nullable Duration restoreDuration;

	private volatile @Nullable Duration firstAnswer;

	/**
	 * Starts a process and waits until it requests its first event, or has reached its
	 * checkpoint.
	 */
	ExecutionEnvironment(FunctionSettings settings) throws IOException {
		this.settings = settings;
		this.folder = TemporaryFolder.create(Path.of(System.getProperty("java.io.tmpdir")), "soong-lambda-");
		try {
			this.api = new RuntimeApi(settings.timeout, FunctionCommand.functionArn(settings),
					FunctionCommand.roleCredentials(settings));
			try {
				this.process = new FunctionProcess(FunctionCommand.create(settings, this.folder.path(), this.api),
						settings.output);
			}
			catch (IOException | RuntimeException ex) {
				this.api.close();
				throw ex;
			}
		}
		catch (IOException | RuntimeException ex) {
			this.folder.close();
			throw ex;
		}
		Runtime.getRuntime().addShutdownHook(this.shutdownHook);
		this.process.onExit().thenAccept(this::exited);
		try {
			this.initDuration = awaitInitialization();
			if (isSnapshot()) {
				this.process.freeze();
			}
		}
		catch (RuntimeException ex) {
			close();
			throw ex;
		}
	}

	FunctionProcess process() {
		return this.process;
	}

	/**
	 * Whether it is a snapshot that has not been restored.
	 */
	boolean isSnapshot() {
		return this.settings.isSnapStart() && this.restoreDuration == null;
	}

	/**
	 * Whether it has ended, so that it handles no more events.
	 */
	boolean hasEnded() {
		return this.end.isDone();
	}

	/**
	 * Continues after the checkpoint and waits until the function requests its first
	 * event.
	 */
	Duration restore() {
		if (!isSnapshot()) {
			throw new IllegalStateException(
					"There is no snapshot to restore. Start with LambdaRuntime.Builder.snapshot(), and restore it once");
		}
		long start = System.nanoTime();
		try {
			this.process.thaw();
			this.api.restore();
			await(this.api.initialized(), "restored");
		}
		catch (RuntimeException ex) {
			close();
			throw ex;
		}
		Duration duration = Duration.ofNanos(this.api.initialized().join() - start);
		this.restoreDuration = duration;
		return duration;
	}

	Duration initDuration() {
		return this.initDuration;
	}

	@Nullable Duration firstAnswer() {
		return this.firstAnswer;
	}

	Answer invoke(String jsonEvent) {
		PendingEvent event = new PendingEvent(jsonEvent);
		this.api.submit(event);
		try {
			event.delivered().get(DELIVERY_TIMEOUT.toSeconds(), TimeUnit.SECONDS);
			Answer answer = answer(event);
			if (this.firstAnswer == null) {
				Duration before = this.restoreDuration;
				this.firstAnswer = ((before != null) ? before : this.initDuration).plus(answer.duration());
			}
			return answer;
		}
		catch (TimeoutException ex) {
			kill();
			throw new IllegalStateException("The runtime did not ask for the event within " + DELIVERY_TIMEOUT
					+ ". Its last output:\n" + this.process.logTail());
		}
		catch (ExecutionException ex) {
			throw new IllegalStateException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException("Interrupted while waiting for an answer", ex);
		}
	}

	private Answer answer(PendingEvent event) throws ExecutionException, InterruptedException {
		try {
			return event.answer().get(this.settings.timeout.toNanos(), TimeUnit.NANOSECONDS);
		}
		catch (TimeoutException ex) {
			event.end(Answer.TIMED_OUT, "Task timed out after %.2f seconds. Its last output:%n%s"
				.formatted(this.settings.timeout.toMillis() / 1000.0, this.process.logTail()));
			if (this.settings.maxConcurrency == 0) {
				kill();
				this.end.complete("It timed out");
			}
			return event.answer().get();
		}
	}

	@Override
	public void close() {
		kill();
		try {
			Runtime.getRuntime().removeShutdownHook(this.shutdownHook);
		}
		catch (IllegalStateException ex) {
			// The JVM is ending, so the hook runs anyway
		}
	}

	private void kill() {
		this.process.kill();
		this.api.close();
		this.folder.close();
	}

	private void exited(int status) {
		String reason = "Runtime exited with status " + status + ". Its last output:\n" + this.process.logTail();
		this.end.complete(reason);
		this.api.end(reason);
	}

	private Duration awaitInitialization() {
		CompletableFuture<Long> ready = isSnapshot() ? this.api.checkpointed() : this.api.initialized();
		await(ready, "initialized");
		return Duration.ofNanos(ready.join() - this.process.startedAt());
	}

	private void await(CompletableFuture<Long> ready, String what) {
		CompletableFuture<ErrorReport> error = this.api.error();
		try {
			CompletableFuture.anyOf(ready, error, this.end)
				.get(this.settings.initializationTimeout.toNanos(), TimeUnit.NANOSECONDS);
			if (ready.isDone()) {
				return;
			}
			if (error.isDone()) {
				// The runtime exits after its report; then its log is complete
				this.end.copy().completeOnTimeout("", 20, TimeUnit.SECONDS).join();
				throw new FunctionInitializationException(what, error.join().type(), error.join().message(),
						this.process.logTail());
			}
			throw new FunctionInitializationException(what, Answer.EXITED, this.end.join(), "");
		}
		catch (TimeoutException ex) {
			throw new FunctionInitializationException(what, Answer.TIMED_OUT,
					"The function was not " + what + " within " + this.settings.initializationTimeout,
					this.process.logTail());
		}
		catch (ExecutionException ex) {
			throw new IllegalStateException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException("Interrupted before the function was " + what, ex);
		}
	}

}
