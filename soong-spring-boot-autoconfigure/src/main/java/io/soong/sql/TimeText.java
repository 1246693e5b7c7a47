package io.soong.sql;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Locale;

/**
 * Writes a date or time as text for PostgreSQL, which knows no year zero, no sign before
 * a year and an infinity of its own. All else is its {@code toString()}.
 */
final class TimeText {

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
		return value.toString();
	}

	private static String text(LocalDate date, String time) {
		int year = date.getYear();
		return String.format(Locale.ROOT, "%04d-%02d-%02d%s%s", (year > 0) ? year : 1 - year, date.getMonthValue(),
				date.getDayOfMonth(), time, (year > 0) ? "" : " BC");
	}

}
