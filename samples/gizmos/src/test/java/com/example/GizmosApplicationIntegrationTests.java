package com.example;

import java.util.Map;
import java.util.function.Function;

import com.example.GizmosApplication.Gizmo;
import com.example.GizmosApplication.GizmoId;
import io.soong.sql.SoongTemplate;
import io.soong.test.SoongTest;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Import;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Runs the application that README shows.
 */
@SoongTest
@Import(GizmosApplication.class)
class GizmosApplicationIntegrationTests {

	@Test
	void functionFindsTheGizmo(@Autowired Function<GizmoId, Gizmo> getGizmo, @Autowired SoongTemplate soong) {
		soong.upsert("gizmos", Map.of("id", 4711, "name", "Flux", "color", "blue"), "id");
		assertThat(getGizmo.apply(new GizmoId(4711))).isEqualTo(new Gizmo(4711, "Flux", "blue"));
	}

}
