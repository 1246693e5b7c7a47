package io.soong.sql;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Binds the parameters of an {@link SqlText}. A {@code String} and null go without a
 * type, so that the server infers it from their place.
 */
final class Binder {

	private Binder() {
	}

	static void bind(PreparedStatement statement, List<@Nullable Object> parameters) throws SQLException {
		for (int i = 0; i < parameters.size(); i++) {
			bind(statement, i + 1, parameters.get(i));
		}
	}

	static void bind(PreparedStatement statement, int index, @Nullable Object parameter) throws SQLException {
		if (parameter == null) {
			statement.setNull(index, Types.NULL);
		}
		else if (parameter instanceof String) {
			statement.setObject(index, parameter, Types.OTHER);
		}
		else if (parameter instanceof TextParameter text) {
			statement.setObject(index, ParameterValue.typed("text", text.text()));
		}
		else {
			statement.setObject(index, parameter);
		}
	}

}
