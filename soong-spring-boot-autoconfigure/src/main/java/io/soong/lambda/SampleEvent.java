package io.soong.lambda;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.sql.SQLException;
import java.time.Duration;

import javax.sql.DataSource;

import io.soong.jdbc.Invocation;
import io.soong.jdbc.SoongDataSource;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.crac.Context;
import org.crac.Core;
import org.jspecify.annotations.Nullable;

import org.springframework.context.ApplicationContext;
import org.springframework.core.io.FileSystemResource;
import org.springframework.core.io.Resource;
import org.springframework.util.ResourceUtils;

/**
 * A sample event that the running function handles before a snapshot of the process is
 * taken. The snapshot then holds the classes this needs, and compiled code if the JVM
 * compiles it. Changes in the database are rolled back.
 * <p>
 * Registered after the data source, so that this hook runs before the data source closes
 * its connection.
 */
final class SampleEvent implements org.crac.Resource {

	static final String EVENT = "soong.snapstart.event";

	static final String REPETITIONS = "soong.snapstart.repetitions";

	private static final Log logger = LogFactory.getLog(SoongFunctionInvoker.class);

	/** The limit for all repetitions together. */
	private static final Duration LIMIT = Duration.ofSeconds(10);

	private final Handler handler;

	private final byte[] event;

	private final int repetitions;

	SampleEvent(Handler handler, byte[] event, int repetitions) {
		this.handler = handler;
		this.event = event;
		this.repetitions = repetitions;
	}

	/**
	 * Registers the sample event of an application.
	 * @param handler handles events
	 * @param context the application
	 * @return the hook, to be kept as long as the handler; {@code null} if its changes
	 * could not be rolled back
	 */
	static @Nullable Object register(Handler handler, ApplicationContext context) {
		String location = context.getEnvironment().getRequiredProperty(EVENT);
		for (DataSource dataSource : context.getBeansOfType(DataSource.class).values()) {
			if (!isRolledBack(dataSource)) {
				logger.warn(
						"The sample event (" + EVENT + ") is not handled before the snapshot, because the application "
								+ "has a data source that is not Soong's, whose changes could not be rolled back");
				return null;
			}
		}
		int repetitions = context.getEnvironment().getProperty(REPETITIONS, Integer.class, 10);
		try (InputStream input = resource(context, location.strip()).getInputStream()) {
			SampleEvent sample = new SampleEvent(handler, input.readAllBytes(), repetitions);
			Core.getGlobalContext().register(sample);
			return sample;
		}
		catch (IOException ex) {
			throw new IllegalStateException(
					EVENT + " is '" + location + "', and this file cannot be read. Deploy the file with the function, "
							+ "and set " + EVENT + " to classpath:FILE",
					ex);
		}
	}

	// A path without a prefix is a file, as in the other properties
	private static Resource resource(ApplicationContext context, String location) {
		return ResourceUtils.isUrl(location) ? context.getResource(location) : new FileSystemResource(location);
	}

	private static boolean isRolledBack(DataSource dataSource) {
		try {
			return dataSource.isWrapperFor(SoongDataSource.class);
		}
		catch (SQLException ex) {
			return false;
		}
	}

	/**
	 * Never throws, because an exception would end the process.
	 */
	@Override
	public void beforeCheckpoint(Context<? extends org.crac.Resource> context) throws InterruptedException {
		// Libraries keep used buffers in the thread, so a short-lived thread handles the
		// event
		Thread thread = new Thread(this::handle, "soong-sample-event");
		thread.start();
		thread.join();
	}

	private void handle() {
		long end = System.nanoTime() + LIMIT.toNanos();
		for (int i = 0; i < this.repetitions && end - System.nanoTime() > 0; i++) {
			Invocation invocation = Invocation.openRollbackOnly("sample event",
					Duration.ofNanos(end - System.nanoTime()));
			try {
				this.handler.handle(new ByteArrayInputStream(this.event), new SampleContext(end));
			}
			catch (IOException | RuntimeException ex) {
				logger.warn("The function failed with the sample event (" + EVENT + "), so that its first answer after "
						+ "a restore will be slower. Correct the event, or remove the property. Failure: " + ex);
				return;
			}
			finally {
				invocation.close();
			}
		}
	}

	@Override
	public void afterRestore(Context<? extends org.crac.Resource> context) {
	}

	/**
	 * Handles an event.
	 */
	@FunctionalInterface
	interface Handler {

		byte[] handle(InputStream event, com.amazonaws.services.lambda.runtime.Context context) throws IOException;

	}

}
