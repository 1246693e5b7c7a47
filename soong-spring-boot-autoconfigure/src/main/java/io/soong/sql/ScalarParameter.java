package io.soong.sql;

import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.SQLException;
import java.sql.Time;
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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.TimeZone;
import java.util.UUID;

import org.jspecify.annotations.Nullable;
import org.postgresql.jdbc.TimestampUtils;
import org.postgresql.util.PGobject;

import org.springframework.util.ObjectUtils;

/**
 * Binds scalars, whose binding depends on the value only: numbers, text, dates and times.
 * A {@code String} is bound without a type, so that the server infers the type from its
 * place: text, uuid, json, an enum, a range.
 */
final class ScalarParameter {

	private ScalarParameter() {
	}

	/** Whether a value is an array for PostgreSQL, or json where its column is json. */
	static boolean isCollection(Object value) {
		return value instanceof Collection<?> || (value.getClass().isArray() && !(value instanceof byte[]));
	}

	/** Whether a value is a record of one component, which may replace the component. */
	static boolean isRecordOfOne(Object value) {
		return value instanceof Record && value.getClass().getRecordComponents().length == 1;
	}

	static @Nullable Object component(Object value) {
		RecordComponent component = value.getClass().getRecordComponents()[0];
		return Model.Property.of(component.getName(), component.getGenericType(), component.getAccessor(), null, null)
			.read(value);
	}

	/** The value to bind for one that is neither a collection nor json. */
	static Object scalar(Object value, Object place) {
		Object scalar = (value instanceof Enum<?> constant) ? constant.name() : scalarOrNull(value, place);
		if (scalar == null) {
			throw unsupported(value, place);
		}
		return scalar;
	}

	/**
	 * The value to bind for a scalar that converters do not apply to; null for an enum,
	 * and for a value that only a converter can make a scalar.
	 */
	static @Nullable Object scalarOrNull(Object value, Object place) {
		if (value instanceof CharSequence || value instanceof Character) {
			return wellFormed(value.toString(), place);
		}
		if (value instanceof NoValue) {
			throw unsupported(value, place);
		}
		if (value instanceof Boolean || value instanceof UUID || value instanceof byte[] || value instanceof PGobject) {
			return value;
		}
		if (value instanceof Number number) {
			return number(number);
		}
		if (value instanceof Duration) {
			return typed("interval", value.toString());
		}
		return time(value);
	}

	/** Text with a type. */
	static PGobject typed(String type, @Nullable String text) {
		PGobject object = new PGobject();
		object.setType(type);
		try {
			object.setValue(text);
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
		return object;
	}

	/** The text of a value; that of a date or time is as the driver binds it. */
	static String text(Object value) {
		if (value instanceof OffsetDateTime dateTime) {
			return TimeText.DRIVER.toString(dateTime);
		}
		if (value instanceof LocalDateTime dateTime) {
			return TimeText.DRIVER.toString(dateTime);
		}
		if (value instanceof LocalDate date) {
			return TimeText.DRIVER.toString(date);
		}
		if (value instanceof LocalTime time) {
			return TimeText.DRIVER.toString(time);
		}
		if (value instanceof OffsetTime time) {
			return TimeText.DRIVER.toString(time);
		}
		if (value instanceof Timestamp timestamp) {
			return TimeText.DRIVER.toString(null, timestamp);
		}
		if (value instanceof java.sql.Date date) {
			return TimeText.DRIVER.toString(null, date);
		}
		return (value instanceof Time time) ? TimeText.DRIVER.toString(null, time) : value.toString();
	}

	private static @Nullable Object number(Number value) {
		if (value instanceof BigInteger integer) {
			return new BigDecimal(integer);
		}
		if (value instanceof Integer || value instanceof Long || value instanceof BigDecimal || value instanceof Double
				|| value instanceof Float || value instanceof Short) {
			return value;
		}
		return (value instanceof Byte) ? value.shortValue() : null;
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
				|| value instanceof java.sql.Date || value instanceof Time) {
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

	/**
	 * Returns the text, unless it holds half of a surrogate pair, which UTF-8 cannot
	 * express: the driver would send a question mark.
	 */
	static String wellFormed(String text, Object place) {
		for (int i = 0; i < text.length(); i++) {
			char c = text.charAt(i);
			if (!Character.isSurrogate(c)) {
				continue;
			}
			if (Character.isLowSurrogate(c) || i + 1 == text.length()
					|| !Character.isLowSurrogate(text.charAt(i + 1))) {
				throw new IllegalArgumentException(
						"The value for " + place + " holds half of a surrogate pair, at character " + i
								+ "; the text may have been cut in the middle of a character");
			}
			i++;
		}
		return text;
	}

	private static IllegalArgumentException unsupported(Object value, Object place) {
		String fix = (value instanceof NoValue other) ? other.advice()
				: "pass text, or a type that PostgreSQL supports";
		return new IllegalArgumentException(
				"The value for " + place + " is a " + value.getClass().getName() + ", which cannot be bound; " + fix);
	}

	static List<@Nullable Object> elements(Object collection) {
		return new ArrayList<>((collection instanceof Collection<?> elements) ? elements
				: Arrays.asList(ObjectUtils.toObjectArray(collection)));
	}

	// Created with the first text
	private static final class TimeText {

		private static final TimestampUtils DRIVER = new TimestampUtils(false, TimeZone::getDefault);

	}

	/**
	 * A part of a statement that was passed by mistake in place of a value.
	 */
	abstract static class NoValue {

		/** The place where it belongs. */
		abstract String advice();

	}

}
