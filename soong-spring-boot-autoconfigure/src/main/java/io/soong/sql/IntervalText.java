package io.soong.sql;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * Reads the text of an interval. A day is 24 hours; an interval with months or years has
 * no fixed length and stays text.
 */
final class IntervalText {

	// The server's IntervalStyle "postgres", its default, such as "-1 days +02:03:00.5"
	private static final Pattern POSTGRES = Pattern
		.compile("(?:([-+]?\\d{1,18}) days?)? ?(?:([-+]?)(\\d{1,18}):(\\d\\d):(\\d\\d)(?:\\.(\\d{1,9}))?)?");

	private IntervalText() {
	}

	/** A {@code Duration}, or the text itself. */
	static Object parse(String text) {
		Matcher matcher = POSTGRES.matcher(text);
		try {
			if (!text.isEmpty() && matcher.matches()) {
				return postgres(matcher);
			}
			// IntervalStyle "iso_8601"; java.time reads no years and months
			return text.startsWith("P") ? Duration.parse(text) : text;
		}
		catch (DateTimeParseException | ArithmeticException ex) {
			return text;
		}
	}

	private static Duration postgres(Matcher matcher) {
		Duration duration = Duration.ZERO;
		if (matcher.group(1) != null) {
			duration = Duration.ofDays(Long.parseLong(matcher.group(1)));
		}
		if (matcher.group(3) != null) {
			Duration time = Duration.ofHours(Long.parseLong(matcher.group(3)))
				.plusMinutes(Long.parseLong(matcher.group(4)))
				.plusSeconds(Long.parseLong(matcher.group(5)))
				.plusNanos(nanos(matcher.group(6)));
			duration = "-".equals(matcher.group(2)) ? duration.minus(time) : duration.plus(time);
		}
		return duration;
	}

	private static long nanos(@Nullable String fraction) {
		return (fraction != null) ? Long.parseLong((fraction + "00000000").substring(0, 9)) : 0;
	}

}
