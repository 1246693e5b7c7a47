package io.soong.test;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

import io.soong.test.IamTokenVerifier.Verdict;

import org.jspecify.annotations.Nullable;

/**
 * Decides who gets in, as far as PostgreSQL does not, and keeps the book of who came.
 * Safe for use by several threads.
 */
final class Gatekeeper {

	private final Clock clock;

	private final IamTokenVerifier verifier;

	private final List<Login> logins = new ArrayList<>();

	private IamCredentials credentials;

	private int failingTokenChecks;

	Gatekeeper(IamTokenVerifier verifier, IamCredentials credentials) {
		this.verifier = verifier;
		this.clock = verifier.clock();
		this.credentials = credentials;
	}

	Clock clock() {
		return this.clock;
	}

	synchronized IamCredentials credentials() {
		return this.credentials;
	}

	synchronized void credentials(IamCredentials credentials) {
		this.credentials = credentials;
	}

	synchronized void failTokenChecks(int times) {
		this.failingTokenChecks += times;
	}

	/**
	 * Decides again by what is right alone.
	 */
	synchronized void heal() {
		this.failingTokenChecks = 0;
	}

	Verdict check(String token, String user) {
		Verdict verdict = this.verifier.verify(token, user, credentials());
		if (verdict.valid() && failThisCheck()) {
			return new Verdict(false, "the token is valid, but its check was told to fail", verdict.signedAt());
		}
		return verdict;
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
