package io.soong.compatibility;

import java.util.function.Function;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Several functions, of which an event's header chooses one.
 */
@Configuration(proxyBeanMethods = false)
class Functions {

	@Bean
	Function<String, Integer> add(JdbcClient client) {
		return (name) -> client.sql("INSERT INTO gizmos (name) VALUES (?)").param(name).update();
	}

	@Bean
	Function<String, Integer> count(JdbcClient client) {
		return (pattern) -> client.sql("SELECT count(*) FROM gizmos WHERE name LIKE ?")
			.param(pattern)
			.query(Integer.class)
			.single();
	}

}
