package io.soong.samples.gizmos;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.jdbc.test.autoconfigure.AutoConfigureTestDatabase;

/**
 * The application on a developer's machine: with an embedded PostgreSQL, and its
 * functions behind HTTP.
 */
@AutoConfigureTestDatabase
class GizmosDevelopment {

	public static void main(String[] args) {
		SpringApplication.from(GizmosApplication::main).with(GizmosDevelopment.class).run(args);
	}

}
