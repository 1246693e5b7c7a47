package io.soong.benchmarks;

import java.util.List;
import java.util.Map;

import io.soong.jdbc.SoongDataSource;
import io.soong.sql.Row;
import io.soong.sql.SoongTemplate;

import org.springframework.jdbc.core.JdbcTemplate;

/**
 * SoongTemplate on a SoongDataSource, without a class for the rows.
 */
final class SoongRowContender implements Contender {

	private final SoongDataSource dataSource;

	private final SoongTemplate soong;

	SoongRowContender(SoongDataSource dataSource) {
		this.dataSource = dataSource;
		this.soong = new SoongTemplate(new JdbcTemplate(dataSource));
	}

	@Override
	public Row get(int id) {
		return this.soong.get("gizmos", id).orElseThrow();
	}

	@Override
	public List<Row> select(int quantity) {
		return this.soong.select("gizmos", Map.of("quantity", quantity));
	}

	@Override
	public List<Row> all() {
		return this.soong.select("gizmos").list();
	}

	@Override
	public Row wide(int id) {
		return this.soong.get("wide_gizmos", Map.of("c1", id)).orElseThrow();
	}

	@Override
	public List<Row> allWide() {
		return this.soong.select("wide_gizmos").list();
	}

	@Override
	public void close() {
		this.dataSource.close();
	}

}
