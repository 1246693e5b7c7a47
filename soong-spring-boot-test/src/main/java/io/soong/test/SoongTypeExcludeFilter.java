package io.soong.test;

import org.springframework.boot.test.context.filter.annotation.StandardAnnotationCustomizableTypeExcludeFilter;

/**
 * Excludes the application's components from a {@link SoongTest}, according to its
 * filters.
 */
final class SoongTypeExcludeFilter extends StandardAnnotationCustomizableTypeExcludeFilter<SoongTest> {

	SoongTypeExcludeFilter(Class<?> testClass) {
		super(testClass);
	}

}
