package io.soong.autoconfigure;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.springframework.context.annotation.Conditional;

/**
 * Matches unless the application leaves the data source to Spring Boot by
 * {@code spring.datasource.url}. It resolves that and {@code soong.host}, so it stands
 * below conditions that make this unnecessary. Those are asked first because this is an
 * annotation of its own: {@code @Conditional} itself would go before them.
 */
@Target({ ElementType.TYPE, ElementType.METHOD })
@Retention(RetentionPolicy.RUNTIME)
@Conditional(OnSoongDataSourceCondition.class)
@interface ConditionalOnSoongDataSource {

}
