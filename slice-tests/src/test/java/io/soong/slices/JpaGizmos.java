package io.soong.slices;

import java.util.Optional;

import org.springframework.data.jpa.repository.JpaRepository;

/**
 * A repository of Spring Data JPA.
 */
public interface JpaGizmos extends JpaRepository<GizmoEntity, Integer> {

	Optional<GizmoEntity> findByName(String name);

}
