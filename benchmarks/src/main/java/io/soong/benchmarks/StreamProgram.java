package io.soong.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

import io.soong.jdbc.SoongDataSource;
import io.soong.sql.SoongTemplate;

import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Reads far more rows than fit into the heap, as a stream of records.
 */
public final class StreamProgram {

	/** The heap, in MiB, in which it has to do. */
	static final int HEAP = 64;

	/** How many times all gizmos are read. */
	static final int TIMES = 10;

	private StreamProgram() {
	}

	/**
	 * Reads from the database that the environment names.
	 * @param args the file to write to how many milliseconds it took
	 */
	public static void main(String[] args) throws IOException {
		try (SoongDataSource dataSource = new Database(System.getenv()).dataSource()) {
			SoongTemplate soong = new SoongTemplate(new JdbcTemplate(dataSource));
			long start = System.nanoTime();
			long rows = read(soong);
			long millis = (System.nanoTime() - start) / 1_000_000;
			if (rows != (long) TIMES * Gizmos.ROWS) {
				throw new IllegalStateException("There were " + rows + " rows");
			}
			Files.writeString(Path.of(args[0]), Long.toString(millis));
		}
	}

	/** Reads all gizmos as many times, and returns how many rows that were. */
	static long read(SoongTemplate soong) {
		try (Stream<Gizmo> gizmos = soong.stream(Gizmo.class,
				Contender.ALL + " CROSS JOIN generate_series(1, ?) AS times", TIMES)) {
			return gizmos.mapToLong((gizmo) -> (gizmo.id() > 0) ? 1 : 0).sum();
		}
	}

}
