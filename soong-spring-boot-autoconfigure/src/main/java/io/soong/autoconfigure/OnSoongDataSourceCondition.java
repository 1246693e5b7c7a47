package io.soong.autoconfigure;

import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.ConfigurationCondition;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.util.StringUtils;

/**
 * Leaves the data source to Spring Boot if the application sets Boot's own property and
 * not Soong's.
 */
final class OnSoongDataSourceCondition extends SpringBootCondition implements ConfigurationCondition {

	@Override
	public ConfigurationPhase getConfigurationPhase() {
		return ConfigurationPhase.REGISTER_BEAN;
	}

	@Override
	public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
		Environment environment = context.getEnvironment();
		ConditionMessage.Builder message = ConditionMessage.forCondition("Soong data source");
		if (StringUtils.hasText(environment.getProperty("soong.host"))) {
			return ConditionOutcome.match(message.because("soong.host is set"));
		}
		if (StringUtils.hasText(environment.getProperty("spring.datasource.url"))) {
			return ConditionOutcome.noMatch(message.because("spring.datasource.url is set and soong.host is not"));
		}
		return ConditionOutcome.match(message.because("spring.datasource.url is not set"));
	}

}
