package io.soong.sql;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.core.ResolvableType;
import org.springframework.core.convert.converter.Converter;
import org.springframework.util.ClassUtils;

/**
 * The application's converters between its own types and those that columns have.
 * Immutable and thread-safe if the converters are.
 */
final class Converters {

	static final Converters NONE = new Converters(List.of(), List.of());

	private final List<Types> writing;

	private final List<Types> reading;

	private Converters(List<Types> writing, List<Types> reading) {
		this.writing = List.copyOf(writing);
		this.reading = List.copyOf(reading);
	}

	static Converters of(Collection<? extends Converter<?, ?>> converters) {
		List<Types> writing = new ArrayList<>();
		List<Types> reading = new ArrayList<>();
		for (Converter<?, ?> converter : converters) {
			Types types = types(converter);
			boolean reads = isOfColumns(types.source);
			if (reads == isOfColumns(types.target)) {
				throw new IllegalArgumentException("The converter " + converter.getClass().getName() + " converts a "
						+ types.source.getName() + " to a " + types.target.getName() + ", and "
						+ (reads ? "both are types" : "neither is a type")
						+ " of columns; exactly one of them must be, such as String, Integer or Map");
			}
			(reads ? reading : writing).add(types);
		}
		return new Converters(writing, reading);
	}

	@SuppressWarnings("unchecked")
	private static Types types(Converter<?, ?> converter) {
		ResolvableType type = ResolvableType.forClass(Converter.class, converter.getClass());
		Class<?> source = type.resolveGeneric(0);
		Class<?> target = type.resolveGeneric(1);
		if (source == null || target == null) {
			throw new IllegalArgumentException("The converter " + converter.getClass().getName()
					+ " does not declare its types, because it is a lambda or generic; write a class that implements "
					+ "Converter<S, T> with both types");
		}
		return new Types(source, target, (Converter<Object, Object>) converter);
	}

	/** Whether it is a class of PostgreSQL's, not of an application. */
	private static boolean isOfColumns(Class<?> type) {
		Class<?> wrapper = ClassUtils.resolvePrimitiveIfNecessary(type);
		return (ScalarConversion.isScalar(wrapper) && wrapper != Object.class) || ScalarConversion.isCollection(wrapper)
				|| wrapper == Map.class || Json.isNode(wrapper);
	}

	/** The converter for writing values of a class, or null. */
	@Nullable Types writing(Class<?> type) {
		for (Types types : this.writing) {
			if (types.source.isAssignableFrom(type)) {
				return types;
			}
		}
		return null;
	}

	/**
	 * A collection or array with converted elements, including those of nested ones.
	 */
	Object elements(Object collection, ParameterPlace place) {
		if (this.writing.isEmpty() || !ScalarParameter.isCollection(collection)) {
			return collection;
		}
		List<@Nullable Object> elements = ScalarParameter.elements(collection);
		boolean changed = false;
		for (int i = 0; i < elements.size(); i++) {
			Object element = elements.get(i);
			if (element != null) {
				Types types = writing(element.getClass());
				Object written = (types != null) ? types.write(element, place) : elements(element, place);
				changed |= written != element;
				elements.set(i, written);
			}
		}
		return changed ? elements : collection;
	}

	/** The converter for reading a class, or null. */
	@Nullable Types reading(Class<?> type) {
		for (Types types : this.reading) {
			if (types.target == type) {
				return types;
			}
		}
		return null;
	}

	/**
	 * A converter and its types.
	 */
	record Types(Class<?> source, Class<?> target, Converter<Object, Object> converter) {

		@Nullable Object read(Object value) {
			try {
				return this.converter.convert(value);
			}
			catch (RuntimeException ex) {
				throw new MismatchException("is refused by " + failure(ex));
			}
		}

		@Nullable Object write(Object value, ParameterPlace place) {
			Object written;
			try {
				written = this.converter.convert(value);
			}
			catch (RuntimeException ex) {
				throw new IllegalArgumentException("The value for " + place + " is refused by " + failure(ex));
			}
			if (written == null && place instanceof ParameterPlace.Compared) {
				throw new IllegalArgumentException(
						"The condition on " + place + " is a value that " + this.converter.getClass().getName()
								+ " converts to null, which matches no row; write isNull() to ask for NULL");
			}
			return written;
		}

		// The exception's message may contain the value
		private String failure(RuntimeException ex) {
			return this.converter.getClass().getName() + " with a " + ex.getClass().getName();
		}

	}

}
