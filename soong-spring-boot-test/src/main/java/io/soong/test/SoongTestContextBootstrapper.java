package io.soong.test;

import org.springframework.boot.test.autoconfigure.TestSliceTestContextBootstrapper;

/**
 * Adds the properties of a {@link SoongTest} to its context.
 */
final class SoongTestContextBootstrapper extends TestSliceTestContextBootstrapper<SoongTest> {

}
