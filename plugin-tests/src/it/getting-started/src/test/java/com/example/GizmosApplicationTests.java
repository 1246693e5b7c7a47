package com.example;

import java.util.function.Function;

import com.example.GizmosApplication.Gizmo;
import com.example.GizmosApplication.GizmoId;
import io.soong.test.SoongTest;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;

import static org.assertj.core.api.Assertions.assertThat;

@SoongTest
class GizmosApplicationTests {

	@Test
	void gizmoIsFound(@Autowired Function<GizmoId, Gizmo> getGizmo) {
		assertThat(getGizmo.apply(new GizmoId(42))).isEqualTo(new Gizmo(42, "Gizmo42", "pink"));
	}

}
