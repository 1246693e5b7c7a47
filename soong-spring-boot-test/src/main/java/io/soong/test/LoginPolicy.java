package io.soong.test;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

import io.soong.test.IamTokenVerifier.Verdict;

import org.jspecify.annotations.Nullable;

/**
 * Decides which logins are accepted, beyond PostgreSQL's own decision, and records all of
 * them. Thread-safe.
 */
final class LoginPolicy {

	private final Clock clock;

	private final IamTokenVerifier verifier;

	private final List<Login> logins = new ArrayList<>();

	private final Supplier<IamCredentials> credentials;

	private int failingTokenChecks;

	private int limit;

	private double allowance;

	private long allowanceAt;

	private @Nullable Waking waking;

	private Duration wakingTime = Duration.ZERO;

	/** When the first client came, 0 if none has. */
	private long awakenedAt;

	private @Nullable IamTokenVerifier green;

	private long greenUntil;

	/**
	 * Creates a policy.
	 * @param verifier of tokens
	 * @param credentials those of the execution role at the time
	 */
	LoginPolicy(IamTokenVerifier verifier, Supplier<IamCredentials> credentials) {
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
	 * Refuses valid tokens beyond so many a second; 0 for any number.
	 */
	synchronized void limit(int perSecond) {
		this.limit = perSecond;
		this.allowance = perSecond;
		this.allowanceAt = System.nanoTime();
	}

	/**
	 * Suspends the database. The first client that calls {@link #waking()} wakes it.
	 */
	synchronized void sleep(Duration time, Waking answer) {
		this.waking = answer;
		this.wakingTime = time;
		this.awakenedAt = 0;
	}

	/**
	 * Returns what a client is answered in place of being served.
	 * @return {@code null} if it is awake
	 */
	synchronized @Nullable Waking waking() {
		if (this.waking != null) {
			long now = System.nanoTime();
			if (this.awakenedAt == 0) {
				this.awakenedAt = now;
			}
			if (now - this.awakenedAt >= this.wakingTime.toNanos()) {
				this.waking = null;
			}
		}
		return this.waking;
	}

	/**
	 * Accepts for a time only tokens that another verifier accepts.
	 */
	synchronized void switchOver(IamTokenVerifier green, Duration time) {
		this.green = green;
		this.greenUntil = System.nanoTime() + time.toNanos();
	}

	private synchronized IamTokenVerifier verifier() {
		IamTokenVerifier green = this.green;
		return (green != null && System.nanoTime() - this.greenUntil < 0) ? green : this.verifier;
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
	 * A token bucket that holds a second's worth and fills up steadily.
	 */
	private synchronized boolean exceedsLimit() {
		if (this.limit == 0) {
			return false;
		}
		long now = System.nanoTime();
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
