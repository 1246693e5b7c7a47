package io.soong.autoconfigure;

import io.soong.jdbc.SoongDataSource;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.jdbc.metadata.AbstractDataSourcePoolMetadata;

/**
 * The pool metadata of a {@link SoongDataSource} for Boot's meters and health indicators.
 */
final class SoongPoolMetadata extends AbstractDataSourcePoolMetadata<SoongDataSource> {

	SoongPoolMetadata(SoongDataSource dataSource) {
		super(dataSource);
	}

	@Override
	public Integer getActive() {
		return getDataSource().activeConnections();
	}

	@Override
	public Integer getIdle() {
		return getDataSource().idleConnections();
	}

	@Override
	public Integer getMax() {
		return getDataSource().maxConnections();
	}

	@Override
	public Integer getMin() {
		return 0;
	}

	/** None, because the driver validates without a query. */
	@Override
	public @Nullable String getValidationQuery() {
		return null;
	}

	@Override
	public Boolean getDefaultAutoCommit() {
		return true;
	}

}
