package io.soong.autoconfigure;

import java.security.Security;

import io.soong.lambda.LambdaEnvironment;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * Shortens, on Lambda, how long the JVM holds answers of the DNS: a failover moves the
 * endpoint's name to another server, and the JVM would go on to dial the old one for 30 s
 * by a clock that stands still while the environment is frozen.
 * <p>
 * The JVM reads these security properties once, at its first look-up of a name, hence
 * here, before there are any beans. What the user set stays, in {@code java.security} or
 * by the system properties of the JDK. A negative lifetime of 10 s is what every JDK
 * comes with, and counts as not set.
 */
final class DnsLifetimesEnvironmentPostProcessor implements EnvironmentPostProcessor, Ordered {

	static final String POSITIVE = "networkaddress.cache.ttl";

	static final String NEGATIVE = "networkaddress.cache.negative.ttl";

	private static final String NEGATIVE_OF_JDK = "10";

	@Override
	public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
		if (!new LambdaEnvironment(environment::getProperty).isLambda()
				|| !environment.getProperty("soong.enabled", Boolean.class, true)) {
			return;
		}
		lower(POSITIVE, "1", "sun.net.inetaddr.ttl", null);
		lower(NEGATIVE, "0", "sun.net.inetaddr.negative.ttl", NEGATIVE_OF_JDK);
	}

	private static void lower(String property, String seconds, String systemProperty, @Nullable String ofJdk) {
		String value = Security.getProperty(property);
		if ((value == null || value.isEmpty() || value.equals(ofJdk)) && System.getProperty(systemProperty) == null) {
			Security.setProperty(property, seconds);
		}
	}

	@Override
	public int getOrder() {
		return Ordered.LOWEST_PRECEDENCE;
	}

}
