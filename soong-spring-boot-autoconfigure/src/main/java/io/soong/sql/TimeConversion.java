package io.soong.sql;

import java.sql.Time;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Date;

import org.jspecify.annotations.Nullable;
import org.postgresql.PGStatement;

/**
 * Converts a date or time to another type of date or time, exactly, or refuses to. A
 * value without a time zone is read in the default time zone of the JVM, which the driver
 * also sets for the session. A local time that occurs twice or never in it is refused, as
 * is an instant whose local time occurs twice.
 */
final class TimeConversion {

	private static final int NANOS_PER_MILLI = 1_000_000;

	private TimeConversion() {
	}

	/**
	 * The value as another type.
	 * @param value what {@link ColumnType} reads of a date or time
	 * @param target the class of the result
	 * @return the result, or null if there is no conversion into such a type
	 * @throws MismatchException if something would be lost
	 */
	static @Nullable Object convert(Object value, Class<?> target) {
		boolean future = value.equals(OffsetDateTime.MAX) || value.equals(LocalDateTime.MAX)
				|| value.equals(LocalDate.MAX);
		if (future || value.equals(OffsetDateTime.MIN) || value.equals(LocalDateTime.MIN)
				|| value.equals(LocalDate.MIN)) {
			return infinity(future, target);
		}
		if (value instanceof OffsetDateTime time) {
			return instant(time, target);
		}
		if (value instanceof LocalDateTime time) {
			return local(time, target);
		}
		if (value instanceof LocalDate date) {
			return (target == java.sql.Date.class) ? sqlDate(date) : local(date.atStartOfDay(), target);
		}
		return (target == Time.class) ? sqlTime(value) : null;
	}

	private static @Nullable Object infinity(boolean future, Class<?> target) {
		OffsetDateTime end = future ? OffsetDateTime.MAX : OffsetDateTime.MIN;
		if (target == Instant.class) {
			return future ? Instant.MAX : Instant.MIN;
		}
		if (target == ZonedDateTime.class) {
			return end.toZonedDateTime();
		}
		if (target == OffsetDateTime.class) {
			return end;
		}
		if (target == LocalDateTime.class) {
			return end.toLocalDateTime();
		}
		if (target == LocalDate.class) {
			return end.toLocalDate();
		}
		long millis = future ? PGStatement.DATE_POSITIVE_INFINITY : PGStatement.DATE_NEGATIVE_INFINITY;
		if (target == Timestamp.class) {
			return new Timestamp(millis);
		}
		if (target == java.sql.Date.class) {
			return new java.sql.Date(millis);
		}
		return (target == Date.class) ? new Date(millis) : null;
	}

	private static @Nullable Object instant(OffsetDateTime value, Class<?> target) {
		if (target == ZonedDateTime.class) {
			return value.toZonedDateTime();
		}
		if (target == Instant.class) {
			return value.toInstant();
		}
		if (target == Timestamp.class) {
			return Timestamp.from(value.toInstant());
		}
		if (target == Date.class) {
			return date(Timestamp.from(value.toInstant()));
		}
		if (target == LocalDateTime.class) {
			LocalDateTime local = value.atZoneSameInstant(ZoneId.systemDefault()).toLocalDateTime();
			zoned(local);
			return local;
		}
		if (target == LocalDate.class) {
			return day(value);
		}
		return (target == java.sql.Date.class) ? sqlDate(day(value)) : null;
	}

	private static @Nullable Object local(LocalDateTime value, Class<?> target) {
		if (target == LocalDateTime.class) {
			return value;
		}
		if (target == OffsetDateTime.class) {
			return zoned(value).toOffsetDateTime();
		}
		if (target == ZonedDateTime.class) {
			return zoned(value);
		}
		if (target == Instant.class) {
			return zoned(value).toInstant();
		}
		if (target == Timestamp.class) {
			return timestamp(value);
		}
		if (target == Date.class) {
			return date(timestamp(value));
		}
		if (target == LocalDate.class) {
			return day(value);
		}
		return (target == java.sql.Date.class) ? sqlDate(day(value)) : null;
	}

	private static ZonedDateTime zoned(LocalDateTime value) {
		ZoneId zone = ZoneId.systemDefault();
		int offsets = zone.getRules().getValidOffsets(value).size();
		if (offsets != 1) {
			throw new MismatchException("holds a local time that " + ((offsets == 0) ? "never occurs" : "occurs twice")
					+ " in " + zone + ", the JVM's default time zone");
		}
		return value.atZone(zone);
	}

	private static LocalDate day(OffsetDateTime value) {
		ZoneId zone = ZoneId.systemDefault();
		LocalDate day = value.atZoneSameInstant(zone).toLocalDate();
		if (!day.atStartOfDay(zone).toInstant().equals(value.toInstant())) {
			throw timeOfDay();
		}
		return day;
	}

	private static LocalDate day(LocalDateTime value) {
		if (!value.toLocalTime().equals(LocalTime.MIDNIGHT)) {
			throw timeOfDay();
		}
		return value.toLocalDate();
	}

	// The old classes count days by the Julian calendar before 1582, years without a sign
	// and the first time zones otherwise
	private static Timestamp timestamp(LocalDateTime value) {
		Timestamp timestamp = Timestamp.from(zoned(value).toInstant());
		if (!timestamp.toLocalDateTime().equals(value)) {
			throw calendar();
		}
		return timestamp;
	}

	private static java.sql.Date sqlDate(LocalDate value) {
		java.sql.Date date = java.sql.Date.valueOf(value);
		if (!date.toLocalDate().equals(value)) {
			throw calendar();
		}
		return date;
	}

	// A timestamp is a Date too, and keeps what is finer than milliseconds
	private static Date date(Timestamp value) {
		return (value.getNanos() % NANOS_PER_MILLI == 0) ? new Date(value.getTime()) : value;
	}

	private static @Nullable Object sqlTime(Object value) {
		if (value instanceof LocalTime time) {
			return sqlTime(time);
		}
		if (!(value instanceof OffsetTime time)) {
			return null;
		}
		LocalTime local = time.toLocalTime();
		if (!zoned(local.atDate(LocalDate.EPOCH)).getOffset().equals(time.getOffset())) {
			throw new MismatchException("holds a time with another offset than that of " + ZoneId.systemDefault()
					+ ", the JVM's default time zone, which java.sql.Time cannot keep; read it as an OffsetTime");
		}
		return sqlTime(local);
	}

	private static Time sqlTime(LocalTime value) {
		if (value.getNano() % NANOS_PER_MILLI != 0) {
			throw new MismatchException(
					"holds a time finer than milliseconds, which java.sql.Time cannot keep; read it as a LocalTime");
		}
		Time seconds = Time.valueOf(value);
		if (!seconds.toLocalTime().equals(value.truncatedTo(ChronoUnit.SECONDS))) {
			throw calendar();
		}
		return new Time(seconds.getTime() + value.getNano() / NANOS_PER_MILLI);
	}

	private static MismatchException timeOfDay() {
		return new MismatchException("holds a time of day other than midnight, which a date cannot keep");
	}

	private static MismatchException calendar() {
		return new MismatchException("holds a date or time that the calendar of java.util.Date does not have; "
				+ "read it as a type of java.time");
	}

}
