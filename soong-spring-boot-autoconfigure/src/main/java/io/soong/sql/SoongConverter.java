package io.soong.sql;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.springframework.core.convert.converter.Converter;

/**
 * Marks a {@link Converter} bean as one for the values of columns. One that makes a type
 * of the application of a type that columns have, such as a {@code String}, reads; one
 * that makes the latter of the former writes. It applies to components and properties, to
 * conditions and arguments, to elements of lists and to {@link Row#get(String, Class)},
 * but not inside of json, which is Jackson's. Its class says the two types, so that a
 * lambda cannot be such a converter. NULL is null without being converted.
 *
 * @see SoongTemplate#withConverters(java.util.Collection)
 */
@Target({ ElementType.TYPE, ElementType.METHOD })
@Retention(RetentionPolicy.RUNTIME)
@Documented
public @interface SoongConverter {

}
