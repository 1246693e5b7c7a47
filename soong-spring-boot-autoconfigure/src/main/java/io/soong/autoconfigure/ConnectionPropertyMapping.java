package io.soong.autoconfigure;

import java.time.Duration;
import java.util.Locale;

import io.soong.jdbc.ConnectionSettings;
import io.soong.lambda.LambdaEnvironment;
import org.jspecify.annotations.Nullable;

import org.springframework.core.env.Environment;

/**
 * Maps the connection properties that are independent of the server: timeouts, lifetime,
 * number, scope.
 */
record ConnectionPropertyMapping(SoongProperties properties, Environment environment) {

	private static final int MOST_BY_DEFAULT = 8;

	private LambdaEnvironment lambda() {
		return new LambdaEnvironment(this.environment::getProperty);
	}

	boolean opensEagerly() {
		return switch (this.properties.connection().eager()) {
			case ON -> true;
			case OFF -> false;
			case AUTO -> lambda().isInvokedAfterInit();
		};
	}

	void applyTo(ConnectionSettings.Builder builder) {
		SoongProperties.Connection connection = this.properties.connection();
		Duration slow = this.properties.slowQueryThreshold();
		builder.applicationName(lambda().applicationName().orElse(null))
			.connectTimeout(positive("soong.connect-timeout", this.properties.connectTimeout()))
			.acquireTimeout(notNegative("soong.connection.acquire-timeout", connection.acquireTimeout()))
			.validateAfter(notNegative("soong.connection.validate-after", connection.validateAfter()))
			.maxLifetime(notNegative("soong.connection.max-lifetime", connection.maxLifetime()))
			.max(max())
			.scope(connection.scope())
			.reset(connection.reset())
			.deadlineMargin(notNegative("soong.deadline-margin", this.properties.deadlineMargin()))
			.prime(this.properties.snapstart().prime())
			.slowQueryThreshold((slow != null) ? notNegative("soong.slow-query-threshold", slow) : null);
		connection.properties().forEach((name, value) -> {
			try {
				builder.driverProperty(name, value.strip());
			}
			catch (IllegalArgumentException ex) {
				throw invalid("soong.connection.properties." + name.toLowerCase(Locale.ROOT), ex.getMessage(),
						"Remove it, or correct its name.");
			}
		});
	}

	private int max() {
		Integer max = this.properties.connection().max();
		if (max == null) {
			return Math.min(lambda().concurrency(), MOST_BY_DEFAULT);
		}
		if (max < 1) {
			throw invalid("soong.connection.max", "at least one connection is needed", "Remove it, or set 1 or more.");
		}
		return max;
	}

	private Duration positive(String property, Duration duration) {
		if (duration.compareTo(Duration.ofMillis(1)) < 0) {
			throw invalid(property, "it must be positive", "Set for example 20s.");
		}
		return duration;
	}

	private Duration notNegative(String property, Duration duration) {
		if (duration.isNegative()) {
			throw invalid(property, "it must not be negative", "Set 0 or a positive duration, for example 10s.");
		}
		return duration;
	}

	private InvalidSoongPropertyException invalid(String property, @Nullable String reason, String action) {
		return new InvalidSoongPropertyException(this.environment, property, String.valueOf(reason), action);
	}

}
