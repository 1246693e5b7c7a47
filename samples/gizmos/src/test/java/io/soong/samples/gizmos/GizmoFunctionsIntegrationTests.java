package io.soong.samples.gizmos;

import java.util.function.Function;

import io.soong.samples.gizmos.GizmoFunctions.Gizmo;
import io.soong.samples.gizmos.GizmoFunctions.Rename;
import io.soong.test.SoongTest;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Import;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The example of README.
 */
@SoongTest
@Import(GizmoFunctions.class)
class GizmoFunctionsIntegrationTests {

	@Test
	void gizmoIsRenamed(@Autowired Function<Rename, Gizmo> renameGizmo) {
		Gizmo renamed = renameGizmo.apply(new Rename(42, "Gizmo42: The Next Generation"));
		assertThat(renamed.name()).isEqualTo("Gizmo42: The Next Generation");
	}

}
