package io.soong.sql;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.postgresql.util.PGobject;

/**
 * Turns a value of the caller into one that {@link Binder} can bind, before anything is
 * sent. A {@code String} among the results is bound without a type, so that the server
 * takes it for what stands at its place: text, uuid, json, an enum, an array.
 */
final class ParameterValue {

	private ParameterValue() {
	}

	/**
	 * The value to bind.
	 * @param value the value of the caller
	 * @param subject says what the value is for, should it be refused
	 */
	static @Nullable Object of(@Nullable Object value, Supplier<String> subject) {
		if (value == null || value instanceof Integer || value instanceof Long) {
			return value;
		}
		if (value instanceof String text) {
			return text(text, subject);
		}
		return isCollection(value) ? ArrayLiteral.of(value, subject) : scalar(value, subject);
	}

	/**
	 * The value to bind for a column, which decides whether a collection is an array or
	 * json.
	 */
	static @Nullable Object of(@Nullable Object value, TableColumn column) {
		if (value != null && isCollection(value)) {
			// Refuses what cannot be bound
			ArrayLiteral.of(value, column::toString);
			return new UnresolvedValue.OfColumn(value, column);
		}
		return of(value, column::toString);
	}

	static boolean isCollection(Object value) {
		return value instanceof Collection<?> || (value.getClass().isArray() && !(value instanceof byte[]));
	}

	/**
	 * The array to bind for {@code = ANY (?)}. Where the elements have a type of their
	 * own the array has it too: a number too large for the column then matches nothing,
	 * as it does with {@code =}, where the server's guess at the type would fail on it.
	 */
	static Object ofElements(List<?> elements, Supplier<String> subject) {
		if (!elements.isEmpty()) {
			if (all(elements, Long.class, Integer.class, Short.class, Byte.class)) {
				return elements.stream().map((element) -> ((Number) element).longValue()).toArray(Long[]::new);
			}
			if (all(elements, UUID.class)) {
				return elements.toArray(UUID[]::new);
			}
			if (all(elements, Double.class, Float.class)) {
				return elements.stream().map((element) -> ((Number) element).doubleValue()).toArray(Double[]::new);
			}
			if (all(elements, Boolean.class)) {
				return elements.toArray(Boolean[]::new);
			}
		}
		return ArrayLiteral.of(elements, subject);
	}

	/**
	 * Returns the text, unless it holds half of a surrogate pair, which UTF-8 cannot
	 * express: the driver would send a question mark.
	 */
	static String text(String text, Supplier<String> subject) {
		for (int i = 0; i < text.length(); i++) {
			char c = text.charAt(i);
			if (!Character.isSurrogate(c)) {
				continue;
			}
			if (Character.isLowSurrogate(c) || i + 1 == text.length()
					|| !Character.isLowSurrogate(text.charAt(i + 1))) {
				throw new IllegalArgumentException(
						"The value for " + subject.get() + " holds half of a surrogate pair, at character " + i
								+ ", which is no text. It may have been cut in the middle of a character");
			}
			i++;
		}
		return text;
	}

	static Object scalar(Object value, Supplier<String> subject) {
		if (value instanceof CharSequence || value instanceof Character || value instanceof Duration) {
			return text(value.toString(), subject);
		}
		if (value instanceof Enum<?> constant) {
			return constant.name();
		}
		if (value instanceof Boolean || value instanceof UUID || value instanceof byte[] || value instanceof PGobject) {
			return value;
		}
		if (value instanceof Number number) {
			return number(number, subject);
		}
		Object time = time(value);
		if (time != null) {
			return time;
		}
		if (Json.isJson(value)) {
			return new UnresolvedValue.OfJson(value, subject);
		}
		throw unsupported(value, subject);
	}

	private static Object number(Number value, Supplier<String> subject) {
		if (value instanceof BigInteger integer) {
			return new BigDecimal(integer);
		}
		if (value instanceof Integer || value instanceof Long || value instanceof BigDecimal || value instanceof Double
				|| value instanceof Float || value instanceof Short) {
			return value;
		}
		if (value instanceof Byte) {
			return value.shortValue();
		}
		throw unsupported(value, subject);
	}

	private static @Nullable Object time(Object value) {
		if (value instanceof Instant instant) {
			return offsetDateTime(instant);
		}
		if (value instanceof ZonedDateTime dateTime) {
			return dateTime.toOffsetDateTime();
		}
		if (value instanceof LocalDate || value instanceof LocalTime || value instanceof LocalDateTime
				|| value instanceof OffsetDateTime || value instanceof OffsetTime || value instanceof Timestamp
				|| value instanceof java.sql.Date || value instanceof java.sql.Time) {
			return value;
		}
		if (value instanceof Date date) {
			return new Timestamp(date.getTime());
		}
		return null;
	}

	// The ends of Instant lie beyond those of OffsetDateTime, which the driver binds as
	// "infinity"
	private static OffsetDateTime offsetDateTime(Instant instant) {
		if (instant.equals(Instant.MAX)) {
			return OffsetDateTime.MAX;
		}
		if (instant.equals(Instant.MIN)) {
			return OffsetDateTime.MIN;
		}
		return instant.atOffset(ZoneOffset.UTC);
	}

	private static boolean all(List<?> elements, Class<?>... types) {
		for (Object element : elements) {
			boolean found = false;
			for (Class<?> type : types) {
				found |= type.isInstance(element);
			}
			if (!found) {
				return false;
			}
		}
		return true;
	}

	private static IllegalArgumentException unsupported(Object value, Supplier<String> subject) {
		String mend = (value instanceof Condition) ? "; a condition belongs in a key or a where"
				: "; pass text, or a type that PostgreSQL has";
		return new IllegalArgumentException("The value for " + subject.get() + " is a " + value.getClass().getName()
				+ ", which cannot be bound" + mend);
	}

}
