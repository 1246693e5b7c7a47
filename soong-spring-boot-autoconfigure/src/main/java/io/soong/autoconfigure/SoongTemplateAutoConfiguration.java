package io.soong.autoconfigure;

import java.util.ArrayList;
import java.util.List;

import io.soong.sql.SoongConverter;
import io.soong.sql.SoongTemplate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.AnnotationAwareOrderComparator;
import org.springframework.core.convert.converter.Converter;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;

/**
 * Auto-configuration of the {@link SoongTemplate}, based on the application's
 * {@link JdbcTemplate}.
 */
@AutoConfiguration(after = { JdbcTemplateAutoConfiguration.class, DataSourceTransactionManagerAutoConfiguration.class },
		afterName = "org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration")
@ConditionalOnClass({ JdbcTemplate.class, JdbcTemplateAutoConfiguration.class })
@ConditionalOnEnabled
public final class SoongTemplateAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	@ConditionalOnSingleCandidate(JdbcTemplate.class)
	SoongTemplate soongTemplate(JdbcTemplate jdbcTemplate,
			ObjectProvider<PlatformTransactionManager> transactionManager, ObjectProvider<JsonMapperSource> json,
			ListableBeanFactory beanFactory, Environment environment) {
		PlatformTransactionManager unique = transactionManager.getIfUnique();
		SoongTemplate template = (unique != null) ? new SoongTemplate(jdbcTemplate, unique)
				: new SoongTemplate(jdbcTemplate);
		// Not bound with the other properties, which apply to Soong's own data source
		// only
		if (Binder.get(environment).bind("soong.errors.values", Boolean.class).orElse(false)) {
			template = template.withValuesInErrors();
		}
		// Cheaper than injection if there are none
		String[] converters = beanFactory.getBeanNamesForType(Converter.class, true, false);
		if (converters.length > 0) {
			template = template.withConverters(marked(beanFactory, converters));
		}
		JsonMapperSource source = json.getIfAvailable();
		return (source != null) ? template.withJsonMapper(source::get) : template;
	}

	private static List<Converter<?, ?>> marked(ListableBeanFactory beanFactory, String[] names) {
		List<Converter<?, ?>> converters = new ArrayList<>();
		for (String name : names) {
			if (beanFactory.findAnnotationOnBean(name, SoongConverter.class) != null) {
				converters.add(beanFactory.getBean(name, Converter.class));
			}
		}
		AnnotationAwareOrderComparator.sort(converters);
		return converters;
	}

	/**
	 * Uses the application's own mapper, if there is one, to read and write json.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(JsonMapper.class)
	static final class JacksonConfiguration {

		@Bean
		JsonMapperSource soongJsonMapperSource(ObjectProvider<JsonMapper> jsonMapper,
				ObjectProvider<ObjectMapper> objectMapper) {
			return () -> {
				JsonMapper json = jsonMapper.getIfUnique();
				// Subclasses of ObjectMapper write other formats
				return (json != null) ? json
						: objectMapper.stream()
							.filter((mapper) -> mapper.getClass() == ObjectMapper.class)
							.findFirst()
							.orElse(null);
			};
		}

	}

	/**
	 * The application's mapper, resolved when json is first used. Not a
	 * {@link java.util.function.Supplier}, because Spring Cloud Function would expose it
	 * as a function.
	 */
	@FunctionalInterface
	interface JsonMapperSource {

		@Nullable Object get();

	}

}
