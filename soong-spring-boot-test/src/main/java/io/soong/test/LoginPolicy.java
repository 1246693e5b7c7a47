package io.soong.test;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import io.soong.test.IamTokenVerifier.Verdict;

import org.jspecify.annotations.Nullable;

/**
 * Decides which logins are accepted, in addition to PostgreSQL, and records all of them.
 * Thread-safe.
 */
final class LoginPolicy {

	private final Clock clock;

	private final IamTokenVerifier verifier;

	private final LongSupplier nanoTime;

	private final List<Login> logins = new ArrayList<>();

	private final Supplier<IamCredentials> credentials;

	private int failingTokenChecks;

	private int limit;

	private double allowance;

	private long allowanceAt;

	private @Nullable Waking waking;

	private Duration wakingTime = Duration.ZERO;

	/** The time at which the first client connected, or 0. */
	private long firstClientAt;

	private @Nullable IamTokenVerifier green;

	private long greenUntil;

	/**
	 * Creates a policy.
	 * @param verifier the verifier of tokens
	 * @param credentials supplies the current credentials of the execution role
	 */
	LoginPolicy(IamTokenVerifier verifier, Supplier<IamCredentials> credentials) {
		this(verifier, credentials, System::nanoTime);
	}

	LoginPolicy(IamTokenVerifier verifier, Supplier<IamCredentials> credentials, LongSupplier nanoTime) {
		this.nanoTime = nanoTime;
		this.verifier = verifier;
		this.clock = verifier.clock();
		this.credentials = credentials;
	}

	Clock clock() {
		return this.clock;
	}

	synchronized void failTokenChecks(int times) {
		this.failingTokenChecks += times;
	}

	/**
	 * Removes all planned refusals.
	 */
	synchronized void clearFaults() {
		this.failingTokenChecks = 0;
		this.limit = 0;
		this.waking = null;
		this.green = null;
	}

	/**
	 * Limits the accepted tokens a second; 0 for no limit.
	 */
	synchronized void limit(int perSecond) {
		this.limit = perSecond;
		this.allowance = perSecond;
		this.allowanceAt = this.nanoTime.getAsLong();
	}

	/**
	 * Pauses the database. The first client that calls {@link #waking()} wakes it.
	 */
	synchronized void pause(Duration time, Waking answer) {
		this.waking = answer;
		this.wakingTime = time;
		this.firstClientAt = 0;
	}

	/**
	 * Returns the answer to clients while the database wakes.
	 * @return the answer, or {@code null} if the database is awake
	 */
	synchronized @Nullable Waking waking() {
		if (this.waking != null) {
			long now = this.nanoTime.getAsLong();
			if (this.firstClientAt == 0) {
				this.firstClientAt = now;
			}
			if (now - this.firstClientAt >= this.wakingTime.toNanos()) {
				this.waking = null;
			}
		}
		return this.waking;
	}

	/**
	 * Replaces the verifier for a limited time.
	 */
	synchronized void switchOver(IamTokenVerifier green, Duration time) {
		this.green = green;
		this.greenUntil = this.nanoTime.getAsLong() + time.toNanos();
	}

	private synchronized IamTokenVerifier verifier() {
		IamTokenVerifier green = this.green;
		return (green != null && this.nanoTime.getAsLong() - this.greenUntil < 0) ? green : this.verifier;
	}

	Verdict check(String token, String user) {
		Verdict verdict = verifier().verify(token, user, this.credentials.get());
		if (verdict.valid() && failThisCheck()) {
			return new Verdict(false, "the token is valid, but its check was told to fail", verdict.signedAt());
		}
		if (verdict.valid() && exceedsLimit()) {
			return new Verdict(false, "the token is valid, but there were too many logins within a second",
					verdict.signedAt());
		}
		return verdict;
	}

	/**
	 * Takes a login from a token bucket, which holds the logins of one second.
	 */
	private synchronized boolean exceedsLimit() {
		if (this.limit == 0) {
			return false;
		}
		long now = this.nanoTime.getAsLong();
		this.allowance = Math.min(this.limit, this.allowance + (now - this.allowanceAt) * 1e-9 * this.limit);
		this.allowanceAt = now;
		if (this.allowance < 1) {
			return true;
		}
		this.allowance--;
		return false;
	}

	private synchronized boolean failThisCheck() {
		if (this.failingTokenChecks == 0) {
			return false;
		}
		this.failingTokenChecks--;
		return true;
	}

	synchronized void record(Login login) {
		this.logins.add(login);
	}

	synchronized List<Login> logins() {
		return List.copyOf(this.logins);
	}

}
