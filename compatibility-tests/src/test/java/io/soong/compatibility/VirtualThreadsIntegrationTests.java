package io.soong.compatibility;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.core.task.VirtualThreadTaskExecutor;
import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Virtual threads, which are more than there are connections.
 */
@CompatibilityTest
class VirtualThreadsIntegrationTests {

	@Test
	@EnabledForJreRange(min = JRE.JAVA_21, disabledReason = "The JDK has no virtual threads")
	void virtualThreadsShareTheConnections(@Autowired JdbcClient client) throws Exception {
		VirtualThreadTaskExecutor executor = new VirtualThreadTaskExecutor();
		List<CompletableFuture<Integer>> answers = IntStream.range(0, 20)
			.mapToObj((i) -> executor
				.submitCompletable(() -> client.sql("SELECT ?::int").param(i).query(Integer.class).single()))
			.toList();
		CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new)).get(1, TimeUnit.MINUTES);
		assertThat(answers).extracting(CompletableFuture::join)
			.containsExactlyElementsOf(IntStream.range(0, 20).boxed().toList());
	}

}
