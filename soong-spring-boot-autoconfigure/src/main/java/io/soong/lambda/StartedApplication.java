package io.soong.lambda;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.event.ApplicationFailedEvent;
import org.springframework.context.ApplicationEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ContextRefreshedEvent;
import org.springframework.util.ClassUtils;

/**
 * Finds the functions of the application that a {@link SoongFunctionInvoker} starts,
 * because its superclass starts the application inside its constructor and does not
 * expose it. Every Spring Boot application has this listener. It acts only on the thread
 * of an invoker that is starting, and stops when the start fails.
 */
final class StartedApplication implements ApplicationListener<ApplicationEvent> {

	private static final String MAIN_CLASS = "MAIN_CLASS";

	private static final ThreadLocal<@Nullable Start> START = new ThreadLocal<>();

	/**
	 * Announces that this thread is about to start an application.
	 * @param definition the definition that the invoker was given, if any
	 * @return the definition
	 * @throws IllegalStateException if {@code MAIN_CLASS} names no class
	 */
	static @Nullable String expect(@Nullable String definition) {
		checkMainClass();
		START.set(new Start(definition));
		return definition;
	}

	/**
	 * Checked here, because the superclass of the invoker fails before the start of the
	 * application, which is then still expected, and does not say which setting is wrong.
	 */
	private static void checkMainClass() {
		String variable = System.getenv(MAIN_CLASS);
		String name = (variable != null) ? variable : System.getProperty(MAIN_CLASS);
		try {
			if (name != null) {
				ClassUtils.forName(name, StartedApplication.class.getClassLoader());
			}
		}
		catch (ClassNotFoundException ex) {
			throw new IllegalStateException("MAIN_CLASS is '" + name + "', but the deployed package has no such class. "
					+ "Set MAIN_CLASS to the full name of the class with @SpringBootApplication", ex);
		}
	}

	/**
	 * Returns the functions of the application that this thread has started.
	 * @return the functions, or {@code null} if no application was started
	 */
	static @Nullable FunctionEndpoint take() {
		Start start = START.get();
		START.remove();
		return (start != null) ? start.endpoint : null;
	}

	@Override
	public void onApplicationEvent(ApplicationEvent event) {
		Start start = START.get();
		if (start == null) {
			return;
		}
		if (event instanceof ApplicationFailedEvent) {
			START.remove();
		}
		else if (event instanceof ContextRefreshedEvent refreshed && start.endpoint == null
				&& FunctionEndpoint.isAvailableIn(refreshed.getApplicationContext())) {
			start.endpoint = FunctionEndpoint.of(refreshed.getApplicationContext(), start.definition);
		}
	}

	/**
	 * A start in progress, and its result.
	 */
	private static final class Start {

		private final @Nullable String definition;

		private @Nullable FunctionEndpoint endpoint;

		private Start(@Nullable String definition) {
			this.definition = definition;
		}

	}

}
