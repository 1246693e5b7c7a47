package io.soong.benchmarks;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.OffsetDateTime;

import org.jspecify.annotations.Nullable;

import org.springframework.data.annotation.Id;
import org.springframework.data.relational.core.mapping.Table;

/**
 * A row to insert, whose id the database gives.
 *
 * @param id null until it is inserted
 * @param name text
 * @param color text
 * @param price numeric
 * @param quantity integer
 * @param rating double precision
 * @param madeOn date
 * @param updatedAt timestamptz
 */
@Table("new_gizmos")
public record NewGizmo(@Id @Nullable Integer id, String name, String color, BigDecimal price, int quantity,
		double rating, LocalDate madeOn, OffsetDateTime updatedAt) {

}
