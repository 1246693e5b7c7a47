package io.soong.sql;

import org.springframework.dao.InvalidDataAccessResourceUsageException;

/**
 * The columns of a table are not of the types by which values were bound. Nothing was
 * stored.
 */
final class ColumnsChangedException extends InvalidDataAccessResourceUsageException {

	private static final long serialVersionUID = 1L;

	ColumnsChangedException() {
		super("Nothing was stored, because the columns of the table are no longer of the types that they had when this "
				+ "process used them last (another search_path, or a migration). Roll the transaction back and run it "
				+ "again: the types are then read anew");
	}

}
