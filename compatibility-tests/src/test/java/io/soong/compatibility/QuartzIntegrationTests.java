package io.soong.compatibility;

import java.util.Map;
import java.util.Properties;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import javax.sql.DataSource;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.quartz.Job;
import org.quartz.JobBuilder;
import org.quartz.JobDetail;
import org.quartz.JobExecutionContext;
import org.quartz.JobKey;
import org.quartz.JobPersistenceException;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.quartz.Trigger;
import org.quartz.TriggerBuilder;
import org.quartz.impl.jdbcjobstore.PostgreSQLDelegate;
import org.quartz.impl.jdbcjobstore.StdJDBCDelegate;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.scheduling.quartz.SchedulerFactoryBean;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionOperations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Quartz with its jobs in the database.
 */
@CompatibilityTest
class QuartzIntegrationTests {

	private static final BlockingQueue<String> RUNS = new LinkedBlockingQueue<>();

	private final SchedulerFactoryBean factory = new SchedulerFactoryBean();

	@Autowired
	private DataSource dataSource;

	@Autowired
	private PlatformTransactionManager transactionManager;

	@AfterEach
	void shutDown() throws SchedulerException {
		this.factory.destroy();
	}

	@Test
	void jobRunsWithItsDataFromTheDatabase() throws Exception {
		Scheduler scheduler = scheduler(PostgreSQLDelegate.class);
		scheduler.scheduleJob(job("Flux"), now());
		scheduler.start();
		assertThat(RUNS.poll(60, TimeUnit.SECONDS)).isEqualTo("Flux");
	}

	@Test
	void jobWhenItsTransactionIsRolledBackIsNotScheduled(@Autowired TransactionOperations transactions)
			throws Exception {
		Scheduler scheduler = scheduler(PostgreSQLDelegate.class);
		transactions.executeWithoutResult((status) -> {
			try {
				scheduler.scheduleJob(job("Portal gun"), now());
			}
			catch (SchedulerException ex) {
				throw new IllegalStateException(ex);
			}
			status.setRollbackOnly();
		});
		assertThat(scheduler.checkExists(JobKey.jobKey("Portal gun"))).isFalse();
	}

	@Test
	void dataOfAJobIsNotReadByTheStandardDelegate() throws Exception {
		Scheduler scheduler = scheduler(StdJDBCDelegate.class);
		scheduler.scheduleJob(job("Plumbus"), now());
		assertThatExceptionOfType(JobPersistenceException.class)
			.isThrownBy(() -> scheduler.getJobDetail(JobKey.jobKey("Plumbus")));
	}

	private Scheduler scheduler(Class<? extends StdJDBCDelegate> delegate) throws Exception {
		Properties properties = new Properties();
		properties.putAll(Map.of("org.quartz.jobStore.driverDelegateClass", delegate.getName(),
				"org.quartz.threadPool.threadCount", "2"));
		this.factory.setQuartzProperties(properties);
		this.factory.setSchedulerName(delegate.getSimpleName());
		this.factory.setDataSource(this.dataSource);
		this.factory.setTransactionManager(this.transactionManager);
		this.factory.afterPropertiesSet();
		return this.factory.getScheduler();
	}

	private static JobDetail job(String gizmo) {
		return JobBuilder.newJob(Polishing.class).withIdentity(gizmo).usingJobData("gizmo", gizmo).build();
	}

	private static Trigger now() {
		return TriggerBuilder.newTrigger().startNow().build();
	}

	/**
	 * A job, created by Quartz.
	 */
	public static final class Polishing implements Job {

		@Override
		public void execute(JobExecutionContext context) {
			RUNS.add(context.getMergedJobDataMap().getString("gizmo"));
		}

	}

}
