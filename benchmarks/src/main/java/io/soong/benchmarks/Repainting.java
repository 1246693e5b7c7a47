package io.soong.benchmarks;

import java.math.BigDecimal;

import org.springframework.data.annotation.Id;
import org.springframework.data.relational.core.mapping.Table;

/**
 * What an update sets: two columns of the row that has the id.
 *
 * @param id the key
 * @param color text
 * @param price numeric
 */
@Table("painted_gizmos")
record Repainting(@Id int id, String color, BigDecimal price) {

}
