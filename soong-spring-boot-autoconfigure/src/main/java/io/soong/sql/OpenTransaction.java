package io.soong.sql;

import java.sql.Connection;

import javax.sql.DataSource;

import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.datasource.ConnectionHolder;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * The transaction of Spring's that is open on this thread, if it is one of the
 * DataSource.
 */
final class OpenTransaction {

	private OpenTransaction() {
	}

	/** Its connection, or null if there is none. */
	static @Nullable Connection connection(@Nullable DataSource dataSource) {
		return (dataSource != null && TransactionSynchronizationManager.isActualTransactionActive()
				&& TransactionSynchronizationManager.getResource(dataSource) instanceof ConnectionHolder holder)
						? holder.getConnection() : null;
	}

}
