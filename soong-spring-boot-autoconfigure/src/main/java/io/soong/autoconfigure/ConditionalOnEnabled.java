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
import org.springframework.core.convert.ConversionException;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;

/**
 * Matches unless one of some properties is false. A blank value counts as unset, as that
 * of any other property of Soong does; to Spring Boot's own condition it is false.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Conditional(ConditionalOnEnabled.OnEnabled.class)
@interface ConditionalOnEnabled {

	/** The property that switches all of Soong off. */
	String ALL = "soong.enabled";

	/**
	 * The names of the properties.
	 */
	String[] value() default ALL;

	/**
	 * The condition.
	 */
	final class OnEnabled extends SpringBootCondition {

		@Override
		public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
			ConditionMessage.Builder message = ConditionMessage.forCondition("Soong");
			for (String property : metadata.getAnnotations().get(ConditionalOnEnabled.class).getStringArray("value")) {
				if (!isEnabled(context.getEnvironment(), property)) {
					return ConditionOutcome.noMatch(message.because(property + " is false"));
				}
			}
			return ConditionOutcome.match(message.because("no property switches it off"));
		}

		/**
		 * Returns whether a property is true, blank or not set.
		 * @throws InvalidSoongPropertyException if it is no boolean
		 */
		static boolean isEnabled(Environment environment, String property) {
			try {
				return environment.getProperty(property, Boolean.class, true);
			}
			catch (ConversionException ex) {
				throw new InvalidSoongPropertyException(environment, property, "it is no boolean",
						"Set it to true or false.");
			}
		}

	}

}
