package io.soong.sql;

import org.jspecify.annotations.Nullable;

/**
 * A value that was read and whose Java value does not say all of it, such as the interval
 * {@code 1 day}, which is not {@code 24:00:00} to the server. A {@link Row} shows the
 * Java value and is written back as the server's text.
 *
 * @param value the Java value
 * @param type the name of the type it is bound with; null for none, as text is
 * @param text the server's text
 */
record StoredValue(Object value, @Nullable String type, String text) {

	/** The Java value. */
	static @Nullable Object plain(@Nullable Object value) {
		return (value instanceof StoredValue stored) ? stored.value() : value;
	}

	/** What is bound to store it as it was read. */
	Object parameter() {
		return (this.type != null) ? ParameterValue.typed(this.type, this.text) : this.text;
	}

	/** Without the value, which must not end up in a log. */
	@Override
	public String toString() {
		return "?";
	}

}
