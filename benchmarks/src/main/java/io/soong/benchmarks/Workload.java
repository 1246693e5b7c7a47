package io.soong.benchmarks;

import java.util.List;

import static io.soong.benchmarks.Library.JDBC;
import static io.soong.benchmarks.Library.JDBC_CLIENT;
import static io.soong.benchmarks.Library.JDBC_PREPARED_ANEW;
import static io.soong.benchmarks.Library.JDBC_TEMPLATE;
import static io.soong.benchmarks.Library.JDBC_TEMPLATE_REWRITING;
import static io.soong.benchmarks.Library.JDBI;
import static io.soong.benchmarks.Library.SOONG;
import static io.soong.benchmarks.Library.SOONG_ROW;
import static io.soong.benchmarks.Library.SPRING_DATA;

/**
 * What is measured, of whom, and with what goals.
 */
enum Workload {

	/** One row. */
	GET("Get one row by id", ReadBenchmarks.class, "get", false,
			List.of(JDBC, JDBC_PREPARED_ANEW, SOONG, SOONG_ROW, JDBC_TEMPLATE, JDBC_CLIENT, JDBI, SPRING_DATA),
			List.of(new Goal(SOONG, JDBC, 1.12, 1.06), new Goal(SOONG_ROW, JDBC, 1.12, 1.06))),

	/** A few rows. */
	SELECT("Select 20 rows", ReadBenchmarks.class, "select", false,
			List.of(JDBC, SOONG, SOONG_ROW, JDBC_TEMPLATE, JDBC_CLIENT, JDBI, SPRING_DATA), List.of()),

	/** One row, written. */
	INSERT("Insert one row, return its id", WriteBenchmarks.class, "insert", false,
			List.of(JDBC, SOONG, JDBC_TEMPLATE, JDBC_CLIENT, JDBI, SPRING_DATA), List.of()),

	/** One row, changed. */
	UPDATE("Update two columns by id", WriteBenchmarks.class, "update", false,
			List.of(JDBC, SOONG, JDBC_TEMPLATE, JDBC_CLIENT, JDBI, SPRING_DATA), List.of()),

	/** All rows. */
	ALL("100,000 rows of 8 columns into records", ReadBenchmarks.class, "all", true,
			List.of(JDBC, SOONG, SOONG_ROW, JDBC_TEMPLATE, JDBC_CLIENT, JDBI, SPRING_DATA),
			List.of(new Goal(SOONG, JDBC, 1.1, 1.05), new Goal(SOONG, JDBC_CLIENT, 0.25, null))),

	/** A row of many columns. */
	WIDE("Get one row of 50 columns by id", ReadBenchmarks.class, "wide", false,
			List.of(JDBC, SOONG, SOONG_ROW, JDBC_TEMPLATE), List.of()),

	/** Rows of many columns. */
	ALL_WIDE("1,000 rows of 50 columns into records", ReadBenchmarks.class, "allWide", false,
			List.of(JDBC, SOONG, SOONG_ROW, JDBC_TEMPLATE), List.of(new Goal(SOONG, JDBC, 1.1, 1.05))),

	/** Many rows, written. */
	IMPORT("Insert 100,000 rows of 8 columns", ImportBenchmarks.class, "insertAll", true,
			List.of(JDBC, SOONG, JDBC_TEMPLATE, JDBC_TEMPLATE_REWRITING, JDBI, SPRING_DATA),
			List.of(new Goal(SOONG, JDBC, 1.2, 1.05), new Goal(SOONG, JDBC_TEMPLATE, 0.25, null))),

	/** Many rows, added or updated. */
	UPSERT("Upsert 100,000 rows of 8 columns", ImportBenchmarks.class, "upsertAll", true,
			List.of(JDBC, SOONG, JDBC_TEMPLATE), List.of(new Goal(SOONG, JDBC, 1.2, 1.05)));

	private final String title;

	private final Class<?> benchmarks;

	private final String method;

	private final boolean bulk;

	private final List<Library> libraries;

	private final List<Goal> goals;

	Workload(String title, Class<?> benchmarks, String method, boolean bulk, List<Library> libraries,
			List<Goal> goals) {
		this.title = title;
		this.benchmarks = benchmarks;
		this.method = method;
		this.bulk = bulk;
		this.libraries = libraries;
		this.goals = goals;
	}

	/** Its name in a table. */
	String title() {
		return this.title;
	}

	/** A regular expression that JMH finds its method by. */
	String include() {
		return "^" + this.benchmarks.getName().replace(".", "\\.") + "\\." + this.method + "$";
	}

	/** Whether once is long enough to be timed: a tenth of a second or more. */
	boolean isBulk() {
		return this.bulk;
	}

	/** Who takes part; first who the others are compared with. */
	List<Library> libraries() {
		return this.libraries;
	}

	List<Goal> goals() {
		return this.goals;
	}

}
