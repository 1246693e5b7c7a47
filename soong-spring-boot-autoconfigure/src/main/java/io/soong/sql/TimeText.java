package io.soong.sql;

import java.sql.Date;
import java.sql.Time;
import java.sql.Timestamp;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.TimeZone;

import org.postgresql.jdbc.TimestampUtils;

/**
 * Writes a date or time as text for PostgreSQL, which knows no year zero, no sign before
 * a year and an infinity of its own. The types of {@code java.sql} are written as the
 * driver writes them, with the offset of the JVM's time zone. Anything else is its
 * {@code toString()}.
 */
final class TimeText {

	private static final TimestampUtils DRIVER = new TimestampUtils(false, TimeZone::getDefault);

	private TimeText() {
	}

	static String of(Object value) {
		if (value.equals(OffsetDateTime.MAX) || value.equals(LocalDateTime.MAX) || value.equals(LocalDate.MAX)) {
			return "infinity";
		}
		if (value.equals(OffsetDateTime.MIN) || value.equals(LocalDateTime.MIN) || value.equals(LocalDate.MIN)) {
			return "-infinity";
		}
		if (value instanceof OffsetDateTime dateTime) {
			LocalDateTime utc = dateTime.withOffsetSameInstant(ZoneOffset.UTC).toLocalDateTime();
			return text(utc.toLocalDate(), "T" + utc.toLocalTime() + "Z");
		}
		if (value instanceof LocalDateTime dateTime) {
			return text(dateTime.toLocalDate(), "T" + dateTime.toLocalTime());
		}
		if (value instanceof LocalDate date) {
			return text(date, "");
		}
		if (value instanceof Timestamp timestamp) {
			return DRIVER.toString(null, timestamp);
		}
		if (value instanceof Date date) {
			return DRIVER.toString(null, date);
		}
		return (value instanceof Time time) ? DRIVER.toString(null, time) : value.toString();
	}

	private static String text(LocalDate date, String time) {
		int year = date.getYear();
		return String.format(Locale.ROOT, "%04d-%02d-%02d%s%s", (year > 0) ? year : 1 - year, date.getMonthValue(),
				date.getDayOfMonth(), time, (year > 0) ? "" : " BC");
	}

}
