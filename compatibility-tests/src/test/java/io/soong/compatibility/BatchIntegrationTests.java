package io.soong.compatibility;

import org.junit.jupiter.api.Test;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.job.Job;
import org.springframework.batch.core.job.builder.JobBuilder;
import org.springframework.batch.core.job.parameters.JobParametersBuilder;
import org.springframework.batch.core.launch.JobOperator;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.Step;
import org.springframework.batch.core.step.builder.StepBuilder;
import org.springframework.batch.infrastructure.repeat.RepeatStatus;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Spring Batch, which keeps its jobs in the database.
 */
@CompatibilityTest
class BatchIntegrationTests {

	@Test
	void jobWritesAndIsRecorded(@Autowired JobRepository jobs, @Autowired JobOperator operator,
			@Autowired PlatformTransactionManager transactions, @Autowired JdbcClient client) throws Exception {
		Step step = new StepBuilder("insert", jobs).tasklet((contribution, chunk) -> {
			client.sql("INSERT INTO gizmos (name) VALUES ('of Batch')").update();
			return RepeatStatus.FINISHED;
		}, transactions).build();
		Job job = new JobBuilder("gizmos", jobs).start(step).build();
		assertThat(operator.start(job, new JobParametersBuilder().addString("run", "1").toJobParameters()).getStatus())
			.isEqualTo(BatchStatus.COMPLETED);
		assertThat(client.sql("SELECT count(*) FROM gizmos WHERE name = 'of Batch'").query(Integer.class).single())
			.isOne();
		assertThat(client.sql("SELECT status FROM batch_job_execution").query(String.class).list())
			.containsExactly("COMPLETED");
	}

}
