package io.soong.autoconfigure;

import io.soong.jdbc.SoongDataSource;

/**
 * Observes data sources.
 */
@FunctionalInterface
interface DataSourceObservation {

	/**
	 * Begins to observe a data source. To call it again has no effect.
	 */
	void observe(SoongDataSource dataSource);

}
