package io.soong.autoconfigure;

import io.soong.jdbc.SoongDataSource;

/**
 * Has data sources observed.
 */
@FunctionalInterface
interface DataSourceObservation {

	/**
	 * Begins to observe a data source, if that is not done already.
	 */
	void observe(SoongDataSource dataSource);

}
