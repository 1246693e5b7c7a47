package io.soong.benchmarks;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.OffsetDateTime;

import org.springframework.data.annotation.Id;
import org.springframework.data.relational.core.mapping.Table;

/**
 * A row of many to insert, which brings its id.
 *
 * @param id the primary key
 * @param name text
 * @param color text
 * @param price numeric
 * @param quantity integer
 * @param rating double precision
 * @param madeOn date
 * @param updatedAt timestamptz
 */
@Table("imported_gizmos")
public record ImportedGizmo(@Id int id, String name, String color, BigDecimal price, int quantity, double rating,
		LocalDate madeOn, OffsetDateTime updatedAt) {

}
