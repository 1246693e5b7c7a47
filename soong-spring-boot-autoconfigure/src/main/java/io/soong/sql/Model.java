package io.soong.sql;

import java.beans.PropertyDescriptor;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.BeanUtils;
import org.springframework.core.GenericTypeResolver;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;
import org.springframework.util.StringUtils;

/**
 * A record or bean class as the rows of a table: its properties in order and its
 * constructor. A property of a bean needs a setter; one that has only a getter is not
 * mapped to a column. A class without a no-argument constructor is created like a record,
 * by its only constructor. Resolved once for each class by {@link Cache}.
 *
 * @param <T> the class
 * @param type the class
 * @param properties the parameters of the constructor, or what the bean has a setter for
 * @param columns the columns that are read
 * @param written the properties that are written
 * @param writtenColumns their columns
 * @param byConstructor whether the constructor takes the properties, in order
 * @param constructor the constructor; null for a bean that has none without arguments and
 * can only be written
 */
record Model<T>(Class<T> type, List<Property> properties, List<String> columns, List<Property> written,
		List<String> writtenColumns, boolean byConstructor, @Nullable Constructor<T> constructor) {

	/** Whether a class can be a record or bean at all. */
	static boolean isModel(Class<?> type) {
		return !(type.isPrimitive() || type.isArray() || Enum.class.isAssignableFrom(type) || type.isInterface()
				|| type.isAnnotation() || Map.class.isAssignableFrom(type) || Collection.class.isAssignableFrom(type)
				|| type.getName().startsWith("java."));
	}

	static <T> Model<T> of(Class<T> type) {
		if (type.isRecord()) {
			return of(type, components(type), true, canonicalConstructor(type));
		}
		List<Property> properties = beanProperties(type);
		Constructor<T> constructor = constructor(type);
		// A Kotlin data class with a default for each parameter has a no-argument
		// constructor
		if (constructor == null || properties.isEmpty()) {
			Constructor<T> taking = onlyConstructor(type);
			List<Property> parameters = (taking != null) ? parameters(type, taking) : List.of();
			if (names(parameters).containsAll(names(properties)) && !parameters.isEmpty()) {
				return of(type, parameters, true, taking);
			}
		}
		return of(type, properties, false, constructor);
	}

	private static <T> Model<T> of(Class<T> type, List<Property> properties, boolean byConstructor,
			@Nullable Constructor<T> constructor) {
		// Loops, because each lambda would load a class at the first call of a cold start
		List<Property> read = new ArrayList<>();
		List<Property> written = new ArrayList<>();
		for (Property property : properties) {
			if (!property.ignored()) {
				read.add(property);
				if (!property.readOnly()) {
					written.add(property);
				}
			}
		}
		if (read.isEmpty()) {
			throw new IllegalArgumentException(type.getName() + " has no columns: "
					+ (type.isRecord() ? "the record has no components" : "it has no properties with a setter"));
		}
		Set<String> columns = new HashSet<>();
		for (Property property : read) {
			if (!columns.add(property.column())) {
				throw new IllegalArgumentException("Two properties of " + type.getName() + " have the column \""
						+ property.column() + "\", one of them is " + property.name());
			}
		}
		return new Model<>(type, properties, columns(read), List.copyOf(written), columns(written), byConstructor,
				constructor);
	}

	private static List<String> columns(List<Property> properties) {
		List<String> columns = new ArrayList<>(properties.size());
		for (Property property : properties) {
			columns.add(property.column());
		}
		return List.copyOf(columns);
	}

	private static List<String> names(List<Property> properties) {
		return properties.stream().map(Property::name).toList();
	}

	/** The property that is mapped to a column. */
	Property property(String column) {
		return this.properties.stream()
			.filter((property) -> !property.ignored() && property.column().equals(column))
			.findFirst()
			.orElseThrow();
	}

	/** {@code component price} or {@code property price}, for messages. */
	String describe(Property property) {
		return (this.type.isRecord() ? "component " : this.byConstructor ? "parameter " : "property ") + property.name()
				+ " of " + this.type.getSimpleName();
	}

	private static List<Property> components(Class<?> type) {
		List<Property> properties = new ArrayList<>();
		for (RecordComponent component : type.getRecordComponents()) {
			properties.add(Property.of(component.getName(), component.getGenericType(), component.getAccessor(), null,
					component.getAnnotation(Column.class)));
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
				Method reader = reader(type, descriptor);
				Property property = Property.of(descriptor.getName(), declared, reader, writer,
						annotation(type, descriptor.getName(), reader, writer));
				if (!property.ignored()) {
					properties.add(property);
				}
			}
		}
		return List.copyOf(properties);
	}

	private static List<Property> parameters(Class<?> type, Constructor<?> constructor) {
		List<Property> properties = new ArrayList<>();
		String[] names = BeanUtils.getParameterNames(constructor);
		for (int i = 0; i < names.length; i++) {
			Method reader = getter(type, names[i]);
			Column parameter = constructor.getParameters()[i].getAnnotation(Column.class);
			properties.add(Property.of(names[i], constructor.getGenericParameterTypes()[i], reader, null,
					(parameter != null) ? parameter : annotation(type, names[i], reader)));
		}
		return List.copyOf(properties);
	}

	private static @Nullable Method getter(Class<?> type, String name) {
		for (String candidate : List.of("get" + StringUtils.capitalize(name), "is" + StringUtils.capitalize(name),
				name)) {
			Method method = ClassUtils.getMethodIfAvailable(type, candidate);
			if (method != null && !Modifier.isStatic(method.getModifiers()) && method.getReturnType() != void.class) {
				return method;
			}
		}
		return null;
	}

	// On the field, which has the name of the property, or a method
	private static @Nullable Column annotation(Class<?> type, String name, @Nullable Method... methods) {
		Field field = ReflectionUtils.findField(type, name);
		Column column = (field != null) ? field.getAnnotation(Column.class) : null;
		for (Method method : methods) {
			if (column == null && method != null) {
				column = method.getAnnotation(Column.class);
			}
		}
		return column;
	}

	private static @Nullable Method reader(Class<?> type, PropertyDescriptor descriptor) {
		Method reader = descriptor.getReadMethod();
		if (reader == null && descriptor.getPropertyType() == Boolean.class) {
			// The Beans specification allows "is" for a primitive boolean only
			reader = ClassUtils.getMethodIfAvailable(type, "is" + StringUtils.capitalize(descriptor.getName()));
			return (reader != null && reader.getReturnType() == Boolean.class
					&& !Modifier.isStatic(reader.getModifiers())) ? reader : null;
		}
		return (reader != null && reader.getParameterCount() == 0 && !Modifier.isStatic(reader.getModifiers())) ? reader
				: null;
	}

	private static <T> @Nullable Constructor<T> canonicalConstructor(Class<T> type) {
		RecordComponent[] components = type.getRecordComponents();
		Class<?>[] parameters = new Class<?>[components.length];
		for (int i = 0; i < parameters.length; i++) {
			parameters[i] = components[i].getType();
		}
		return constructor(type, parameters);
	}

	private static <T> @Nullable Constructor<T> constructor(Class<T> type, Class<?>... parameters) {
		try {
			return accessible(type.getDeclaredConstructor(parameters));
		}
		catch (NoSuchMethodException ex) {
			return null;
		}
	}

	@SuppressWarnings("unchecked")
	private static <T> @Nullable Constructor<T> onlyConstructor(Class<T> type) {
		Constructor<?> only = null;
		for (Constructor<?> constructor : type.getDeclaredConstructors()) {
			if (!constructor.isSynthetic() && constructor.getParameterCount() > 0) {
				if (only != null) {
					return null;
				}
				only = constructor;
			}
		}
		return (only != null) ? accessible((Constructor<T>) only) : null;
	}

	// Also for public ones, because each call would otherwise check access
	private static <T> Constructor<T> accessible(Constructor<T> constructor) {
		constructor.trySetAccessible();
		return constructor;
	}

	/**
	 * A component of a record or a property of a bean, and its column.
	 *
	 * @param reader reads it; null for a property that has a setter only
	 * @param writer writes it; null for what a constructor takes
	 * @param readOnly whether the column is read and never written
	 * @param ignored whether there is no such column
	 */
	record Property(String name, String column, Type type, @Nullable Method reader, @Nullable Method writer,
			boolean readOnly, boolean ignored) {

		static Property of(String name, Type type, @Nullable Method reader, @Nullable Method writer,
				@Nullable Column annotation) {
			// Also for public ones, because each call would otherwise check access. If a
			// module does not allow it, public ones still work
			if (reader != null) {
				reader.trySetAccessible();
			}
			if (writer != null) {
				writer.trySetAccessible();
			}
			String column = (annotation != null && !annotation.value().isEmpty()) ? annotation.value()
					: Identifier.snakeCase(name);
			return new Property(name, column, type, reader, writer, annotation != null && annotation.readOnly(),
					annotation != null && annotation.ignored());
		}

		/**
		 * The value in a record or bean; of an empty {@code Optional} null.
		 * @throws IllegalArgumentException if the property has no getter
		 */
		@Nullable Object read(Object target) {
			if (this.reader == null) {
				throw new IllegalArgumentException("The property " + this.name + " of " + target.getClass().getName()
						+ ((this.writer != null) ? " has a setter but no getter" : " has no getter")
						+ ", so its value cannot be written; add a getter, or pass a map");
			}
			Object value = ReflectionUtils.invokeMethod(this.reader, target);
			return (value instanceof Optional<?> optional) ? optional.orElse(null) : value;
		}

		/** The type of a value that is present. */
		Type valueType() {
			return (this.type instanceof ParameterizedType parameterized
					&& parameterized.getRawType() == Optional.class) ? parameterized.getActualTypeArguments()[0]
							: this.type;
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
