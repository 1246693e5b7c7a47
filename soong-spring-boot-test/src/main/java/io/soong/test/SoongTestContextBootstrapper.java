package io.soong.test;

import org.springframework.boot.test.autoconfigure.TestSliceTestContextBootstrapper;

/**
 * Gives the context of a {@link SoongTest} its properties.
 */
final class SoongTestContextBootstrapper extends TestSliceTestContextBootstrapper<SoongTest> {

}
