package io.soong.autoconfigure;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.ConfigurationCondition;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.util.StringUtils;

/**
 * Matches unless the application leaves the data source to Spring Boot: it sets
 * {@code spring.datasource.url}, and not {@code soong.host}. It resolves both properties,
 * so it is placed below conditions that make this unnecessary. They are evaluated first
 * because this is a separate annotation; a direct {@code @Conditional} would be evaluated
 * before them.
 */
@Target({ ElementType.TYPE, ElementType.METHOD })
@Retention(RetentionPolicy.RUNTIME)
@Conditional(ConditionalOnSoongDataSource.OnSoongDataSource.class)
@interface ConditionalOnSoongDataSource {

	/**
	 * The condition.
	 */
	final class OnSoongDataSource extends SpringBootCondition implements ConfigurationCondition {

		@Override
		public ConfigurationPhase getConfigurationPhase() {
			return ConfigurationPhase.REGISTER_BEAN;
		}

		@Override
		public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
			Environment environment = context.getEnvironment();
			boolean host = StringUtils.hasText(environment.getProperty("soong.host"));
			boolean url = !host && StringUtils.hasText(environment.getProperty("spring.datasource.url"));
			return new ConditionOutcome(!url,
					ConditionMessage.forCondition("Soong data source")
						.because(host ? "soong.host is set"
								: "soong.host is not set, and spring.datasource.url is " + (url ? "set" : "not set")));
		}

	}

}
