package io.soong.benchmarks;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.util.List;
import java.util.Objects;

import org.springframework.jdbc.core.DataClassRowMapper;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.jdbc.support.GeneratedKeyHolder;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.jdbc.support.KeyHolder;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Spring's JdbcTemplate, with its own mapper for records.
 */
final class JdbcTemplateContender implements Contender {

	private static final int BATCH = 1000;

	private final SingleConnectionDataSource dataSource;

	private final JdbcTemplate jdbc;

	private final TransactionTemplate transaction;

	private final RowMapper<Gizmo> mapper = new DataClassRowMapper<>(Gizmo.class);

	private final RowMapper<WideGizmo> wideMapper = new DataClassRowMapper<>(WideGizmo.class);

	JdbcTemplateContender(Connection connection) {
		this.dataSource = Database.always(connection);
		this.jdbc = new JdbcTemplate(this.dataSource);
		this.transaction = new TransactionTemplate(new JdbcTransactionManager(this.dataSource));
	}

	@Override
	public Gizmo get(int id) {
		return Objects.requireNonNull(this.jdbc.queryForObject(GET, this.mapper, id));
	}

	@Override
	public List<Gizmo> select(int quantity) {
		return this.jdbc.query(SELECT, this.mapper, quantity);
	}

	@Override
	public List<Gizmo> all() {
		return this.jdbc.query(ALL, this.mapper);
	}

	@Override
	public WideGizmo wide(int id) {
		return Objects.requireNonNull(this.jdbc.queryForObject(WIDE + " WHERE c1 = ?", this.wideMapper, id));
	}

	@Override
	public List<WideGizmo> allWide() {
		return this.jdbc.query(WIDE, this.wideMapper);
	}

	@Override
	public int insert(NewGizmo gizmo) {
		KeyHolder key = new GeneratedKeyHolder();
		this.jdbc.update((connection) -> {
			PreparedStatement statement = connection.prepareStatement(INSERT, new String[] { "id" });
			statement.setString(1, gizmo.name());
			statement.setString(2, gizmo.color());
			statement.setBigDecimal(3, gizmo.price());
			statement.setInt(4, gizmo.quantity());
			statement.setDouble(5, gizmo.rating());
			statement.setObject(6, gizmo.madeOn());
			statement.setObject(7, gizmo.updatedAt());
			return statement;
		}, key);
		return Objects.requireNonNull(key.getKey()).intValue();
	}

	@Override
	public void update(Repainting repainting) {
		this.jdbc.update(UPDATE, repainting.color(), repainting.price(), repainting.id());
	}

	@Override
	public void insertAll(List<ImportedGizmo> gizmos) {
		batch(IMPORT, gizmos);
	}

	@Override
	public void upsertAll(List<ImportedGizmo> gizmos) {
		batch(IMPORT + " " + UPSERT, gizmos);
	}

	private void batch(String sql, List<ImportedGizmo> gizmos) {
		this.transaction
			.executeWithoutResult((status) -> this.jdbc.batchUpdate(sql, gizmos, BATCH, (statement, gizmo) -> {
				statement.setInt(1, gizmo.id());
				statement.setString(2, gizmo.name());
				statement.setString(3, gizmo.color());
				statement.setBigDecimal(4, gizmo.price());
				statement.setInt(5, gizmo.quantity());
				statement.setDouble(6, gizmo.rating());
				statement.setObject(7, gizmo.madeOn());
				statement.setObject(8, gizmo.updatedAt());
			}));
	}

	@Override
	public void close() {
		this.dataSource.destroy();
	}

}
