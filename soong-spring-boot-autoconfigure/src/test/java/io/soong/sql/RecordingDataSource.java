package io.soong.sql;

import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

import org.springframework.jdbc.datasource.AbstractDataSource;

/**
 * A DataSource without a database: it notes the SQL of every statement that is prepared
 * and then fails. Nothing noted means that nothing would have been sent.
 */
final class RecordingDataSource extends AbstractDataSource {

	private final List<String> statements = new ArrayList<>();

	private int connections;

	/** The statements so far, which are then forgotten. */
	List<String> takeStatements() {
		List<String> taken = List.copyOf(this.statements);
		this.statements.clear();
		return taken;
	}

	int connections() {
		return this.connections;
	}

	@Override
	public Connection getConnection() {
		this.connections++;
		return (Connection) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] { Connection.class },
				(proxy, method, args) -> switch (method.getName()) {
					case "prepareStatement" -> {
						this.statements.add((String) args[0]);
						throw new SQLException("There is no database", "08001");
					}
					case "isReadOnly" -> false;
					case "close", "setReadOnly", "setAutoCommit", "rollback" -> null;
					default -> throw new UnsupportedOperationException(method.toString());
				});
	}

	@Override
	public Connection getConnection(String username, String password) {
		return getConnection();
	}

}
