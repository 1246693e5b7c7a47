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
import java.time.ZonedDateTime;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

import org.springframework.util.ClassUtils;

/**
 * The Java classes that columns can be read as.
 */
final class ColumnClasses {

	private static final Set<Class<?>> SCALARS = Set.of(Object.class, String.class, Character.class, Boolean.class,
			Number.class, Byte.class, Short.class, Integer.class, Long.class, BigInteger.class, BigDecimal.class,
			Double.class, Float.class, UUID.class, LocalDate.class, LocalTime.class, LocalDateTime.class,
			OffsetTime.class, OffsetDateTime.class, Instant.class, ZonedDateTime.class, Date.class, Timestamp.class,
			java.sql.Date.class, Time.class, Duration.class, byte[].class);

	private static final Set<Class<?>> COLLECTIONS = Set.of(List.class, Collection.class, Iterable.class, Set.class);

	private ColumnClasses() {
	}

	/** Whether it is a wrapper, text, a time or the like; {@code Object} is any. */
	static boolean isScalar(Class<?> type) {
		return SCALARS.contains(type);
	}

	/** Whether an array can be read as it, beside an array. */
	static boolean isCollection(Class<?> type) {
		return COLLECTIONS.contains(type);
	}

	/** Whether it is a class of PostgreSQL's, not of an application. */
	static boolean contains(Class<?> type) {
		Class<?> wrapper = ClassUtils.resolvePrimitiveIfNecessary(type);
		return (isScalar(wrapper) && wrapper != Object.class) || isCollection(wrapper) || wrapper == Map.class
				|| Json.isNode(wrapper);
	}

}
