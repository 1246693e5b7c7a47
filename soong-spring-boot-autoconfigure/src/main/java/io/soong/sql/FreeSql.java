package io.soong.sql;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Puts the caller's own SQL and its arguments together. {@code IN (?)} becomes
 * {@code = ANY (?)} and {@code NOT IN (?)} becomes {@code <> ALL (?)} where a collection
 * is given.
 */
final class FreeSql {

	// The protocol counts them in two bytes
	private static final int MAX_PARAMETERS = 65535;

	private final String sql;

	private final FreeSqlReader reader;

	private final StringBuilder text = new StringBuilder();

	private final List<@Nullable Object> parameters = new ArrayList<>();

	private final List<ParameterPlace> places = new ArrayList<>();

	private int copied;

	private FreeSql(String sql, boolean withNames) {
		this.sql = sql;
		this.reader = FreeSqlReader.read(sql, withNames);
	}

	/**
	 * The statement to run.
	 * @param sql SQL with {@code ?}, or with {@code :name}
	 * @param arguments one for each {@code ?}, or one map for the names
	 */
	static SqlText of(@Nullable String sql, @Nullable Object @Nullable [] arguments) {
		if (sql == null || sql.isBlank()) {
			throw new IllegalArgumentException("The SQL is " + ((sql == null) ? "null" : "blank"));
		}
		// What the compiler makes of a lone null
		List<@Nullable Object> values = (arguments != null) ? Arrays.asList(arguments)
				: Arrays.asList((@Nullable Object) null);
		if (values.size() == 1 && values.get(0) instanceof Map<?, ?> map) {
			return new FreeSql(sql, true).named(map);
		}
		return new FreeSql(sql, false).positional(values);
	}

	private SqlText positional(List<@Nullable Object> values) {
		List<FreeSqlReader.Parameter> places = this.reader.parameters();
		if (places.size() != values.size()) {
			throw new IllegalArgumentException("The SQL has " + places.size() + " parameters (?) but " + values.size()
					+ " arguments were given (an operator with a question mark is written with ??): " + this.sql);
		}
		for (int i = 0; i < values.size(); i++) {
			add(places.get(i), "parameter " + (i + 1), values.get(i));
		}
		return text();
	}

	private SqlText named(Map<?, ?> values) {
		boolean mixed = false;
		boolean named = false;
		for (FreeSqlReader.Parameter place : this.reader.parameters()) {
			mixed |= (place.name() == null);
			named |= (place.name() != null);
		}
		if (!named) {
			throw new IllegalArgumentException("A map was given, but the SQL has no :name: " + this.sql);
		}
		if (mixed) {
			throw new IllegalArgumentException("The SQL mixes :name and ? (an operator with a question mark is written "
					+ "with ??): " + this.sql);
		}
		for (FreeSqlReader.Parameter place : this.reader.parameters()) {
			String name = String.valueOf(place.name());
			if (!values.containsKey(name)) {
				throw new IllegalArgumentException(
						"The SQL has :" + name + " but the map has no \"" + name + "\": " + this.sql);
			}
			add(place, "parameter :" + name, (values instanceof Row row) ? row.stored(name) : values.get(name));
		}
		return text();
	}

	private void add(FreeSqlReader.Parameter place, String name, @Nullable Object value) {
		ParameterPlace.Use use = this.reader.use(place, value);
		int in = (value != null && ParameterValue.isCollection(value)) ? this.reader.inList(place) : -1;
		if (in >= 0) {
			use = ParameterPlace.Use.ELEMENTS;
			this.text.append(this.sql, this.copied, in).append(this.reader.isNot(in) ? "<> ALL (" : "= ANY (");
		}
		else {
			this.text.append(this.sql, this.copied, place.start());
		}
		this.text.append('?');
		this.copied = place.end();
		ParameterPlace argument = new ParameterPlace.Argument(name, use);
		Object parameter = ParameterValue.of(value, argument);
		this.places.add(argument);
		boolean withoutType = use == ParameterPlace.Use.WITHOUT_TYPE || use == ParameterPlace.Use.TURNED_INTO_TEXT;
		this.parameters.add(withoutType ? ParameterValue.withType(parameter) : parameter);
	}

	private SqlText text() {
		if (this.parameters.size() > MAX_PARAMETERS) {
			throw new IllegalArgumentException(
					"The SQL has " + this.parameters.size() + " parameters, and PostgreSQL takes " + "at most "
							+ MAX_PARAMETERS + "; pass a list as one parameter, as in IN (:list), or use insertAll");
		}
		return new SqlText(this.text.append(this.sql, this.copied, this.sql.length()).toString(), this.parameters,
				this.places::get);
	}

}
