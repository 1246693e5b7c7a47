package io.soong.sql;

import java.lang.reflect.Array;
import java.util.Collection;
import java.util.HexFormat;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * Writes a collection or an array as PostgreSQL's text for an array, such as
 * {@code {"a","b",NULL}}. As text it takes on the element type of the column or parameter
 * it meets, be it text, uuid, an enum or jsonb.
 */
final class ArrayLiteral {

	private ArrayLiteral() {
	}

	/**
	 * The text of the array or, where json is among its elements, a value to resolve.
	 * Refuses what no array can hold.
	 */
	static Object of(Object array, Supplier<String> subject) {
		StringBuilder text = new StringBuilder();
		return append(text, array, subject, null) ? text.toString() : new UnresolvedValue.OfArray(array, subject);
	}

	/** The text of the array, its elements json where they are maps or records. */
	static String of(Object array, Supplier<String> subject, Json json) {
		StringBuilder text = new StringBuilder();
		append(text, array, subject, json);
		return text.toString();
	}

	/** Whether all could be written, which json cannot be without {@link Json}. */
	private static boolean append(StringBuilder text, Object array, Supplier<String> subject, @Nullable Json json) {
		boolean complete = true;
		text.append('{');
		if (array instanceof Collection<?> collection) {
			boolean first = true;
			for (Object element : collection) {
				complete &= appendElement(text, element, first, subject, json);
				first = false;
			}
		}
		else {
			for (int i = 0; i < Array.getLength(array); i++) {
				complete &= appendElement(text, Array.get(array, i), i == 0, subject, json);
			}
		}
		text.append('}');
		return complete;
	}

	private static boolean appendElement(StringBuilder text, @Nullable Object element, boolean first,
			Supplier<String> subject, @Nullable Json json) {
		if (!first) {
			text.append(',');
		}
		if (element == null) {
			text.append("NULL");
			return true;
		}
		if (ParameterValue.isCollection(element)) {
			return append(text, element, subject, json);
		}
		Object scalar = ParameterValue.scalar(element, () -> "an element of " + subject.get());
		if (scalar instanceof UnresolvedValue.OfJson value) {
			if (json == null) {
				return false;
			}
			appendQuoted(text, json.write(value.value(), value.subject()));
		}
		else if (scalar instanceof Number || scalar instanceof Boolean) {
			text.append(scalar);
		}
		else {
			appendQuoted(text,
					(scalar instanceof byte[] bytes) ? "\\x" + HexFormat.of().formatHex(bytes) : TimeText.of(scalar));
		}
		return true;
	}

	private static void appendQuoted(StringBuilder text, String value) {
		text.append('"');
		for (int i = 0; i < value.length(); i++) {
			char c = value.charAt(i);
			if (c == '"' || c == '\\') {
				text.append('\\');
			}
			text.append(c);
		}
		text.append('"');
	}

}
