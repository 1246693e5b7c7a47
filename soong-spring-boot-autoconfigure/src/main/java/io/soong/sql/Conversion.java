package io.soong.sql;

import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.WildcardType;
import java.time.temporal.Temporal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

import org.springframework.util.ClassUtils;

/**
 * Converts the values that {@link ResultType} reads to a type of the caller, if nothing
 * is lost; text is not converted to a number. Immutable. Plain code instead of a table of
 * lambdas, because each lambda would load a class at the first call of a cold start.
 */
final class Conversion {

	// The wrapper for a primitive class
	private final Class<?> target;

	// The target with its type arguments, for reading json
	private final Type type;

	// The conversion of the elements of a collection or array, of an Optional's value, or
	// of the single component of a record; null for a scalar
	private final @Nullable Conversion elements;

	// Of a record of one component
	private final @Nullable Constructor<?> constructor;

	// The application's converter, which receives the converted elements
	private final Converters.@Nullable Types converter;

	private Conversion(Class<?> target, Type type, @Nullable Conversion elements,
			Converters.@Nullable Types converter) {
		this.target = target;
		this.type = type;
		this.elements = elements;
		this.converter = converter;
		this.constructor = (target.isRecord() && elements != null && converter == null) ? Model.of(target).constructor()
				: null;
	}

	/**
	 * The conversion for a row of one column.
	 * @return the conversion, or null if there is none into such a type
	 */
	static @Nullable Conversion to(Type type, Converters converters) {
		return to(type, false, converters);
	}

	/**
	 * The conversion for a column, which may contain json and then also a map, a record,
	 * a bean, or an interface or abstract class with the subtype in the json.
	 * @return the conversion, or null if there is none into such a type
	 */
	static @Nullable Conversion orJson(Type type, Converters converters) {
		return to(type, true, converters);
	}

	private static @Nullable Conversion to(Type type, boolean orJson, Converters converters) {
		if (type instanceof Class<?> target) {
			return toClass(ClassUtils.resolvePrimitiveIfNecessary(target), orJson, converters);
		}
		if (type instanceof ParameterizedType parameterized && parameterized.getRawType() instanceof Class<?> raw) {
			Converters.Types converter = converters.reading(raw);
			if (converter != null) {
				return converted(raw, converter);
			}
			if (ScalarConversion.isCollection(raw) || (raw == Optional.class && orJson)) {
				return of(raw, type, to(parameterized.getActualTypeArguments()[0], orJson, converters));
			}
			return (orJson && Json.isTarget(raw)) ? new Conversion(raw, type, null, null) : null;
		}
		if (type instanceof WildcardType wildcard) {
			return to(wildcard.getUpperBounds()[0], orJson, converters);
		}
		return null;
	}

	private static @Nullable Conversion converted(Class<?> target, Converters.Types converter) {
		return new Conversion(target, target, to(converter.source(), true, Converters.NONE), converter);
	}

	private static @Nullable Conversion toClass(Class<?> target, boolean orJson, Converters converters) {
		Converters.Types converter = converters.reading(target);
		if (converter != null) {
			return converted(target, converter);
		}
		if (target.isEnum() || ScalarConversion.isScalar(target)) {
			return of(target);
		}
		if (target.isArray()) {
			return of(target, target, to(target.getComponentType(), orJson, converters));
		}
		if (ScalarConversion.isCollection(target)) {
			return of(target, target, of(Object.class));
		}
		if (orJson && target.isRecord() && target.getRecordComponents().length == 1) {
			return new Conversion(target, target,
					to(target.getRecordComponents()[0].getGenericType(), true, converters), null);
		}
		return (orJson ? Json.isTarget(target) : Json.isNode(target)) ? of(target) : null;
	}

	private static Conversion of(Class<?> target) {
		return new Conversion(target, target, null, null);
	}

	private static @Nullable Conversion of(Class<?> target, Type type, @Nullable Conversion elements) {
		return (elements != null) ? new Conversion(target, type, elements, null) : null;
	}

	/**
	 * The value as the type.
	 * @param value a value, not null
	 * @return the value; null for json's own null
	 * @throws MismatchException if it does not fit
	 */
	@Nullable Object convert(Object value) {
		if (this.target == Optional.class && this.elements != null) {
			return Optional.ofNullable(this.elements.convert(value));
		}
		if (this.elements != null && this.converter != null) {
			Object source = this.elements.convert(value);
			return (source != null) ? this.converter.read(source) : null;
		}
		if (value instanceof StoredValue.JsonText json) {
			return json(json);
		}
		if (this.elements != null && this.constructor != null) {
			return record(this.constructor, this.elements.convert(value));
		}
		if (this.elements != null) {
			if (!(value instanceof List<?> list)) {
				throw mismatch(value);
			}
			return this.target.isArray() ? array(list, this.elements) : collection(list, this.elements);
		}
		if (this.target == Object.class) {
			return StoredValue.JsonText.plain(value);
		}
		return this.target.isInstance(value) ? value : scalar(value);
	}

	/**
	 * The label of an enum of the database as the type: a constant by its name or, where
	 * no constant has that, the one that differs in case, underscores and hyphens only.
	 * @throws MismatchException if it does not fit
	 */
	@Nullable Object ofLabel(String label) {
		if (this.elements != null && this.target == Optional.class) {
			return Optional.ofNullable(this.elements.ofLabel(label));
		}
		if (this.elements != null && this.constructor != null) {
			return record(this.constructor, this.elements.ofLabel(label));
		}
		if (!this.target.isEnum() || this.converter != null) {
			return convert(label);
		}
		Object exact = constant(label);
		if (exact != null) {
			return exact;
		}
		Object similar = null;
		for (Object constant : this.target.getEnumConstants()) {
			if (DatabaseType.isRelaxed(label, ((Enum<?>) constant).name())) {
				// Ambiguous if two match
				similar = (similar == null) ? constant : this;
			}
		}
		return (similar != null && similar != this) ? similar : convert(label);
	}

	/** Whether it converts a label to a constant of another name. */
	boolean isOtherLabel(String label) {
		if (this.elements != null && (this.target == Optional.class || this.constructor != null)) {
			return this.elements.isOtherLabel(label);
		}
		return this.target.isEnum() && this.converter == null && constant(label) == null;
	}

	private @Nullable Object constant(String name) {
		for (Object constant : this.target.getEnumConstants()) {
			if (((Enum<?>) constant).name().equals(name)) {
				return constant;
			}
		}
		return null;
	}

	/** The value for NULL: null, or an empty {@code Optional}. */
	@Nullable Object ofNull() {
		return (this.target == Optional.class) ? Optional.empty() : null;
	}

	private Object record(Constructor<?> constructor, @Nullable Object component) {
		try {
			return constructor.newInstance(component);
		}
		catch (InvocationTargetException ex) {
			throw new MismatchException("is refused by the constructor of " + this.target.getSimpleName() + " with a "
					+ ex.getTargetException().getClass().getName());
		}
		catch (ReflectiveOperationException ex) {
			throw new MismatchException("cannot be passed to the constructor of " + this.target.getSimpleName());
		}
	}

	private @Nullable Object json(StoredValue.JsonText json) {
		if (this.target == String.class) {
			return json.text();
		}
		return (this.target == Object.class) ? json.plain() : json.as(this.type);
	}

	private Object scalar(Object value) {
		if (value instanceof Number number && Number.class.isAssignableFrom(this.target)) {
			// The most common, and never inexact
			return (this.target == Long.class && value instanceof Integer) ? number.longValue()
					: ScalarConversion.number(number, this.target);
		}
		if (value instanceof Temporal) {
			Object time = ScalarConversion.time(value, this.target);
			if (time != null) {
				return time;
			}
		}
		if (value instanceof String text) {
			return text(text);
		}
		if (this.target == String.class && !(value instanceof byte[] || value instanceof Collection)) {
			return value.toString();
		}
		throw mismatch(value);
	}

	private Object text(String value) {
		if (this.target.isEnum()) {
			Object constant = constant(value);
			if (constant == null) {
				throw new MismatchException(
						"holds text that is not the name of a constant of " + this.target.getSimpleName());
			}
			return constant;
		}
		if (this.target == UUID.class) {
			try {
				return UUID.fromString(value);
			}
			catch (IllegalArgumentException ex) {
				throw new MismatchException("holds text that is not a UUID");
			}
		}
		if (this.target == Character.class && value.length() == 1) {
			return value.charAt(0);
		}
		throw mismatch(value);
	}

	private static @Nullable Object element(List<?> values, @Nullable Object value, Conversion elements) {
		if (value == null) {
			return elements.ofNull();
		}
		return (values instanceof StoredValue.Labels && value instanceof String label) ? elements.ofLabel(label)
				: elements.convert(value);
	}

	private Object collection(List<?> values, Conversion elements) {
		boolean set = (this.target == Set.class);
		Collection<@Nullable Object> result = set ? new LinkedHashSet<>() : new ArrayList<>(values.size());
		for (Object value : values) {
			result.add(element(values, value, elements));
		}
		return set ? Collections.unmodifiableSet((Set<?>) result) : Collections.unmodifiableList((List<?>) result);
	}

	private Object array(List<?> values, Conversion elements) {
		Class<?> type = this.target.getComponentType();
		Object array = Array.newInstance(type, values.size());
		for (int i = 0; i < values.size(); i++) {
			Object value = values.get(i);
			Object element = element(values, value, elements);
			if (element != null) {
				Array.set(array, i, element);
			}
			else if (type.isPrimitive()) {
				throw new MismatchException("has a NULL among its elements");
			}
		}
		return array;
	}

	private MismatchException mismatch(Object value) {
		String problem = "holds a " + value.getClass().getSimpleName();
		boolean jsonOnly = this.elements == null && !this.target.isEnum() && !ScalarConversion.isScalar(this.target);
		return new MismatchException(jsonOnly
				? problem + ", but a " + this.target.getSimpleName() + " is read from json and jsonb only" : problem);
	}

}
