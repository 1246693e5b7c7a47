package io.soong.slices;

import java.util.Map;

import io.soong.sql.SoongTemplate;
import io.soong.test.SoongTest;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.ComponentScan.Filter;
import org.springframework.context.annotation.FilterType;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link SoongTest} with a configuration other than that of
 * {@link SoongTestIntegrationTests}, whose {@code gizmos} is another table.
 */
@SoongTest(
		properties = { "spring.sql.init.schema-locations=classpath:other-schema.sql",
				"spring.sql.init.data-locations=optional:classpath:none.sql" },
		includeFilters = @Filter(type = FilterType.ASSIGNABLE_TYPE, classes = Catalog.class))
class SoongTestFiltersIntegrationTests {

	@Test
	void componentIsIncludedAndTableIsOfThisContext(@Autowired Catalog catalog, @Autowired SoongTemplate soong) {
		assertThat(catalog.size()).isZero();
		soong.insert("gizmos", Map.of("title", "Ulysses"));
		assertThat(catalog.size()).isOne();
	}

}
