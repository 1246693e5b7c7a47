package io.soong.jdbc;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Keeps what it is told.
 */
final class RecordingObserver implements ConnectionObserver {

	final List<Connect> connects = new CopyOnWriteArrayList<>();

	final List<Boolean> loans = new CopyOnWriteArrayList<>();

	final List<Boolean> waits = new CopyOnWriteArrayList<>();

	final List<Operation> operations = new CopyOnWriteArrayList<>();

	@Override
	public void connected(Connect connect) {
		this.connects.add(connect);
	}

	@Override
	public void lent(boolean openedAhead) {
		this.loans.add(openedAhead);
	}

	@Override
	public void waited(Duration waited, boolean served) {
		this.waits.add(served);
	}

	@Override
	public void executed(Operation operation) {
		this.operations.add(operation);
	}

}
