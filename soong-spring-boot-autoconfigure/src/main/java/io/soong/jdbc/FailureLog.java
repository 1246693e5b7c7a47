package io.soong.jdbc;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.apache.commons.logging.Log;

/**
 * Writes the full diagnosis of a failed connection once per kind of failure, until a
 * connection succeeds again. Thread-safe.
 */
final class FailureLog {

	private final Log logger;

	private final Set<String> logged = ConcurrentHashMap.newKeySet();

	FailureLog(Log logger) {
		this.logger = logger;
	}

	void log(SoongConnectionException failure) {
		if (this.logged.add(failure.step() + " " + failure.getSQLState())) {
			this.logger.error(failure.diagnosis());
		}
	}

	void clear() {
		this.logged.clear();
	}

}
