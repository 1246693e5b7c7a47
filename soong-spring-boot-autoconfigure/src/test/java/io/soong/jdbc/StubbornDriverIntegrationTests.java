package io.soong.jdbc;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.soong.SharedRds;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A driver that does not return although its connection was cut.
 */
@Timeout(30)
class StubbornDriverIntegrationTests {

	private final CountDownLatch reported = new CountDownLatch(1);

	private volatile @Nullable ILoggingEvent report;

	@Test
	void driverThatIgnoresItsCutIsReportedBeforeTheDeadline() throws Throwable {
		ConnectionSettings settings = SharedRds.settings().deadlineMargin(Duration.ofSeconds(1)).build();
		PhysicalConnection connection = new ConnectionOpener(settings, SharedRds.iam(), Clock.systemUTC()).open();
		Logger logger = (Logger) LoggerFactory.getLogger(SoongDataSource.class);
		Appender appender = new Appender();
		appender.start();
		logger.addAppender(appender);
		try (Invocation invocation = Invocation.open("stubborn-1", Duration.ofMillis(1500))) {
			DeadlineGuard guard = connection.guard();
			guard.setInvocation(invocation, new Watchdog(() -> List.of(guard))::watch);
			guard.run("SELECT 1 /* for ever */", this, getClass().getDeclaredMethod("ignoreEverything"), null);
			assertThat(invocation.left(Duration.ZERO)).as("time left after the report").isPositive();
			assertThat(connection.isUsable()).isFalse();
		}
		finally {
			logger.detachAppender(appender);
			connection.abort();
		}
		ILoggingEvent report = this.report;
		assertThat(report).isNotNull();
		assertThat(String.valueOf(report)).contains("The deadline of invocation stubborn-1 cut the connection")
			.contains("'" + Thread.currentThread().getName() + "' has not returned")
			.contains("Statement: SELECT ?");
	}

	void ignoreEverything() throws InterruptedException {
		this.reported.await();
	}

	private final class Appender extends AppenderBase<ILoggingEvent> {

		@Override
		protected void append(ILoggingEvent event) {
			if (event.getLevel() == Level.ERROR) {
				StubbornDriverIntegrationTests.this.report = event;
				StubbornDriverIntegrationTests.this.reported.countDown();
			}
		}

	}

}
