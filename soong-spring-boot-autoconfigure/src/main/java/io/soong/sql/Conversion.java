package io.soong.sql;

import java.lang.reflect.Array;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.WildcardType;
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
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Date;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

import org.springframework.util.ClassUtils;

/**
 * Converts what {@link ColumnType} reads, never null, into a type of the caller. Only
 * where nothing is lost; text is text and not a number.
 */
@FunctionalInterface
interface Conversion {

	/** The conversions whose target is one class, tried when a value is not of it yet. */
	Map<Class<?>, Conversion> SCALARS = Map.ofEntries(entry(String.class, Conversion::text),
			entry(Character.class, Conversion::character), entry(Boolean.class, Conversion::refuse),
			entry(Number.class, Conversion::refuse), entry(Byte.class, exact(BigDecimal::byteValueExact)),
			entry(Short.class, exact(BigDecimal::shortValueExact)),
			entry(Integer.class, exact(BigDecimal::intValueExact)),
			entry(Long.class, exact(BigDecimal::longValueExact)),
			entry(BigInteger.class, exact(BigDecimal::toBigIntegerExact)),
			entry(BigDecimal.class, exact((number) -> number)),
			entry(Double.class, (value) -> (value instanceof Number number) ? number.doubleValue() : refuse(value)),
			entry(Float.class, (value) -> (value instanceof Number number) ? number.floatValue() : refuse(value)),
			entry(UUID.class, Conversion::uuid), entry(LocalDate.class, Conversion::refuse),
			entry(LocalTime.class, Conversion::refuse), entry(LocalDateTime.class, Conversion::refuse),
			entry(OffsetTime.class, Conversion::refuse), entry(OffsetDateTime.class, Conversion::refuse),
			entry(Instant.class, Conversion::instant),
			entry(ZonedDateTime.class,
					(value) -> (value instanceof OffsetDateTime time) ? time.toZonedDateTime() : refuse(value)),
			entry(Date.class, (value) -> Date.from(instant(value))),
			entry(Timestamp.class, (value) -> Timestamp.from(instant(value))),
			entry(java.sql.Date.class,
					(value) -> (value instanceof LocalDate date) ? java.sql.Date.valueOf(date) : refuse(value)),
			entry(Duration.class, Conversion::refuse), entry(byte[].class, Conversion::refuse));

	/** The converted value. */
	Object convert(Object value);

	/**
	 * The conversion into a type.
	 * @return the conversion, or null if there is none into such a type
	 */
	static @Nullable Conversion to(Type type) {
		if (type instanceof Class<?> target) {
			return toClass(target);
		}
		if (type instanceof ParameterizedType parameterized && parameterized.getRawType() instanceof Class<?> raw
				&& parameterized.getActualTypeArguments().length == 1) {
			return toCollection(raw, parameterized.getActualTypeArguments()[0]);
		}
		if (type instanceof WildcardType wildcard) {
			return to(wildcard.getUpperBounds()[0]);
		}
		return null;
	}

	private static @Nullable Conversion toClass(Class<?> type) {
		Class<?> target = ClassUtils.resolvePrimitiveIfNecessary(type);
		if (target == Object.class) {
			return (value) -> value;
		}
		Conversion scalar = SCALARS.get(target);
		if (scalar != null) {
			return (value) -> target.isInstance(value) ? value : scalar.convert(value);
		}
		if (target.isEnum()) {
			return toEnum(target);
		}
		if (target.isArray()) {
			return toArray(target.getComponentType());
		}
		return toCollection(target, Object.class);
	}

	private static @Nullable Conversion toCollection(Class<?> type, Type elementType) {
		boolean set = (type == Set.class);
		if (!set && type != List.class && type != Collection.class && type != Iterable.class) {
			return null;
		}
		Conversion elements = to(elementType);
		if (elements == null) {
			return null;
		}
		return (value) -> {
			Collection<@Nullable Object> result = set ? new LinkedHashSet<>() : new ArrayList<>();
			for (Object element : list(value)) {
				result.add((element != null) ? elements.convert(element) : null);
			}
			return set ? Collections.unmodifiableSet((Set<?>) result) : Collections.unmodifiableList((List<?>) result);
		};
	}

	private static @Nullable Conversion toArray(Class<?> elementType) {
		Conversion elements = to(elementType);
		if (elements == null) {
			return null;
		}
		return (value) -> {
			List<?> list = list(value);
			Object array = Array.newInstance(elementType, list.size());
			for (int i = 0; i < list.size(); i++) {
				Object element = list.get(i);
				if (element != null) {
					Array.set(array, i, elements.convert(element));
				}
				else if (elementType.isPrimitive()) {
					throw new MismatchException("has a NULL among its elements");
				}
			}
			return array;
		};
	}

	private static Conversion toEnum(Class<?> type) {
		return (value) -> {
			for (Object constant : type.getEnumConstants()) {
				if (((Enum<?>) constant).name().equals(value)) {
					return constant;
				}
			}
			throw new MismatchException("holds what is the name of no constant of " + type.getSimpleName());
		};
	}

	private static List<?> list(Object value) {
		return (value instanceof List<?> list) ? list : (List<?>) refuse(value);
	}

	private static Object text(Object value) {
		if (value instanceof byte[] || value instanceof Collection) {
			return refuse(value);
		}
		return value.toString();
	}

	private static Object character(Object value) {
		return (value instanceof String text && text.length() == 1) ? text.charAt(0) : refuse(value);
	}

	private static Object uuid(Object value) {
		if (!(value instanceof String text)) {
			return refuse(value);
		}
		try {
			return UUID.fromString(text);
		}
		catch (IllegalArgumentException ex) {
			throw new MismatchException("holds text that is no UUID");
		}
	}

	private static Instant instant(Object value) {
		if (!(value instanceof OffsetDateTime time)) {
			return (Instant) refuse(value);
		}
		// What the driver makes of infinity; Instant has ends of its own
		if (time.equals(OffsetDateTime.MAX)) {
			return Instant.MAX;
		}
		return time.equals(OffsetDateTime.MIN) ? Instant.MIN : time.toInstant();
	}

	private static Conversion exact(Function<BigDecimal, ?> conversion) {
		return (value) -> {
			if (!(value instanceof Number)) {
				return refuse(value);
			}
			try {
				// A float's own digits, not the nearest double's
				return conversion.apply(new BigDecimal(value.toString()));
			}
			catch (NumberFormatException ex) {
				throw new MismatchException("holds NaN or an infinity");
			}
			catch (ArithmeticException ex) {
				throw new MismatchException("holds a number that does not fit");
			}
		};
	}

	private static Object refuse(Object value) {
		throw new MismatchException("holds a " + value.getClass().getSimpleName());
	}

	private static Map.Entry<Class<?>, Conversion> entry(Class<?> type, Conversion conversion) {
		return Map.entry(type, conversion);
	}

}
