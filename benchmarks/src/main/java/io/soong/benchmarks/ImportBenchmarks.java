package io.soong.benchmarks;

import java.sql.SQLException;
import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * Rows that are written all at once, into an empty table. Public for JMH.
 */
@State(Scope.Benchmark)
public class ImportBenchmarks {

	private final List<ImportedGizmo> gizmos = Gizmos.imported(Gizmos.ROWS);

	@Param("JDBC")
	private String library = "";

	private @Nullable Contender contender;

	@Setup
	public void open() throws SQLException {
		this.contender = OpenContenders.get(this.library);
	}

	// Takes much longer than a call of JMH's, as does what is measured
	@Setup(Level.Invocation)
	public void empty() throws SQLException {
		OpenContenders.truncate("imported_gizmos");
	}

	@Benchmark
	public void upsertAll() throws SQLException {
		Objects.requireNonNull(this.contender).upsertAll(this.gizmos);
	}

	@Benchmark
	public void insertAll() throws SQLException {
		Objects.requireNonNull(this.contender).insertAll(this.gizmos);
	}

}
