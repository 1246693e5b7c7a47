package io.soong.sql;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Binds the parameters of an {@link StatementText}. A {@code String} and null go without
 * a type, so that the server infers it from their place.
 */
final class ParameterBinder {

	private ParameterBinder() {
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
		else if (parameter instanceof Text text) {
			statement.setObject(index, ScalarParameter.typed("text", text.text()));
		}
		else {
			statement.setObject(index, parameter);
		}
	}

	/**
	 * Text with the type text; other text is bound without a type.
	 *
	 * @param text the text, or null for NULL
	 */
	record Text(@Nullable String text) {

		/** Without the text, which must not be logged. */
		@Override
		public String toString() {
			return "?";
		}

	}

}
