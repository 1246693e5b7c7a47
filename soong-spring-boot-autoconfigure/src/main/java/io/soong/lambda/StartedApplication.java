package io.soong.lambda;

import org.jspecify.annotations.Nullable;

import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ContextRefreshedEvent;

/**
 * Finds the functions of the application that a {@link SoongFunctionInvoker} starts: its
 * superclass starts the application inside its constructor and does not expose it. A
 * listener that every Spring Boot application has. It acts only on the thread of an
 * invoker that is starting.
 */
final class StartedApplication implements ApplicationListener<ContextRefreshedEvent> {

	private static final ThreadLocal<@Nullable Start> START = new ThreadLocal<>();

	/**
	 * Announces that this thread is about to start an application.
	 * @param definition the definition that the invoker was given, if any
	 * @return the definition
	 */
	static @Nullable String expect(@Nullable String definition) {
		START.set(new Start(definition));
		return definition;
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
	public void onApplicationEvent(ContextRefreshedEvent event) {
		Start start = START.get();
		if (start == null || start.endpoint != null || !FunctionEndpoint.isAvailableIn(event.getApplicationContext())) {
			return;
		}
		try {
			start.endpoint = FunctionEndpoint.of(event.getApplicationContext(), start.definition);
		}
		catch (UndecidedFunctionException ex) {
			START.remove();
			throw ex;
		}
	}

	/**
	 * A start under way, and what came of it.
	 */
	private static final class Start {

		private final @Nullable String definition;

		private @Nullable FunctionEndpoint endpoint;

		private Start(@Nullable String definition) {
			this.definition = definition;
		}

	}

}
