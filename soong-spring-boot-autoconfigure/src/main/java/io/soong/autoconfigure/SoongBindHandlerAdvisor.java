package io.soong.autoconfigure;

import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationPropertiesBindHandlerAdvisor;
import org.springframework.boot.context.properties.bind.AbstractBindHandler;
import org.springframework.boot.context.properties.bind.BindContext;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.core.env.Environment;

/**
 * Converts values of {@code soong.*} that Spring Boot rejects because of surrounding
 * white space, and keeps values that may hold a password out of its error.
 */
record SoongBindHandlerAdvisor(Environment environment) implements ConfigurationPropertiesBindHandlerAdvisor {

	private static final ConfigurationPropertyName SOONG = ConfigurationPropertyName.of("soong");

	@Override
	public BindHandler apply(BindHandler handler) {
		return new AbstractBindHandler(handler) {

			@Override
			public @Nullable Object onFailure(ConfigurationPropertyName name, Bindable<?> target, BindContext context,
					Exception error) throws Exception {
				ConfigurationProperty property = context.getConfigurationProperty();
				if (property == null || !SOONG.isAncestorOf(name)) {
					return super.onFailure(name, target, context, error);
				}
				String value = property.getValue().toString();
				if (!value.equals(value.strip())) {
					return new Binder(new MapConfigurationPropertySource(Map.of(name.toString(), value.strip())))
						.bind(name, target)
						.orElse(null);
				}
				if (!SanitizedValue.of(value).equals(value)) {
					throw new InvalidSoongPropertyException(SoongBindHandlerAdvisor.this.environment, name.toString(),
							"it cannot be converted to the property's type", "Correct it.");
				}
				return super.onFailure(name, target, context, error);
			}

		};
	}

}
