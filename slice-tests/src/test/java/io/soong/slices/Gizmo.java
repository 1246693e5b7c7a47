package io.soong.slices;

import org.jspecify.annotations.Nullable;

import org.springframework.data.annotation.Id;
import org.springframework.data.relational.core.mapping.Table;

/**
 * A row, for Spring Data JDBC.
 */
@Table("gizmos")
record Gizmo(@Id @Nullable Integer id, String name) {

}
