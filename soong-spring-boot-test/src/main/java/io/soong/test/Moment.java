package io.soong.test;

import java.util.Locale;

/**
 * A point in the conversation between a client and {@link RdsLookalike}, at which a fault
 * may happen: {@code rds.when(Moment.commit()).cut()}. Everything before it has been
 * passed on, and nothing from it on. Immutable.
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
	 * A client has connected; nothing has been read from it. TCP itself cannot be delayed
	 * here: see {@link RdsLookalike#ignoreConnections(boolean)}.
	 * @return the moment
	 */
	public static Moment connect() {
		return new Moment(Kind.CONNECT, "", 0);
	}

	/**
	 * A client begins with TLS.
	 * @return the moment
	 */
	public static Moment tlsHandshake() {
		return new Moment(Kind.TLS, "", 0);
	}

	/**
	 * A client, over TLS, has sent its start-up packet.
	 * @return the moment
	 */
	public static Moment login() {
		return new Moment(Kind.LOGIN, "", 0);
	}

	/**
	 * A client asks, over a connection of its own, for the statement of another to be
	 * cancelled.
	 * @return the moment
	 */
	public static Moment cancelRequest() {
		return new Moment(Kind.CANCEL_REQUEST, "", 0);
	}

	/**
	 * A client has a statement executed, or fetches more of its rows.
	 * @param text some part of the statement, in any case, such as
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
	 * The server has executed a statement, outside of a transaction also committed it.
	 * The client does not know yet.
	 * @param tag what the server's answer begins with: {@code INSERT}, {@code UPDATE 1},
	 * {@code SELECT}, {@code COPY}
	 * @return the moment
	 */
	public static Moment answer(String tag) {
		return new Moment(Kind.ANSWER, tag.toLowerCase(Locale.ROOT), 0);
	}

	/**
	 * The server has sent a row. With a fetch size those of earlier fetches count too.
	 * @param number which one of the result, the first being 1
	 * @return the moment
	 */
	public static Moment row(int number) {
		return new Moment(Kind.ROW, "", number);
	}

	/**
	 * A piece of the data of a {@code COPY} is on its way, in either direction. How much
	 * is a piece is the sender's choice.
	 * @param number which one, the first being 1
	 * @return the moment
	 */
	public static Moment copyData(int number) {
		return new Moment(Kind.COPY_DATA, "", number);
	}

	Kind kind() {
		return this.kind;
	}

	/**
	 * Whether this is what happened.
	 * @param happened the kind of what happened
	 * @param what a statement or tag, in lower case
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
