package io.soong.test;

import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

/**
 * An event on its way through the runtime.
 */
final class PendingEvent {

	private final String id = UUID.randomUUID().toString();

	private final byte[] event;

	private final CompletableFuture<@Nullable Void> handedOut = new CompletableFuture<>();

	private final CompletableFuture<Answer> answer = new CompletableFuture<>();

	private volatile long handedOutAt = System.nanoTime();

	PendingEvent(byte[] event) {
		this.event = event;
	}

	String id() {
		return this.id;
	}

	byte[] event() {
		return this.event;
	}

	void handOut() {
		this.handedOutAt = System.nanoTime();
		this.handedOut.complete(null);
	}

	void succeed(String payload) {
		this.answer.complete(new Answer(payload, null, null, elapsed()));
	}

	void fail(ErrorReport report) {
		this.answer.complete(new Answer(report.json(), report.type(), report.message(), elapsed()));
	}

	/**
	 * Ends with an error of Lambda's own, unless there is an answer already.
	 */
	void end(String type, String message) {
		String json = "{\"errorType\":\"" + type + "\",\"errorMessage\":\"RequestId: " + this.id + " Error: "
				+ message.lines().findFirst().orElse("").replace("\\", "\\\\").replace("\"", "\\\"") + "\"}";
		this.answer.complete(new Answer(json, type, message, elapsed()));
		this.handedOut.complete(null);
	}

	CompletableFuture<@Nullable Void> handedOut() {
		return this.handedOut;
	}

	CompletableFuture<Answer> answer() {
		return this.answer;
	}

	private Duration elapsed() {
		return Duration.ofNanos(System.nanoTime() - this.handedOutAt);
	}

}
