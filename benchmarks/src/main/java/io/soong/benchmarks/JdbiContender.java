package io.soong.benchmarks;

import java.sql.Connection;
import java.util.List;

import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.mapper.reflect.ConstructorMapper;
import org.jdbi.v3.core.statement.PreparedBatch;

import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/**
 * Jdbi, with its own mapper for constructors.
 */
final class JdbiContender implements Contender {

	private static final int BATCH = 1000;

	private final SingleConnectionDataSource dataSource;

	private final Jdbi jdbi;

	JdbiContender(Connection connection) {
		this.dataSource = Database.always(connection);
		this.jdbi = Jdbi.create(this.dataSource).registerRowMapper(ConstructorMapper.factory(Gizmo.class));
	}

	@Override
	public Gizmo get(int id) {
		return this.jdbi.withHandle((handle) -> handle.createQuery(GET).bind(0, id).mapTo(Gizmo.class).one());
	}

	@Override
	public List<Gizmo> select(int quantity) {
		return this.jdbi.withHandle((handle) -> handle.createQuery(SELECT).bind(0, quantity).mapTo(Gizmo.class).list());
	}

	@Override
	public List<Gizmo> all() {
		return this.jdbi.withHandle((handle) -> handle.createQuery(ALL).mapTo(Gizmo.class).list());
	}

	@Override
	public int insert(NewGizmo gizmo) {
		return this.jdbi.withHandle((handle) -> handle.createUpdate(INSERT)
			.bind(0, gizmo.name())
			.bind(1, gizmo.color())
			.bind(2, gizmo.price())
			.bind(3, gizmo.quantity())
			.bind(4, gizmo.rating())
			.bind(5, gizmo.madeOn())
			.bind(6, gizmo.updatedAt())
			.executeAndReturnGeneratedKeys("id")
			.mapTo(int.class)
			.one());
	}

	@Override
	public void update(Repainting repainting) {
		this.jdbi.useHandle((handle) -> handle.createUpdate(UPDATE)
			.bind(0, repainting.color())
			.bind(1, repainting.price())
			.bind(2, repainting.id())
			.execute());
	}

	@Override
	public void insertAll(List<ImportedGizmo> gizmos) {
		this.jdbi.useTransaction((handle) -> {
			for (int from = 0; from < gizmos.size(); from += BATCH) {
				PreparedBatch batch = handle.prepareBatch(IMPORT);
				for (ImportedGizmo gizmo : gizmos.subList(from, Math.min(from + BATCH, gizmos.size()))) {
					batch.bind(0, gizmo.id())
						.bind(1, gizmo.name())
						.bind(2, gizmo.color())
						.bind(3, gizmo.price())
						.bind(4, gizmo.quantity())
						.bind(5, gizmo.rating())
						.bind(6, gizmo.madeOn())
						.bind(7, gizmo.updatedAt())
						.add();
				}
				batch.execute();
			}
		});
	}

	@Override
	public void close() {
		this.dataSource.destroy();
	}

}
