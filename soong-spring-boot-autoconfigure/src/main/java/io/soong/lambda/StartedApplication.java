package io.soong.lambda;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.event.ApplicationFailedEvent;
import org.springframework.context.ApplicationEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ContextRefreshedEvent;

/**
 * Finds the functions of the application that a {@link SoongFunctionInvoker} starts,
 * because its superclass starts the application inside its constructor and does not
 * expose it. Every Spring Boot application has this listener. It acts only on the thread
 * of an invoker that is starting, and stops when the start fails.
 */
final class StartedApplication implements ApplicationListener<ApplicationEvent> {

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
