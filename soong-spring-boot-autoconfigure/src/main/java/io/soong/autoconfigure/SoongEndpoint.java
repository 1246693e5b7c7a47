package io.soong.autoconfigure;

import java.util.Map;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.core.env.Environment;

/**
 * The Actuator endpoint {@code soong}: the doctor's report on a running application's
 * connection. Each read opens a connection of its own, one at a time. Without access
 * unless {@code management.endpoint.soong.access} grants it. Thread-safe.
 */
@Endpoint(id = "soong", defaultAccess = Access.NONE)
final class SoongEndpoint {

	private final DoctorReports reports;

	SoongEndpoint(ListableBeanFactory beanFactory, Environment environment) {
		this.reports = new DoctorReports(beanFactory, environment);
	}

	/**
	 * Runs the steps.
	 * @return the report
	 */
	@ReadOperation
	synchronized Map<String, Object> doctor() {
		return this.reports.create().toMap();
	}

}
