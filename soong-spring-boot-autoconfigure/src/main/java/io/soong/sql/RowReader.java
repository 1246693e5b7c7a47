package io.soong.sql;

import java.sql.ResultSet;
import java.sql.SQLException;

import org.jspecify.annotations.Nullable;

/**
 * Reads the current row of a result of one {@link Shape}. Holds no state of a result and
 * is shared by threads.
 *
 * @param <T> what a row becomes
 */
@FunctionalInterface
interface RowReader<T> {

	@Nullable T read(ResultSet resultSet) throws SQLException;

}
