package io.soong.test;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import io.soong.test.Moment.Kind;

import org.jspecify.annotations.Nullable;

/**
 * The state of a session that faults depend on: the statement that a message executes,
 * and the number of the current row. One thread may use it for the client's messages
 * while another uses it for the server's.
 */
final class ProtocolState {

	private static final String READ_FROM_CLIENT = "PBEQC";

	private final Fault.Plan plan;

	private final Map<String, String> statements = new HashMap<>();

	private final Map<String, String> portals = new HashMap<>();

	private final AtomicInteger copied = new AtomicInteger();

	private boolean bound;

	private int rows;

	ProtocolState(Fault.Plan plan) {
		this.plan = plan;
	}

	boolean readsFromClient(int type) {
		return READ_FROM_CLIENT.indexOf(type) >= 0;
	}

	boolean readsFromServer(int type) {
		return type == Message.COMMAND_COMPLETE && !this.plan.isEmpty();
	}

	/**
	 * Looks at a message of the client: Parse, Bind, Execute, Query, Close, CopyData.
	 */
	@Nullable Fault fromClient(char type, byte[] buffer, int offset, int length) {
		switch (type) {
			case 'P' -> {
				String name = text(buffer, offset, length);
				int rest = bytes(name) + 1;
				this.statements.put(name, text(buffer, offset + rest, length - rest));
			}
			case 'B' -> {
				String portal = text(buffer, offset, length);
				int rest = bytes(portal) + 1;
				String name = text(buffer, offset + rest, length - rest);
				String sql = this.statements.getOrDefault(name, "");
				this.portals.put(portal, sql);
				this.bound = true;
				// The server takes its snapshot of the data at this message
				return executed(sql);
			}
			case 'C' -> {
				String name = text(buffer, offset + 1, length - 1);
				((buffer[offset] == 'S') ? this.statements : this.portals).remove(name);
			}
			case 'E' -> {
				boolean first = this.bound;
				this.bound = false;
				return first ? null : executed(this.portals.getOrDefault(text(buffer, offset, length), ""));
			}
			case 'Q' -> {
				return executed(text(buffer, offset, length));
			}
			case 'd' -> {
				return copyData();
			}
			default -> {
			}
		}
		return null;
	}

	/**
	 * Looks at a message of the server: DataRow, CommandComplete, CopyData, and the
	 * messages that begin a result.
	 */
	@Nullable Fault fromServer(char type, byte[] buffer, int offset, int length) {
		switch (type) {
			case Message.DATA_ROW -> {
				this.rows++;
				return this.plan.isEmpty() ? null : this.plan.at(Kind.ROW, "", this.rows);
			}
			case Message.COMMAND_COMPLETE -> {
				this.rows = 0;
				return (length == 0) ? null
						: this.plan.at(Kind.ANSWER, text(buffer, offset, length).toLowerCase(Locale.ROOT), 0);
			}
			case Message.BIND_COMPLETE, Message.ROW_DESCRIPTION -> this.rows = 0;
			case Message.COPY_IN_RESPONSE, Message.COPY_OUT_RESPONSE -> this.copied.set(0);
			case Message.COPY_DATA -> {
				return copyData();
			}
			default -> {
			}
		}
		return null;
	}

	private @Nullable Fault executed(String sql) {
		if (this.plan.isEmpty()) {
			return null;
		}
		String statement = sql.toLowerCase(Locale.ROOT);
		Fault fault = statement.strip().startsWith("commit") ? this.plan.at(Kind.COMMIT) : null;
		return (fault != null) ? fault : this.plan.at(Kind.STATEMENT, statement, 0);
	}

	private @Nullable Fault copyData() {
		int number = this.copied.incrementAndGet();
		return this.plan.isEmpty() ? null : this.plan.at(Kind.COPY_DATA, "", number);
	}

	/**
	 * Returns the text that ends with a zero byte, or with the inspected part of the
	 * message.
	 */
	private static String text(byte[] buffer, int offset, int length) {
		int end = offset;
		while (end < offset + length && buffer[end] != 0) {
			end++;
		}
		return new String(buffer, offset, end - offset, StandardCharsets.UTF_8);
	}

	private static int bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8).length;
	}

}
