package io.soong.benchmarks;

import java.math.BigDecimal;
import java.sql.SQLException;
import java.util.Objects;

import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * Rows that are written one at a time. Public for JMH.
 */
@State(Scope.Benchmark)
public class WriteBenchmarks {

	@Param("JDBC")
	private String library = "";

	private @Nullable Contender contender;

	private int next;

	@Setup
	public void open() throws SQLException {
		this.contender = OpenContenders.get(this.library);
	}

	@Setup(Level.Iteration)
	public void empty() throws SQLException {
		OpenContenders.truncate("new_gizmos");
	}

	@Benchmark
	public int insert() throws SQLException {
		return contender().insert(Gizmos.newGizmo(this.next++));
	}

	@Benchmark
	public void update() throws SQLException {
		int number = this.next++;
		contender().update(new Repainting(number % Gizmos.ROWS + 1, "mauve", BigDecimal.valueOf(number, 2)));
	}

	private Contender contender() {
		return Objects.requireNonNull(this.contender);
	}

}
