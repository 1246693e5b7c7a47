package io.soong.slices;

import java.util.Map;

import io.soong.sql.SoongTemplate;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.jdbc.test.autoconfigure.AutoConfigureTestDatabase;
import org.springframework.context.annotation.Bean;

/**
 * A program with an embedded database, whose last bean writes when the context closes,
 * which it does when the JVM ends.
 */
@EnableAutoConfiguration
@AutoConfigureTestDatabase
class WritingAtTheEnd {

	private static final int ROWS = 500;

	@Bean
	DisposableBean writing(SoongTemplate soong) {
		return () -> {
			for (int i = 0; i < ROWS; i++) {
				soong.insert("gizmos", Map.of("name", "Gizmo" + (1000 + i)));
			}
			System.out.println("wrote " + (soong.select("gizmos").count() - 1) + " rows");
		};
	}

	public static void main(String[] args) {
		SpringApplication.run(WritingAtTheEnd.class, args);
	}

}
