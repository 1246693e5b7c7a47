package io.soong.sql;

import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * {@link ResultStream}: in which state it leaves the connection.
 */
@NullUnmarked
class ResultStreamTests {

	private final List<String> calls = new ArrayList<>();

	private final List<ResultStream<?>> closed = new ArrayList<>();

	@Test
	void closeWhenConnectionIsItsOwnLeavesItAsItWas() {
		ResultStream<String> stream = stream(true, false);
		assertFails(stream);
		assertThat(this.calls).containsExactly("isReadOnly", "setReadOnly true", "setAutoCommit false",
				"prepareStatement SELECT 1", "rollback", "setAutoCommit true", "setReadOnly false", "close");
		assertThat(this.closed).hasSize(1);
		assertThat(stream.tryAdvance((row) -> {
			throw new AssertionError(row);
		})).isFalse();
	}

	@Test
	void closeWhenConnectionIsBrokenReleasesIt() {
		assertFails(stream(true, true));
		assertThat(this.calls).endsWith("rollback", "setAutoCommit true", "setReadOnly false", "close");
	}

	@Test
	void closeWhenConnectionIsOfTheTransactionLeavesItAlone() {
		assertFails(stream(false, false));
		assertThat(this.calls).containsExactly("prepareStatement SELECT 1");
		assertThat(this.closed).hasSize(1);
	}

	@Test
	void closeWhenCalledAgainDoesNothing() {
		ResultStream<String> stream = stream(true, false);
		stream.close();
		stream.close();
		assertThat(this.calls).containsExactly("rollback", "setAutoCommit true", "close");
		assertThat(this.closed).hasSize(1);
	}

	@Test
	void heldWhenConnectionIsItsOwnIsByTheThreadThatOpenedIt() {
		assertThat(stream(true, false).isHeldBy(Thread.currentThread())).isTrue();
		assertThat(stream(true, false).isHeldBy(new Thread())).isFalse();
		assertThat(stream(false, false).isHeldBy(Thread.currentThread())).isFalse();
	}

	private static void assertFails(ResultStream<String> stream) {
		assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> stream.open("SELECT 1", (statement) -> {
			throw new AssertionError("No statement was prepared");
		}, null)).withMessage("no statement");
	}

	private ResultStream<String> stream(boolean own, boolean broken) {
		Connection connection = (Connection) Proxy.newProxyInstance(getClass().getClassLoader(),
				new Class<?>[] { Connection.class }, (proxy, method, args) -> {
					this.calls.add(method.getName() + ((args != null) ? " " + Arrays.asList(args).get(0) : ""));
					if (method.getName().equals("prepareStatement")) {
						throw new SQLException("no statement");
					}
					boolean setsUp = this.calls.size() < 4;
					if (broken && !setsUp && !method.getName().equals("close")) {
						throw new SQLException("broken");
					}
					return method.getName().equals("isReadOnly") ? false : null;
				});
		return new ResultStream<>(connection, own, (ex, failed) -> new IllegalStateException(ex.getMessage()),
				this.closed::add);
	}

}
