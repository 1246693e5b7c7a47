package io.soong.autoconfigure;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.springframework.context.annotation.Conditional;

/**
 * Matches unless the application leaves the data source to Spring Boot by
 * {@code spring.datasource.url}. It resolves that property and {@code soong.host}, so it
 * is placed below conditions that make this unnecessary. They are evaluated first because
 * this is a separate annotation; a direct {@code @Conditional} would be evaluated before
 * them.
 */
@Target({ ElementType.TYPE, ElementType.METHOD })
@Retention(RetentionPolicy.RUNTIME)
@Conditional(OnSoongDataSourceCondition.class)
@interface ConditionalOnSoongDataSource {

}
