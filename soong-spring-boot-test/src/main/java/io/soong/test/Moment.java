package io.soong.test;

import java.util.Locale;

/**
 * A point in the conversation between a client and {@link RdsLookalike}, at which a fault
 * can happen: {@code rds.when(Moment.commit()).cut()}. All bytes before it have been
 * passed on, and none after it. Immutable.
 */
public final class Moment {

	private final Kind kind;

	private final String text;

	private final int number;

	private Moment(Kind kind, String text, int number) {
		this.kind = kind;
		this.text = text;
		this.number = number;
	}

	/**
	 * The kinds of moments.
	 */
	enum Kind {

		CONNECT, TLS, LOGIN, CANCEL_REQUEST, STATEMENT, COMMIT, ANSWER, ROW, COPY_DATA

	}

	/**
	 * A client has connected; nothing has been read from it. For faults of TCP itself see
	 * {@link RdsLookalike#ignoreConnections(boolean)}.
	 * @return the moment
	 */
	public static Moment connect() {
		return new Moment(Kind.CONNECT, "", 0);
	}

	/**
	 * A client begins the TLS handshake.
	 * @return the moment
	 */
	public static Moment tlsHandshake() {
		return new Moment(Kind.TLS, "", 0);
	}

	/**
	 * A client has sent its start-up packet over TLS.
	 * @return the moment
	 */
	public static Moment login() {
		return new Moment(Kind.LOGIN, "", 0);
	}

	/**
	 * A client sends a request to cancel a statement, over a separate connection.
	 * @return the moment
	 */
	public static Moment cancelRequest() {
		return new Moment(Kind.CANCEL_REQUEST, "", 0);
	}

	/**
	 * A client executes a statement, or fetches more of its rows.
	 * @param text a part of the statement, in upper or lower case, such as
	 * {@code insert into gizmos}
	 * @return the moment
	 */
	public static Moment statement(String text) {
		return new Moment(Kind.STATEMENT, text.toLowerCase(Locale.ROOT), 0);
	}

	/**
	 * A client sends COMMIT. The server has not received it.
	 * @return the moment
	 */
	public static Moment commit() {
		return new Moment(Kind.COMMIT, "", 0);
	}

	/**
	 * The server has committed a transaction. The client has not received the answer.
	 * @return the moment
	 */
	public static Moment commitAnswer() {
		return answer("COMMIT");
	}

	/**
	 * The server has executed a statement and, outside of a transaction, committed it.
	 * The client has not received the answer.
	 * @param tag the beginning of the server's command tag: {@code INSERT},
	 * {@code UPDATE 1}, {@code SELECT}, {@code COPY}
	 * @return the moment
	 */
	public static Moment answer(String tag) {
		return new Moment(Kind.ANSWER, tag.toLowerCase(Locale.ROOT), 0);
	}

	/**
	 * The server has sent a row. Rows of earlier fetches of the same result count too.
	 * @param number the number of the row in the result, from 1
	 * @return the moment
	 */
	public static Moment row(int number) {
		return new Moment(Kind.ROW, "", number);
	}

	/**
	 * A piece of the data of a {@code COPY} is sent, in either direction. The sender
	 * decides the size of a piece.
	 * @param number the number of the piece, from 1
	 * @return the moment
	 */
	public static Moment copyData(int number) {
		return new Moment(Kind.COPY_DATA, "", number);
	}

	Kind kind() {
		return this.kind;
	}

	/**
	 * Whether an event is at this moment.
	 * @param happened the kind of the event
	 * @param what the statement or tag, in lower case
	 * @param count the number of the row or piece, from 1
	 */
	boolean is(Kind happened, String what, int count) {
		return this.kind == happened && this.number == count && switch (happened) {
			case STATEMENT -> what.contains(this.text);
			case ANSWER -> what.startsWith(this.text);
			default -> true;
		};
	}

	@Override
	public String toString() {
		return this.kind.name().toLowerCase(Locale.ROOT).replace('_', ' ')
				+ ((this.number > 0) ? " " + this.number : "") + (this.text.isEmpty() ? "" : " \"" + this.text + "\"");
	}

}
