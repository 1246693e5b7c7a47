package io.soong.sql;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Combines the caller's own SQL and its arguments. For a collection, {@code IN (?)}
 * becomes {@code = ANY (?)} and {@code NOT IN (?)} becomes {@code <> ALL (?)}.
 */
final class PlainSql {

	// The protocol counts them in two bytes
	private static final int MAX_PARAMETERS = 65535;

	// Far more than a function uses; a bound for SQL that is built dynamically
	private static final int MAX_KNOWN = 256;

	private final BoundedCache<String, List<PlainSqlParser.Parameter>> positional = new BoundedCache<>(MAX_KNOWN);

	private final BoundedCache<String, List<PlainSqlParser.Parameter>> named = new BoundedCache<>(MAX_KNOWN);

	/**
	 * The statement to run.
	 * @param sql SQL with {@code ?}, or with {@code :name}
	 * @param arguments one for each {@code ?}, or one map for the names
	 */
	StatementText of(@Nullable String sql, @Nullable Object @Nullable [] arguments) {
		if (sql == null || sql.isBlank()) {
			throw new IllegalArgumentException("The SQL is " + ((sql == null) ? "null" : "blank"));
		}
		// The compiler passes a single null as the array itself
		List<@Nullable Object> values = (arguments != null) ? Arrays.asList(arguments)
				: Arrays.asList((@Nullable Object) null);
		if (values.size() == 1 && values.get(0) instanceof Map<?, ?> map) {
			return named(sql, parameters(this.named, sql, true), map);
		}
		return positional(sql, parameters(this.positional, sql, false), values);
	}

	private static List<PlainSqlParser.Parameter> parameters(BoundedCache<String, List<PlainSqlParser.Parameter>> known,
			String sql, boolean withNames) {
		List<PlainSqlParser.Parameter> parameters = known.get(sql);
		if (parameters == null) {
			parameters = PlainSqlParser.read(sql, withNames);
			known.put(sql, parameters);
		}
		return parameters;
	}

	private static StatementText positional(String sql, List<PlainSqlParser.Parameter> parameters,
			List<@Nullable Object> values) {
		if (parameters.size() != values.size()) {
			throw new IllegalArgumentException(
					"The SQL has " + parameters.size() + " parameters (?) but " + values.size()
							+ " arguments were given (an operator with a question mark is written with ??): " + sql);
		}
		Filled filled = new Filled(sql);
		for (int i = 0; i < values.size(); i++) {
			filled.add(parameters.get(i), "parameter " + (i + 1), values.get(i));
		}
		return filled.text();
	}

	private static StatementText named(String sql, List<PlainSqlParser.Parameter> parameters, Map<?, ?> values) {
		boolean mixed = parameters.stream().anyMatch((parameter) -> parameter.name() == null);
		if (parameters.stream().noneMatch((parameter) -> parameter.name() != null)) {
			throw new IllegalArgumentException("A map was given, but the SQL has no :name: " + sql);
		}
		if (mixed) {
			throw new IllegalArgumentException(
					"The SQL mixes :name and ? (an operator with a question mark is written with ??): " + sql);
		}
		Filled filled = new Filled(sql);
		for (PlainSqlParser.Parameter parameter : parameters) {
			String name = String.valueOf(parameter.name());
			if (!values.containsKey(name)) {
				throw new IllegalArgumentException(
						"The SQL has :" + name + " but the map has no \"" + name + "\": " + sql);
			}
			filled.add(parameter, "parameter :" + name, GivenColumns.entry(values, name));
		}
		return filled.text();
	}

	/**
	 * The SQL as it is sent, and its parameters.
	 */
	private static final class Filled {

		private final String sql;

		// Null while nothing differs
		private @Nullable StringBuilder text;

		private final List<@Nullable Object> parameters = new ArrayList<>();

		private final List<ParameterPlace> places = new ArrayList<>();

		private int copied;

		private Filled(String sql) {
			this.sql = sql;
		}

		private void add(PlainSqlParser.Parameter parameter, String name, @Nullable Object value) {
			ParameterPlace.Use use = parameter.use(value);
			PlainSqlParser.InList in = parameter.in();
			if (in != null && value != null && ScalarParameter.isCollection(value)) {
				use = ParameterPlace.Use.ELEMENTS;
				replace(in.start(), in.not() ? "<> ALL (?" : "= ANY (?", in.end());
			}
			else if (parameter.name() != null) {
				replace(parameter.start(), "?", parameter.end());
			}
			ParameterPlace place = new ParameterPlace.Argument(name, use);
			Object bound = ParameterValue.of(value, place);
			this.places.add(place);
			this.parameters.add(use.needsType() ? ParameterValue.withType(bound) : bound);
		}

		private void replace(int start, String text, int end) {
			StringBuilder result = (this.text != null) ? this.text : new StringBuilder(this.sql.length());
			result.append(this.sql, this.copied, start).append(text);
			this.text = result;
			this.copied = end;
		}

		private StatementText text() {
			if (this.parameters.size() > MAX_PARAMETERS) {
				throw new IllegalArgumentException("The SQL has " + this.parameters.size()
						+ " parameters, and PostgreSQL takes at most " + MAX_PARAMETERS
						+ "; pass a list as one parameter, as in IN (:list), or use insertAll");
			}
			String text = (this.text != null) ? this.text.append(this.sql, this.copied, this.sql.length()).toString()
					: this.sql;
			return new StatementText(text, this.parameters, this.places::get);
		}

	}

}
