package io.soong.compatibility;

import java.util.Map;

import javax.sql.DataSource;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.job.Job;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.builder.JobBuilder;
import org.springframework.batch.core.job.parameters.JobParametersBuilder;
import org.springframework.batch.core.launch.JobOperator;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.Step;
import org.springframework.batch.core.step.builder.StepBuilder;
import org.springframework.batch.infrastructure.item.ItemReader;
import org.springframework.batch.infrastructure.item.database.Order;
import org.springframework.batch.infrastructure.item.database.builder.JdbcBatchItemWriterBuilder;
import org.springframework.batch.infrastructure.item.database.builder.JdbcCursorItemReaderBuilder;
import org.springframework.batch.infrastructure.item.database.builder.JdbcPagingItemReaderBuilder;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Spring Batch, which keeps its jobs in the database.
 */
class BatchIntegrationTests {

	/**
	 * A job of one step that copies ten numbers, two in a transaction.
	 */
	abstract static class Copying {

		@Autowired
		private DataSource dataSource;

		@Autowired
		private PlatformTransactionManager transactions;

		@Autowired
		private JobRepository jobs;

		@Autowired
		private JobOperator operator;

		@Autowired
		private JdbcClient client;

		JobExecution copy(String name, ItemReader<Integer> reader) throws Exception {
			JdbcBatchItemWriterBuilder<Integer> writer = new JdbcBatchItemWriterBuilder<Integer>()
				.dataSource(this.dataSource)
				.sql("INSERT INTO gizmos (name) VALUES (?)")
				.itemPreparedStatementSetter((number, statement) -> statement.setString(1, name + " " + number));
			Step step = new StepBuilder("copy", this.jobs).<Integer, Integer>chunk(2)
				.transactionManager(this.transactions)
				.reader(reader)
				.writer(writer.build())
				.build();
			Job job = new JobBuilder(name, this.jobs).start(step).build();
			return this.operator.start(job, new JobParametersBuilder().addString("run", "1").toJobParameters());
		}

		ItemReader<Integer> pages() throws Exception {
			return new JdbcPagingItemReaderBuilder<Integer>().name("pages")
				.dataSource(this.dataSource)
				.selectClause("SELECT number")
				.fromClause("FROM generate_series(1, 10) AS numbers (number)")
				.sortKeys(Map.of("number", Order.ASCENDING))
				.pageSize(4)
				.rowMapper((row, n) -> row.getInt(1))
				.build();
		}

		ItemReader<Integer> cursor() {
			return new JdbcCursorItemReaderBuilder<Integer>().name("cursor")
				.dataSource(this.dataSource)
				.sql("SELECT generate_series(1, 10)")
				.rowMapper((row, n) -> row.getInt(1))
				.build();
		}

		int written(String name) {
			return this.client.sql("SELECT count(*) FROM gizmos WHERE name LIKE ?")
				.param(name + " %")
				.query(Integer.class)
				.single();
		}

		String recorded(String name) {
			return this.client
				.sql("SELECT status FROM batch_job_execution JOIN batch_job_instance USING (job_instance_id) "
						+ "WHERE job_name = ?")
				.param(name)
				.query(String.class)
				.single();
		}

	}

	@Nested
	@CompatibilityTest
	class WithOneConnection extends Copying {

		@Test
		void jobThatReadsByPagesWritesAndIsRecorded() throws Exception {
			assertThat(copy("by pages", pages()).getStatus()).isEqualTo(BatchStatus.COMPLETED);
			assertThat(written("by pages")).isEqualTo(10);
			assertThat(recorded("by pages")).isEqualTo("COMPLETED");
		}

		@Test
		void jobThatReadsFromCursorSaysWhatItNeeds() throws Exception {
			JobExecution execution = copy("by cursor", cursor());
			assertThat(execution.getStatus()).isEqualTo(BatchStatus.UNKNOWN);
			assertThat(execution.getAllFailureExceptions())
				.anySatisfy((ex) -> assertThat(ex).hasStackTraceContaining("soong.connection.max"));
		}

	}

	@Nested
	@TwoConnections
	class WithTwoConnections extends Copying {

		@Test
		void jobThatReadsFromCursorWritesAndIsRecorded() throws Exception {
			assertThat(copy("by cursor", cursor()).getStatus()).isEqualTo(BatchStatus.COMPLETED);
			assertThat(written("by cursor")).isEqualTo(10);
			assertThat(recorded("by cursor")).isEqualTo("COMPLETED");
		}

	}

}
