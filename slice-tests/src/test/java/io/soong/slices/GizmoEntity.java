package io.soong.slices;

import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import org.jspecify.annotations.Nullable;

/**
 * A row, for JPA.
 */
@Entity
@Table(name = "gizmos")
class GizmoEntity {

	@Id
	@GeneratedValue(strategy = GenerationType.IDENTITY)
	private @Nullable Integer id;

	private String name = "";

	protected GizmoEntity() {
	}

	GizmoEntity(String name) {
		this.name = name;
	}

	@Nullable Integer getId() {
		return this.id;
	}

	String getName() {
		return this.name;
	}

}
