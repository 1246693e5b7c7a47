package io.soong.sql;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Time;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.UUID;

import org.jspecify.annotations.Nullable;
import org.postgresql.PGStatement;

/**
 * Converts a scalar to another type, exactly, or refuses to.
 * <p>
 * An integer must be exact in the new type. A decimal number becomes a double or float
 * with the same digits, so that a double or float that was written can be read again. In
 * addition, a fraction becomes the nearest double if neighbouring doubles differ by at
 * most 1, so that an average can be read as a double.
 * <p>
 * A date or time without a time zone is read in the default time zone of the JVM, which
 * the driver also sets for the session. A local time that occurs twice or never in it is
 * refused, as is an instant whose local time occurs twice.
 */
final class ScalarConversion {

	private static final Set<Class<?>> SCALARS = Set.of(Object.class, String.class, Character.class, Boolean.class,
			Number.class, Byte.class, Short.class, Integer.class, Long.class, BigInteger.class, BigDecimal.class,
			Double.class, Float.class, UUID.class, LocalDate.class, LocalTime.class, LocalDateTime.class,
			OffsetTime.class, OffsetDateTime.class, Instant.class, ZonedDateTime.class, Date.class, Timestamp.class,
			java.sql.Date.class, Time.class, Duration.class, byte[].class);

	private static final Set<Class<?>> COLLECTIONS = Set.of(List.class, Collection.class, Iterable.class, Set.class);

	// Up to here neighbouring doubles are at most 1 apart, and all integers are exact
	static final double DENSE_DOUBLES = 0x1p53;

	// A double or float represents any number with so many decimal digits. Before version
	// 19, the JDK shows more digits than necessary for some
	private static final int DOUBLE_DIGITS = 15;

	private static final int FLOAT_DIGITS = 6;

	private static final int NANOS_PER_MILLI = 1_000_000;

	private ScalarConversion() {
	}

	/** Whether it is a wrapper, text, a time or the like; {@code Object} is any. */
	static boolean isScalar(Class<?> type) {
		return SCALARS.contains(type);
	}

	/** Whether an array can be read as it, beside an array. */
	static boolean isCollection(Class<?> type) {
		return COLLECTIONS.contains(type);
	}

	/**
	 * The number as another type.
	 * @throws MismatchException if the result would be another number
	 */
	static Number number(Number value, Class<?> target) {
		if (target == Double.class) {
			return toDouble(value);
		}
		if (target == Float.class) {
			return toFloat(value);
		}
		if (!isFinite(value)) {
			throw new MismatchException("holds NaN or an infinity");
		}
		try {
			return exact(value, target);
		}
		catch (ArithmeticException ex) {
			throw new MismatchException("holds a number that does not fit");
		}
	}

	/** Whether the double nearest to the number shows the same digits. */
	static boolean isDouble(BigDecimal value) {
		double nearest = value.doubleValue();
		if (Double.isInfinite(nearest)) {
			return false;
		}
		return (Math.abs(nearest) >= Double.MIN_NORMAL && digits(value) <= DOUBLE_DIGITS)
				|| new BigDecimal(Double.toString(nearest)).compareTo(value) == 0;
	}

	static boolean isIntegral(BigDecimal value) {
		return value.signum() == 0 || value.scale() <= 0 || value.stripTrailingZeros().scale() <= 0;
	}

	private static Double toDouble(Number value) {
		double nearest = value.doubleValue();
		if (value instanceof Float || (nearest != 0 && Math.abs(nearest) < DENSE_DOUBLES)) {
			return nearest;
		}
		BigDecimal decimal = decimal(value);
		boolean dense = nearest != 0 && decimal.abs().compareTo(new BigDecimal(DENSE_DOUBLES)) <= 0;
		if (dense || isExact(nearest, decimal) || (value instanceof BigDecimal && isDouble(decimal))) {
			return nearest;
		}
		throw loss("Double");
	}

	private static Float toFloat(Number value) {
		float nearest = value.floatValue();
		if (value instanceof Float || !isFinite(value)) {
			return nearest;
		}
		BigDecimal exact = (value instanceof Double) ? new BigDecimal((Double) value) : decimal(value);
		boolean digitsDecide = value instanceof BigDecimal || (value instanceof Double && !isIntegral(exact));
		if (isExact(nearest, exact) || (digitsDecide && showsDigits(nearest, value))) {
			return nearest;
		}
		throw loss("Float");
	}

	private static boolean isExact(double nearest, BigDecimal value) {
		return !Double.isInfinite(nearest) && new BigDecimal(nearest).compareTo(value) == 0;
	}

	private static boolean showsDigits(float nearest, Number value) {
		if (Float.isInfinite(nearest)) {
			return false;
		}
		BigDecimal decimal = decimal(value);
		return (Math.abs(nearest) >= Float.MIN_NORMAL && digits(decimal) <= FLOAT_DIGITS)
				|| new BigDecimal(Float.toString(nearest)).compareTo(decimal) == 0;
	}

	private static Number exact(Number value, Class<?> target) {
		if (target == BigDecimal.class) {
			return decimal(value);
		}
		// A double's shortest digits may stand for another integer than it is
		BigDecimal exact = (value instanceof Double || value instanceof Float) ? new BigDecimal(value.doubleValue())
				: decimal(value);
		if (target == Integer.class) {
			return exact.intValueExact();
		}
		if (target == Long.class) {
			return exact.longValueExact();
		}
		if (target == Short.class) {
			return exact.shortValueExact();
		}
		if (target == Byte.class) {
			return exact.byteValueExact();
		}
		return exact.toBigIntegerExact();
	}

	private static int digits(BigDecimal value) {
		return value.stripTrailingZeros().precision();
	}

	// A float's own digits, not those of the nearest double
	private static BigDecimal decimal(Number value) {
		if (value instanceof BigDecimal decimal) {
			return decimal;
		}
		return (value instanceof BigInteger integer) ? new BigDecimal(integer) : new BigDecimal(value.toString());
	}

	private static boolean isFinite(Number value) {
		return !(value instanceof Double || value instanceof Float) || Double.isFinite(value.doubleValue());
	}

	private static MismatchException loss(String target) {
		return new MismatchException("holds a number that does not fit a " + target
				+ " without loss; read it as a BigDecimal or, if it is integral, as a Long or BigInteger");
	}

	/**
	 * The value as another type.
	 * @param value what {@link ResultType} reads of a date or time
	 * @return the result, or null if there is no conversion into such a type
	 * @throws MismatchException if something would be lost
	 */
	static @Nullable Object time(Object value, Class<?> target) {
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
