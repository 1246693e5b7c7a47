package io.soong.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.soong.jdbc.SoongDataSource;

/**
 * Threads that borrow a connection for one query each, from Soong's DataSource and from
 * HikariCP in turn.
 */
public final class ThreadsProgram {

	/** Threads and connections. */
	static final List<int[]> CASES = List.of(new int[] { 8, 1 }, new int[] { 64, 1 }, new int[] { 8, 8 },
			new int[] { 64, 8 });

	private final Duration turn;

	private final int turns;

	private ThreadsProgram(Duration turn, int turns) {
		this.turn = turn;
		this.turns = turns;
	}

	/**
	 * Measures on the database that the environment names.
	 * @param args the file to write to, the length of a turn in milliseconds, and how
	 * many turns each takes
	 */
	public static void main(String[] args) throws IOException, InterruptedException, SQLException {
		ThreadsProgram program = new ThreadsProgram(Duration.ofMillis(Long.parseLong(args[1])),
				Integer.parseInt(args[2]));
		List<String> lines = new ArrayList<>();
		for (int[] threadsAndConnections : CASES) {
			lines.add(program.measure(threadsAndConnections[0], threadsAndConnections[1]));
		}
		Files.write(Path.of(args[0]), lines);
	}

	// Calls a second of both, the ratio, and the shares of the threads that got least
	private String measure(int threads, int connections) throws InterruptedException, SQLException {
		Database database = new Database(System.getenv());
		try (SoongDataSource soong = database.dataSource(connections);
				HikariDataSource hikari = database.hikari(connections)) {
			run(soong, threads);
			run(hikari, threads);
			List<Turn> ours = new ArrayList<>();
			List<Turn> theirs = new ArrayList<>();
			for (int i = 0; i < this.turns; i++) {
				ours.add(run(soong, threads));
				theirs.add(run(hikari, threads));
			}
			double[] ratios = new double[this.turns];
			for (int i = 0; i < this.turns; i++) {
				ratios[i] = ours.get(i).callsPerSecond() / theirs.get(i).callsPerSecond();
			}
			return String.format(Locale.ROOT, "%d | %d | %.0f | %.0f | %.2f x | %.2f | %.2f", threads, connections,
					median(ours.stream().mapToDouble(Turn::callsPerSecond).toArray()),
					median(theirs.stream().mapToDouble(Turn::callsPerSecond).toArray()), median(ratios),
					median(ours.stream().mapToDouble(Turn::leastShare).toArray()),
					median(theirs.stream().mapToDouble(Turn::leastShare).toArray()));
		}
	}

	private static double median(double[] values) {
		return new Distribution(values).median();
	}

	private Turn run(DataSource dataSource, int threads) throws InterruptedException, SQLException {
		long[] calls = new long[threads];
		AtomicReference<SQLException> failure = new AtomicReference<>();
		CountDownLatch started = new CountDownLatch(1);
		List<Thread> running = new ArrayList<>();
		long[] end = new long[1];
		for (int i = 0; i < threads; i++) {
			int index = i;
			Thread thread = new Thread(() -> {
				try {
					started.await();
					while (System.nanoTime() - end[0] < 0) {
						query(dataSource, index);
						calls[index]++;
					}
				}
				catch (SQLException ex) {
					failure.set(ex);
				}
				catch (InterruptedException ex) {
					Thread.currentThread().interrupt();
				}
			});
			running.add(thread);
			thread.start();
		}
		long start = System.nanoTime();
		end[0] = start + this.turn.toNanos();
		started.countDown();
		for (Thread thread : running) {
			thread.join();
		}
		if (failure.get() != null) {
			throw failure.get();
		}
		return Turn.of(calls, System.nanoTime() - start);
	}

	private static void query(DataSource dataSource, int number) throws SQLException {
		try (Connection connection = dataSource.getConnection();
				PreparedStatement statement = connection.prepareStatement("SELECT ?::int")) {
			statement.setInt(1, number);
			try (ResultSet resultSet = statement.executeQuery()) {
				if (!resultSet.next() || resultSet.getInt(1) != number) {
					throw new IllegalStateException("Another answer");
				}
			}
		}
	}

	/**
	 * What one of them did in its turn.
	 *
	 * @param callsPerSecond of all threads
	 * @param leastShare calls of the thread that made fewest, as a part of the calls of
	 * the one that made most
	 */
	private record Turn(double callsPerSecond, double leastShare) {

		static Turn of(long[] calls, long nanos) {
			long sum = 0;
			long least = Long.MAX_VALUE;
			long most = 0;
			for (long count : calls) {
				sum += count;
				least = Math.min(least, count);
				most = Math.max(most, count);
			}
			return new Turn(sum / (nanos / (double) TimeUnit.SECONDS.toNanos(1)), least / (double) most);
		}

	}

}
