package io.soong.sql;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.springframework.core.convert.converter.Converter;

/**
 * Marks a {@link Converter} bean as a converter for the values of columns. A converter
 * from a type of columns, such as {@code String}, to a type of the application is used
 * for reading; one in the opposite direction is used for writing. Converters apply to
 * components and properties, conditions and arguments, elements of lists, and
 * {@link Row#get(String, Class)}, but not within json, which Jackson converts. The class
 * of a converter must declare both types, so that a lambda cannot be one. NULL is null
 * and is not converted.
 *
 * @see SoongTemplate#withConverters(java.util.Collection)
 */
@Target({ ElementType.TYPE, ElementType.METHOD })
@Retention(RetentionPolicy.RUNTIME)
@Documented
public @interface SoongConverter {

}
