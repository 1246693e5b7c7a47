package io.soong.test;

import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

/**
 * An event from its submission to its answer. Thread-safe.
 */
final class PendingEvent {

	private final String id = UUID.randomUUID().toString();

	private final String json;

	private final CompletableFuture<@Nullable Void> delivered = new CompletableFuture<>();

	private final CompletableFuture<Answer> answer = new CompletableFuture<>();

	private volatile long deliveredAt = System.nanoTime();

	PendingEvent(String json) {
		this.json = json;
	}

	String id() {
		return this.id;
	}

	String json() {
		return this.json;
	}

	void deliver() {
		this.deliveredAt = System.nanoTime();
		this.delivered.complete(null);
	}

	void succeed(String payload) {
		this.answer.complete(new Answer(payload, null, null, elapsed()));
	}

	void fail(ErrorReport report) {
		this.answer.complete(new Answer(report.json(), report.type(), report.message(), elapsed()));
	}

	/**
	 * Completes with an error of Lambda's own, unless the event is answered.
	 */
	void end(String type, String message) {
		String report = "{\"errorType\":\"" + type + "\",\"errorMessage\":\"RequestId: " + this.id + " Error: "
				+ message.lines().findFirst().orElse("").replace("\\", "\\\\").replace("\"", "\\\"") + "\"}";
		this.answer.complete(new Answer(report, type, message, elapsed()));
		this.delivered.complete(null);
	}

	CompletableFuture<@Nullable Void> delivered() {
		return this.delivered;
	}

	CompletableFuture<Answer> answer() {
		return this.answer;
	}

	private Duration elapsed() {
		return Duration.ofNanos(System.nanoTime() - this.deliveredAt);
	}

}
