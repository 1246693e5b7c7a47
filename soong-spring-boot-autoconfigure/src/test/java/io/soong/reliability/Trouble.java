package io.soong.reliability;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.time.Duration;

import io.soong.test.Moment;
import io.soong.test.ServerCertificate;
import io.soong.test.Waking;

/**
 * What can go wrong.
 */
enum Trouble {

	BACKEND_KILLED {

		@Override
		void connecting(Server server) {
			server.rds().when(Moment.login()).refuse("57P01", "terminating connection due to administrator command");
		}

		@Override
		void idle(Server server) throws SQLException {
			server.rds().killConnections();
		}

		@Override
		void at(Moment moment, Server server) {
			server.rds().when(moment).kill();
		}

	},

	SOCKET_CUT {

		@Override
		void connecting(Server server) {
			at(Moment.login(), server);
		}

		@Override
		void idle(Server server) {
			server.rds().cutConnections();
		}

		@Override
		void at(Moment moment, Server server) {
			server.rds().when(moment).cut();
		}

	},

	SOCKET_STALLED {

		@Override
		void connecting(Server server) {
			at(Moment.tlsHandshake(), server);
		}

		@Override
		void idle(Server server) {
			server.rds().stallConnections();
		}

		@Override
		void at(Moment moment, Server server) {
			server.rds().when(moment).stall();
		}

	},

	SOCKET_BLACK_HOLED {

		@Override
		void connecting(Server server) {
			at(Moment.tlsHandshake(), server);
		}

		@Override
		void idle(Server server) {
			server.rds().blackHoleConnections();
		}

		@Override
		void at(Moment moment, Server server) {
			server.rds().when(moment).blackHole();
		}

	},

	SERVER_RESTARTED {

		@Override
		void connecting(Server server) {
			at(Moment.connect(), server);
		}

		@Override
		void idle(Server server) throws IOException {
			server.rds().restart();
		}

		@Override
		void at(Moment moment, Server server) {
			server.rds().when(moment).run(() -> run(server.rds()::restart));
		}

	},

	/** A failover: for two more logins the writer's name leads to a hot standby. */
	SERVER_READ_ONLY {

		@Override
		void connecting(Server server) throws IOException {
			idle(server);
		}

		@Override
		void idle(Server server) throws IOException {
			server.rds().demote();
			promoteLater(server);
		}

		@Override
		void at(Moment moment, Server server) {
			server.rds().when(moment).run(() -> run(server.rds()::demote));
			promoteLater(server);
		}

		private void promoteLater(Server server) {
			server.rds().when(Moment.login()).run(() -> {
			});
			server.rds().when(Moment.login()).run(() -> run(server.rds()::promote));
		}

	},

	SERVER_FULL {

		@Override
		void connecting(Server server) {
			server.rds().when(Moment.login()).times(2).refuse("53300", "sorry, too many clients already");
		}

	},

	SERVER_STARTING {

		@Override
		void connecting(Server server) {
			server.rds().when(Moment.login()).times(2).refuse("57P03", "the database system is starting up");
		}

	},

	TOKEN_CHECK_FAILED {

		@Override
		void connecting(Server server) {
			server.rds().failTokenChecks(1);
		}

	},

	/** A database that has scaled to zero wakes up. */
	DATABASE_WAKING {

		@Override
		void connecting(Server server) {
			server.rds().scaleToZero(Duration.ofMillis(500), Waking.NO_ENTRY);
		}

	},

	/** A blue/green switchover: the new servers still have their old name. */
	SWITCHED_OVER {

		@Override
		void connecting(Server server) {
			server.rds().when(Moment.connect()).run(() -> run(() -> switchOver(server)));
		}

		@Override
		void idle(Server server) throws SQLException {
			switchOver(server);
		}

		private void switchOver(Server server) throws SQLException {
			server.rds().switchOver(Duration.ofMillis(300), Duration.ofMillis(600));
		}

	},

	/** Another server is behind the name, with data of its own; this one is gone. */
	DNS_MOVED {

		@Override
		void connecting(Server server) throws IOException {
			server.moveName();
			server.rds().refuseConnections(true);
		}

	},

	/** Until it is fixed. */
	DNS_FAILING {

		@Override
		void connecting(Server server) {
			server.forgetName();
		}

	},

	/** Until it is fixed. */
	WRONG_CA {

		@Override
		void connecting(Server server) {
			server.rds().present(ServerCertificate.UNKNOWN_AUTHORITY);
		}

	};

	/**
	 * Happens with the next connection.
	 */
	abstract void connecting(Server server) throws Exception;

	/**
	 * Happens now, while the connection is idle.
	 */
	void idle(Server server) throws Exception {
		server.rds().killConnections();
		connecting(server);
	}

	/**
	 * Happens at a moment of the conversation.
	 */
	void at(Moment moment, Server server) throws Exception {
		server.rds().when(moment).kill();
		connecting(server);
	}

	/**
	 * Returns whether the server gives no answer any more.
	 */
	boolean isSilent() {
		return this == SOCKET_STALLED || this == SOCKET_BLACK_HOLED;
	}

	boolean lasts() {
		return this == DNS_FAILING || this == WRONG_CA;
	}

	private static void run(Task task) {
		try {
			task.run();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * What is done to the server.
	 */
	@FunctionalInterface
	private interface Task {

		void run() throws IOException, SQLException;

	}

}
