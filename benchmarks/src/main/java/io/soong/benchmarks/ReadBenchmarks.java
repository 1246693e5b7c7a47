package io.soong.benchmarks;

import java.sql.SQLException;
import java.util.Objects;
import java.util.SplittableRandom;

import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * Rows that are read. Public for JMH.
 */
@State(Scope.Benchmark)
public class ReadBenchmarks {

	private final SplittableRandom random = new SplittableRandom(42);

	@Param("JDBC")
	private String library = "";

	private @Nullable Contender contender;

	@Setup
	public void open() throws SQLException {
		this.contender = OpenContenders.get(this.library);
	}

	@Benchmark
	public Object get() throws SQLException {
		return contender().get(this.random.nextInt(Gizmos.ROWS) + 1);
	}

	@Benchmark
	public Object select() throws SQLException {
		return contender().select(this.random.nextInt(Gizmos.ROWS / Gizmos.SAME_QUANTITY));
	}

	@Benchmark
	public Object all() throws SQLException {
		return contender().all();
	}

	@Benchmark
	public Object wide() throws SQLException {
		return contender().wide(this.random.nextInt(Gizmos.WIDE_ROWS) + 1);
	}

	@Benchmark
	public Object allWide() throws SQLException {
		return contender().allWide();
	}

	private Contender contender() {
		return Objects.requireNonNull(this.contender);
	}

}
