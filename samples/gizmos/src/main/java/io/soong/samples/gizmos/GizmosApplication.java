package io.soong.samples.gizmos;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/**
 * The application that every one of the functions starts.
 */
@SpringBootApplication
public class GizmosApplication {

	public static void main(String[] args) {
		SpringApplication.run(GizmosApplication.class, args);
	}

}
