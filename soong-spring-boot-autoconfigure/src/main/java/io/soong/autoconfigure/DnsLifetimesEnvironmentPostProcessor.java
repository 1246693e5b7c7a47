package io.soong.autoconfigure;

import java.security.Security;
import java.util.Set;

import io.soong.lambda.LambdaEnvironment;

import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * Shortens, on Lambda, how long the JVM caches DNS answers. A failover moves the
 * endpoint's name to another server, and the JVM would dial the old one for another 30 s
 * by a clock that stands still while the environment is frozen.
 * <p>
 * The JVM reads these security properties once, at its first look-up of a name, so they
 * are set here, before any bean exists. The user's values are kept: those in
 * {@code java.security}, in the system properties of the JDK, or in the variable of
 * Lambda's Java runtime. A negative lifetime of 10 s is the default of every JDK, and 1 s
 * that of Lambda's runtime; both count as not set.
 */
final class DnsLifetimesEnvironmentPostProcessor implements EnvironmentPostProcessor, Ordered {

	static final String POSITIVE = "networkaddress.cache.ttl";

	static final String NEGATIVE = "networkaddress.cache.negative.ttl";

	private static final Set<String> NEGATIVE_OF_OTHERS = Set.of("10", "1");

	private static final String VARIABLE_OF_RUNTIME = "AWS_LAMBDA_JAVA_NETWORKADDRESS_CACHE_NEGATIVE_TTL";

	@Override
	public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
		if (!new LambdaEnvironment(environment::getProperty).isLambda()
				|| !ConditionalOnEnabled.OnEnabled.isEnabled(environment, ConditionalOnEnabled.ALL)) {
			return;
		}
		lower(POSITIVE, "1", "sun.net.inetaddr.ttl", Set.of());
		if (!environment.containsProperty(VARIABLE_OF_RUNTIME)) {
			lower(NEGATIVE, "0", "sun.net.inetaddr.negative.ttl", NEGATIVE_OF_OTHERS);
		}
	}

	private static void lower(String property, String seconds, String systemProperty, Set<String> ofOthers) {
		String value = Security.getProperty(property);
		if ((value == null || value.isEmpty() || ofOthers.contains(value))
				&& System.getProperty(systemProperty) == null) {
			Security.setProperty(property, seconds);
		}
	}

	@Override
	public int getOrder() {
		return Ordered.LOWEST_PRECEDENCE;
	}

}
