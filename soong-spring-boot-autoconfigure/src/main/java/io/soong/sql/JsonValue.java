package io.soong.sql;

import org.jspecify.annotations.Nullable;

/**
 * A value that is written as json, where it would otherwise be an array or plain text:
 * <pre class="code">{@code
 * soong.execute("UPDATE orders SET tags = ? WHERE id = ?", json(List.of("new", "paid")), 42);
 * soong.insert("settings", Map.of("id", 1, "value", json("123")));
 * }</pre>
 * <p>
 * It is bound as {@code jsonb}, or as the type of the column in a call on a table, and
 * needs Jackson 3. Immutable if its value is.
 */
public final class JsonValue {

	private final @Nullable Object value;

	private JsonValue(@Nullable Object value) {
		this.value = value;
	}

	/**
	 * Marks a value as json: a collection or an array becomes a json array, a string a
	 * json string, null json's own null.
	 * @param value the value
	 * @return the value as json
	 */
	public static JsonValue json(@Nullable Object value) {
		return new JsonValue(value);
	}

	@Nullable Object value() {
		return this.value;
	}

	/**
	 * Without the value, which must not be logged.
	 */
	@Override
	public String toString() {
		return "json";
	}

}
