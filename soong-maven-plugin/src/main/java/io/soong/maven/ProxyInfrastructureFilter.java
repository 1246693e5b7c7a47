package io.soong.maven;

import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.autoconfigure.AutoConfigurationImportFilter;
import org.springframework.boot.autoconfigure.AutoConfigurationMetadata;

/**
 * Excludes the auto-configurations of the {@link ProxyInfrastructure}. It is on the class
 * path only when an application that does not use them is processed.
 */
final class ProxyInfrastructureFilter implements AutoConfigurationImportFilter {

	private static final Set<String> UNUSED = Set.of("org.springframework.boot.autoconfigure.aop.AopAutoConfiguration",
			"org.springframework.boot.persistence.autoconfigure.PersistenceExceptionTranslationAutoConfiguration",
			"org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration");

	@Override
	public boolean[] match(@Nullable String[] autoConfigurationClasses, AutoConfigurationMetadata metadata) {
		boolean[] matches = new boolean[autoConfigurationClasses.length];
		for (int i = 0; i < matches.length; i++) {
			String name = autoConfigurationClasses[i];
			matches[i] = name == null || !UNUSED.contains(name);
		}
		return matches;
	}

}
