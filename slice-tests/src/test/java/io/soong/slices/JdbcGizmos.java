package io.soong.slices;

import org.springframework.data.repository.CrudRepository;

/**
 * A repository of Spring Data JDBC.
 */
interface JdbcGizmos extends CrudRepository<Gizmo, Integer> {

}
