package io.soong.sql;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Binds the parameters of an {@link SqlText}. Text and NULL go without a type, so that
 * the server infers it from their place.
 */
final class Binder {

	private Binder() {
	}

	static void bind(PreparedStatement statement, List<@Nullable Object> parameters) throws SQLException {
		for (int i = 0; i < parameters.size(); i++) {
			Object parameter = parameters.get(i);
			if (parameter == null) {
				statement.setNull(i + 1, Types.NULL);
			}
			else if (parameter instanceof String text) {
				int number = i + 1;
				statement.setObject(number, ParameterValue.text(text, () -> "parameter " + number), Types.OTHER);
			}
			else {
				statement.setObject(i + 1, parameter);
			}
		}
	}

}
