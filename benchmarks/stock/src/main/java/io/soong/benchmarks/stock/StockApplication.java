package io.soong.benchmarks.stock;

import java.util.function.Function;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Gets a gizmo with Spring Boot, Spring Cloud Function, HikariCP and the AWS Advanced
 * JDBC Wrapper, each set up as its documentation shows.
 */
@SpringBootApplication
public class StockApplication {

	public static void main(String[] args) {
		SpringApplication.run(StockApplication.class, args);
	}

	@Bean
	Function<GizmoId, Gizmo> getGizmo(JdbcClient jdbc) {
		return (event) -> jdbc.sql("SELECT id, name, color FROM gizmos WHERE id = ?")
			.param(event.id())
			.query(Gizmo.class)
			.single();
	}

	record GizmoId(int id) {

	}

	record Gizmo(int id, String name, @Nullable String color) {

	}

}
