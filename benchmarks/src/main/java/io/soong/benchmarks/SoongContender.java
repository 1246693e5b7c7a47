package io.soong.benchmarks;

import java.util.List;
import java.util.Map;

import io.soong.jdbc.SoongDataSource;
import io.soong.sql.SoongTemplate;

import org.springframework.jdbc.core.JdbcTemplate;

/**
 * SoongTemplate on a SoongDataSource, with records.
 */
final class SoongContender implements Contender {

	private final SoongDataSource dataSource;

	private final SoongTemplate soong;

	SoongContender(SoongDataSource dataSource) {
		this.dataSource = dataSource;
		this.soong = new SoongTemplate(new JdbcTemplate(dataSource));
	}

	@Override
	public Gizmo get(int id) {
		return this.soong.get("gizmos", id, Gizmo.class).orElseThrow();
	}

	@Override
	public List<Gizmo> select(int quantity) {
		return this.soong.select("gizmos", Map.of("quantity", quantity), Gizmo.class);
	}

	@Override
	public List<Gizmo> all() {
		return this.soong.select("gizmos").list(Gizmo.class);
	}

	@Override
	public WideGizmo wide(int id) {
		return this.soong.get("wide_gizmos", Map.of("c1", id), WideGizmo.class).orElseThrow();
	}

	@Override
	public List<WideGizmo> allWide() {
		return this.soong.select("wide_gizmos").list(WideGizmo.class);
	}

	@Override
	public int insert(NewGizmo gizmo) {
		return this.soong.insert("new_gizmos", gizmo, "id", Integer.class);
	}

	@Override
	public void update(Repainting repainting) {
		this.soong.update("painted_gizmos", repainting.id(), repainting);
	}

	@Override
	public void insertAll(List<ImportedGizmo> gizmos) {
		this.soong.insertAll("imported_gizmos", gizmos);
	}

	@Override
	public void upsertAll(List<ImportedGizmo> gizmos) {
		this.soong.upsertAll("imported_gizmos", gizmos, "id");
	}

	@Override
	public void close() {
		this.dataSource.close();
	}

}
