package io.soong.benchmarks;

import java.sql.SQLException;

/**
 * Who takes part.
 */
enum Library {

	/** What the others are compared with. */
	JDBC("JDBC by hand") {
		@Override
		Contender open(Database database) throws SQLException {
			return new JdbcContender(database.connection());
		}
	},

	/** What preparing by each call costs. */
	JDBC_PREPARED_ANEW("JDBC by hand, prepared by each call") {
		@Override
		Contender open(Database database) throws SQLException {
			return new PreparedAnewContender(database.connection());
		}
	},

	/** Soong. */
	SOONG("Soong, records") {
		@Override
		Contender open(Database database) {
			return new SoongContender(database.dataSource());
		}
	},

	/** Soong without classes. */
	SOONG_ROW("Soong, `Row`") {
		@Override
		Contender open(Database database) {
			return new SoongRowContender(database.dataSource());
		}
	},

	/** Spring's template. */
	JDBC_TEMPLATE("JdbcTemplate") {
		@Override
		Contender open(Database database) throws SQLException {
			return new JdbcTemplateContender(database.connection());
		}
	},

	/** Spring's template, helped by the driver. */
	JDBC_TEMPLATE_REWRITING("JdbcTemplate, `reWriteBatchedInserts`") {
		@Override
		Contender open(Database database) throws SQLException {
			return new JdbcTemplateContender(database.rewritingConnection());
		}
	},

	/** Spring's client. */
	JDBC_CLIENT("JdbcClient") {
		@Override
		Contender open(Database database) throws SQLException {
			return new JdbcClientContender(database.connection());
		}
	},

	/** Jdbi. */
	JDBI("Jdbi") {
		@Override
		Contender open(Database database) throws SQLException {
			return new JdbiContender(database.connection());
		}
	},

	/** Spring Data. */
	SPRING_DATA("Spring Data JDBC") {
		@Override
		Contender open(Database database) throws SQLException {
			return new SpringDataContender(database.connection());
		}
	};

	private final String title;

	Library(String title) {
		this.title = title;
	}

	/** Its name in a table. */
	String title() {
		return this.title;
	}

	abstract Contender open(Database database) throws SQLException;

}
