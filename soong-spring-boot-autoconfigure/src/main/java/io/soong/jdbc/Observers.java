package io.soong.jdbc;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * The observers of a {@link SoongDataSource}. Without any, which is the default, they
 * cost a borrower one volatile read. Thread-safe.
 */
final class Observers {

	private static final Log logger = LogFactory.getLog(ConnectionLog.NAME);

	private volatile @Nullable Each all;

	/** The kinds of failure that were logged. */
	private final Set<String> failures = ConcurrentHashMap.newKeySet();

	/**
	 * Adds an observer, once.
	 */
	synchronized void add(ConnectionObserver observer) {
		Each all = this.all;
		if (all == null || !all.observers.contains(observer)) {
			this.all = with(all, observer);
		}
	}

	/**
	 * Returns the observer of what is done for an invocation, which notifies all others,
	 * or {@code null} if there is none.
	 */
	@Nullable ConnectionObserver of(@Nullable Invocation invocation) {
		ConnectionObserver other = (invocation != null) ? invocation.observer() : null;
		Each all = this.all;
		return (other != null) ? with(all, other) : all;
	}

	private Each with(@Nullable Each others, ConnectionObserver observer) {
		List<ConnectionObserver> observers = new ArrayList<>((others != null) ? others.observers : List.of());
		observers.add(observer);
		return new Each(observers);
	}

	/**
	 * Warns once of each kind of failure, because an observer that fails is likely to do
	 * so for every statement.
	 */
	private void log(ConnectionObserver observer, Throwable failure) {
		String observerType = observer.getClass().getName();
		if (this.failures.add(observerType + " " + failure.getClass().getName())) {
			logger.warn(
					"An observer of the connection failed: " + observerType
							+ ". The connection is not affected. More failures of this kind are logged at DEBUG",
					failure);
		}
		else {
			logger.debug("An observer of the connection failed again: " + observerType, failure);
		}
	}

	/**
	 * Notifies every observer, even if another one fails.
	 */
	private final class Each implements ConnectionObserver {

		private final List<ConnectionObserver> observers;

		Each(List<ConnectionObserver> observers) {
			this.observers = observers;
		}

		@Override
		public void connected(Connect connect) {
			tell((observer) -> observer.connected(connect));
		}

		@Override
		public void lent(boolean openedAhead) {
			tell((observer) -> observer.lent(openedAhead));
		}

		@Override
		public void waited(Duration waited, boolean served) {
			tell((observer) -> observer.waited(waited, served));
		}

		@Override
		public void executed(Operation operation) {
			tell((observer) -> observer.executed(operation));
		}

		private void tell(Consumer<ConnectionObserver> event) {
			for (ConnectionObserver observer : this.observers) {
				try {
					event.accept(observer);
				}
				// The library of an observer may be of another version
				catch (RuntimeException | LinkageError ex) {
					log(observer, ex);
				}
			}
		}

	}

}
