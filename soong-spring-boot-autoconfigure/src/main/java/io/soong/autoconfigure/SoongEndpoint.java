package io.soong.autoconfigure;

import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.core.env.Environment;

/**
 * The Actuator endpoint {@code soong}: the doctor's report on a running application's
 * connection. Each run opens a connection of its own. A read that comes during a run
 * waits for its report, so that many reads are one load for the database. Without access
 * unless {@code management.endpoint.soong.access} grants it. Thread-safe.
 */
@Endpoint(id = "soong", defaultAccess = Access.NONE)
final class SoongEndpoint {

	private final DoctorReports reports;

	private final AtomicReference<@Nullable FutureTask<Map<String, Object>>> running = new AtomicReference<>();

	SoongEndpoint(ListableBeanFactory beanFactory, Environment environment) {
		this.reports = new DoctorReports(beanFactory, environment);
	}

	/**
	 * Runs the steps.
	 * @return the report
	 */
	@ReadOperation
	Map<String, Object> doctor() throws InterruptedException, ExecutionException {
		FutureTask<Map<String, Object>> own = new FutureTask<>(() -> this.reports.create().toMap());
		FutureTask<Map<String, Object>> others = this.running.compareAndExchange(null, own);
		if (others != null) {
			return others.get();
		}
		try {
			own.run();
			return own.get();
		}
		finally {
			this.running.set(null);
		}
	}

}
