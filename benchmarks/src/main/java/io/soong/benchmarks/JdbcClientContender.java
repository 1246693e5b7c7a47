package io.soong.benchmarks;

import java.sql.Connection;
import java.util.List;
import java.util.Objects;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.jdbc.support.GeneratedKeyHolder;
import org.springframework.jdbc.support.KeyHolder;

/**
 * Spring's JdbcClient. It has no batches.
 */
final class JdbcClientContender implements Contender {

	private final SingleConnectionDataSource dataSource;

	private final JdbcClient jdbc;

	JdbcClientContender(Connection connection) {
		this.dataSource = Database.always(connection);
		this.jdbc = JdbcClient.create(this.dataSource);
	}

	@Override
	public Gizmo get(int id) {
		return this.jdbc.sql(GET).param(id).query(Gizmo.class).single();
	}

	@Override
	public List<Gizmo> select(int quantity) {
		return this.jdbc.sql(SELECT).param(quantity).query(Gizmo.class).list();
	}

	@Override
	public List<Gizmo> all() {
		return this.jdbc.sql(ALL).query(Gizmo.class).list();
	}

	@Override
	public int insert(NewGizmo gizmo) {
		KeyHolder key = new GeneratedKeyHolder();
		this.jdbc.sql(INSERT)
			.params(gizmo.name(), gizmo.color(), gizmo.price(), gizmo.quantity(), gizmo.rating(), gizmo.madeOn(),
					gizmo.updatedAt())
			.update(key, "id");
		return Objects.requireNonNull(key.getKey()).intValue();
	}

	@Override
	public void update(Repainting repainting) {
		this.jdbc.sql(UPDATE).params(repainting.color(), repainting.price(), repainting.id()).update();
	}

	@Override
	public void close() {
		this.dataSource.destroy();
	}

}
