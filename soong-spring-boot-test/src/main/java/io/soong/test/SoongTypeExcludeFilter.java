package io.soong.test;

import org.springframework.boot.test.context.filter.annotation.StandardAnnotationCustomizableTypeExcludeFilter;

/**
 * Keeps the application's components out of a {@link SoongTest}, as far as its filters
 * say so.
 */
final class SoongTypeExcludeFilter extends StandardAnnotationCustomizableTypeExcludeFilter<SoongTest> {

	SoongTypeExcludeFilter(Class<?> testClass) {
		super(testClass);
	}

}
