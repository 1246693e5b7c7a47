package com.example.shop;

import java.util.function.Function;

import io.soong.sql.SoongTemplate;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;

@SpringBootApplication
public class ShopApplication {

	@Bean
	Function<GizmoId, Gizmo> getGizmo(SoongTemplate soong) {
		return (event) -> soong.get("gizmos", event.id(), Gizmo.class).orElseThrow();
	}

	public static void main(String[] args) {
		SpringApplication.run(ShopApplication.class, args);
	}

	record GizmoId(Integer id) {

	}

	record Gizmo(int id, String name) {

	}

}
