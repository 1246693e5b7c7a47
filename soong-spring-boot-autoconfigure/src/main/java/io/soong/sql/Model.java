package io.soong.sql;

import java.beans.PropertyDescriptor;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.BeanUtils;
import org.springframework.core.GenericTypeResolver;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;
import org.springframework.util.StringUtils;

/**
 * A record or bean class as the rows of a table: its properties in order and the
 * constructor that makes one. A property of a bean is what has a setter; what has only a
 * getter stands for no column. Resolved once per class by {@link Cache}.
 *
 * @param <T> the class
 * @param type the class
 * @param properties the record's components, or what the bean has a setter for
 * @param columns the columns of the properties
 * @param constructor the canonical constructor, or the bean's without arguments; null for
 * a bean that has none and can only be written
 */
record Model<T>(Class<T> type, List<Property> properties, List<String> columns, @Nullable Constructor<T> constructor) {

	/** Whether a class can be a record or bean at all. */
	static boolean isModel(Class<?> type) {
		return !(type.isPrimitive() || type.isArray() || type.isEnum() || type.isInterface() || type.isAnnotation()
				|| Map.class.isAssignableFrom(type) || Collection.class.isAssignableFrom(type)
				|| type.getName().startsWith("java."));
	}

	static <T> Model<T> of(Class<T> type) {
		List<Property> properties = type.isRecord() ? components(type) : beanProperties(type);
		if (properties.isEmpty()) {
			throw new IllegalArgumentException(type.getName() + " stands for no columns: "
					+ (type.isRecord() ? "the record has no components" : "it has no properties with a setter"));
		}
		Set<String> columns = new HashSet<>();
		for (Property property : properties) {
			if (!columns.add(property.column())) {
				throw new IllegalArgumentException("Two properties of " + type.getName() + " stand for column \""
						+ property.column() + "\", one of them is " + property.name());
			}
		}
		return new Model<>(type, properties, properties.stream().map(Property::column).toList(), constructor(type));
	}

	/** {@code component price} or {@code property price}, for messages. */
	String describe(Property property) {
		return (this.type.isRecord() ? "component " : "property ") + property.name() + " of "
				+ this.type.getSimpleName();
	}

	private static List<Property> components(Class<?> type) {
		List<Property> properties = new ArrayList<>();
		for (RecordComponent component : type.getRecordComponents()) {
			properties.add(Property.of(component.getName(), component.getGenericType(), component.getAccessor(), null));
		}
		return List.copyOf(properties);
	}

	private static List<Property> beanProperties(Class<?> type) {
		List<Property> properties = new ArrayList<>();
		for (PropertyDescriptor descriptor : BeanUtils.getPropertyDescriptors(type)) {
			Method writer = descriptor.getWriteMethod();
			if (writer != null && writer.getParameterCount() == 1 && !Modifier.isStatic(writer.getModifiers())) {
				// With the type that a subclass gives to a type parameter
				Type declared = GenericTypeResolver.resolveType(writer.getGenericParameterTypes()[0], type);
				properties.add(Property.of(descriptor.getName(), declared, reader(type, descriptor), writer));
			}
		}
		return List.copyOf(properties);
	}

	private static @Nullable Method reader(Class<?> type, PropertyDescriptor descriptor) {
		Method reader = descriptor.getReadMethod();
		if (reader == null && descriptor.getPropertyType() == Boolean.class) {
			// To the Beans specification "is" stands before a boolean only
			reader = ClassUtils.getMethodIfAvailable(type, "is" + StringUtils.capitalize(descriptor.getName()));
			return (reader != null && reader.getReturnType() == Boolean.class
					&& !Modifier.isStatic(reader.getModifiers())) ? reader : null;
		}
		return (reader != null && reader.getParameterCount() == 0 && !Modifier.isStatic(reader.getModifiers())) ? reader
				: null;
	}

	private static <T> @Nullable Constructor<T> constructor(Class<T> type) {
		try {
			RecordComponent[] components = type.isRecord() ? type.getRecordComponents() : new RecordComponent[0];
			Class<?>[] parameters = new Class<?>[components.length];
			for (int i = 0; i < parameters.length; i++) {
				parameters[i] = components[i].getType();
			}
			Constructor<T> constructor = type.getDeclaredConstructor(parameters);
			// A public one too, which each call would otherwise check the access to
			constructor.trySetAccessible();
			return constructor;
		}
		catch (NoSuchMethodException ex) {
			return null;
		}
	}

	/**
	 * A component of a record or a property of a bean, and the column it stands for.
	 *
	 * @param name the name in Java
	 * @param column the name of the column
	 * @param type the type, with its type arguments
	 * @param reader reads it; null for a property that has a setter only
	 * @param writer writes it; null for a record's component
	 */
	record Property(String name, String column, Type type, @Nullable Method reader, @Nullable Method writer) {

		static Property of(String name, Type type, @Nullable Method reader, @Nullable Method writer) {
			// Also public ones, which each call would otherwise check the access to.
			// Where a
			// module does not allow it, public ones still work
			if (reader != null) {
				reader.trySetAccessible();
			}
			if (writer != null) {
				writer.trySetAccessible();
			}
			return new Property(name, SnakeCase.of(name), type, reader, writer);
		}

		/**
		 * The value in a record or bean.
		 * @throws IllegalArgumentException if the property has a setter only
		 */
		@Nullable Object read(Object target) {
			if (this.reader == null) {
				throw new IllegalArgumentException("The property " + this.name + " of " + target.getClass().getName()
						+ " has a setter but no getter, so its value cannot be written; add a getter, or pass a map");
			}
			return ReflectionUtils.invokeMethod(this.reader, target);
		}

		void write(Object target, @Nullable Object value) {
			if (this.writer != null) {
				ReflectionUtils.invokeMethod(this.writer, target, value);
			}
		}

	}

	/**
	 * The {@link Model} of every class seen so far. Thread-safe.
	 */
	static final class Cache {

		private final Map<Class<?>, Model<?>> models = new ConcurrentHashMap<>();

		@SuppressWarnings("unchecked")
		<T> Model<T> of(Class<T> type) {
			Model<?> model = this.models.get(type);
			if (model == null) {
				model = Model.of(type);
				this.models.put(type, model);
			}
			return (Model<T>) model;
		}

	}

}
