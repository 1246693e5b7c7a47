package io.soong.benchmarks;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.OffsetDateTime;

import org.springframework.data.annotation.Id;
import org.springframework.data.relational.core.mapping.Table;

/**
 * A row of eight columns, as it is read. Public, as those of applications mostly are. The
 * annotations are for Spring Data; the others go by the names.
 *
 * @param id the primary key
 * @param name text
 * @param color text
 * @param price numeric
 * @param quantity integer; 20 gizmos share one
 * @param rating double precision
 * @param madeOn date
 * @param updatedAt timestamptz
 */
@Table("gizmos")
public record Gizmo(@Id int id, String name, String color, BigDecimal price, int quantity, double rating,
		LocalDate madeOn, OffsetDateTime updatedAt) {

}
