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

	static String of(Object array, Supplier<String> subject) {
		StringBuilder text = new StringBuilder();
		append(text, array, subject);
		return text.toString();
	}

	private static void append(StringBuilder text, Object array, Supplier<String> subject) {
		text.append('{');
		if (array instanceof Collection<?> collection) {
			boolean first = true;
			for (Object element : collection) {
				appendElement(text, element, first, subject);
				first = false;
			}
		}
		else {
			for (int i = 0; i < Array.getLength(array); i++) {
				appendElement(text, Array.get(array, i), i == 0, subject);
			}
		}
		text.append('}');
	}

	private static void appendElement(StringBuilder text, @Nullable Object element, boolean first,
			Supplier<String> subject) {
		if (!first) {
			text.append(',');
		}
		if (element == null) {
			text.append("NULL");
		}
		else if (element instanceof Collection<?> || (element.getClass().isArray() && !(element instanceof byte[]))) {
			append(text, element, subject);
		}
		else {
			appendScalar(text, ParameterValue.scalar(element, () -> "an element of " + subject.get()));
		}
	}

	private static void appendScalar(StringBuilder text, Object scalar) {
		if (scalar instanceof Number || scalar instanceof Boolean) {
			text.append(scalar);
			return;
		}
		String value = (scalar instanceof byte[] bytes) ? "\\x" + HexFormat.of().formatHex(bytes) : TimeText.of(scalar);
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
