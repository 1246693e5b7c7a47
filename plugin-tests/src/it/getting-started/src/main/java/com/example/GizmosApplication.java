package com.example;

import java.util.Objects;
import java.util.function.Function;

import io.soong.sql.SoongTemplate;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;

@SpringBootApplication
public class GizmosApplication {

	public static void main(String[] args) {
		SpringApplication.run(GizmosApplication.class, args);
	}

	@Bean
	Function<GizmoId, Gizmo> getGizmo(SoongTemplate soong) {
		return (event) -> soong.get("gizmos", event.id(), Gizmo.class).orElseThrow();
	}

	public record GizmoId(Integer id) {

		public GizmoId {
			Objects.requireNonNull(id, "id is missing");
		}

	}

	public record Gizmo(int id, String name, String color) {

	}

}
