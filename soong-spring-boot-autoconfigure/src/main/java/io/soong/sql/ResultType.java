package io.soong.sql;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;
import org.postgresql.PGResultSetMetaData;
import org.postgresql.core.BaseConnection;
import org.postgresql.jdbc.PgArray;
import org.postgresql.util.PGobject;

/**
 * The type of a column, and how it is read: the value that a {@link Row} shows.
 */
enum ResultType {

	/** {@code Boolean}; bit strings of more than one bit are text. */
	BOOLEAN,

	/** {@code Integer}: smallint too. */
	INTEGER,

	/** {@code Long}. */
	BIGINT,

	/** {@code Long}: oid, which the driver does not read in binary form. */
	OID,

	/**
	 * {@code BigDecimal}; NaN and the infinities are a {@code Double}.
	 */
	NUMERIC,

	/** {@code Float}. */
	REAL,

	/** {@code Double}. */
	DOUBLE,

	/** {@code BigDecimal}. */
	MONEY,

	/** {@code String}. */
	TEXT,

	/** {@code byte[]}. */
	BYTEA,

	/** {@code LocalDate}. */
	DATE,

	/** {@code LocalTime}. */
	TIME,

	/** {@code OffsetTime}. */
	TIMETZ,

	/** {@code LocalDateTime}. */
	TIMESTAMP,

	/** {@code OffsetDateTime}. */
	TIMESTAMPTZ,

	/** {@code Duration}; with months, which have no fixed length, text. */
	INTERVAL,

	/** {@code List}. */
	ARRAY,

	/**
	 * {@code UUID}; {@link StoredValue.JsonText}; ranges, addresses and all other types
	 * are text.
	 */
	OTHER;

	// Widths in which an offset, the "+hh:mm" of the types with time zone, shows
	private static final int TIMESTAMP_WIDTH = 25;

	private static final int TIME_WIDTH = 11;

	private static final int INTERVAL_WIDTH = 49;

	private static final int OID_WIDTH = 10;

	// The server's own types that the driver reads as text, like an enum
	private static final Set<String> TEXT_TYPES = Set.of("text", "varchar", "bpchar", "char", "name");

	// Of the protocol's formats
	private static final int BINARY = 1;

	// The driver's scale of a double; money has another
	private static final int DOUBLE_SCALE = 17;

	// Recognized by the value, because the driver needs a round trip to name the type
	private static final Set<String> JSON_TYPES = Set.of("json", "jsonb");

	private static final Map<Integer, ResultType> BY_SQL_TYPE = Map.ofEntries(Map.entry(Types.BIT, BOOLEAN),
			Map.entry(Types.BOOLEAN, BOOLEAN), Map.entry(Types.SMALLINT, INTEGER), Map.entry(Types.INTEGER, INTEGER),
			Map.entry(Types.BIGINT, BIGINT), Map.entry(Types.NUMERIC, NUMERIC), Map.entry(Types.REAL, REAL),
			Map.entry(Types.DOUBLE, DOUBLE), Map.entry(Types.CHAR, TEXT), Map.entry(Types.VARCHAR, TEXT),
			Map.entry(Types.REF_CURSOR, TEXT), Map.entry(Types.SQLXML, TEXT), Map.entry(Types.STRUCT, TEXT),
			Map.entry(Types.BINARY, BYTEA), Map.entry(Types.DATE, DATE), Map.entry(Types.TIME, TIME),
			Map.entry(Types.TIMESTAMP, TIMESTAMP), Map.entry(Types.ARRAY, ARRAY));

	/**
	 * The type of a column. Its name would cost a round trip, because
	 * {@code getColumnTypeName} also looks up whether the column is an identity. The
	 * driver reports the types with and without time zone, and float8 and money, as the
	 * same type, but with a different display width or scale, without a round trip.
	 */
	static ResultType of(ResultSetMetaData metaData, int index) throws SQLException {
		int sqlType = metaData.getColumnType(index);
		ResultType type = BY_SQL_TYPE.getOrDefault(sqlType, OTHER);
		return switch (type) {
			case TIMESTAMP -> (width(metaData, index) > TIMESTAMP_WIDTH) ? TIMESTAMPTZ : TIMESTAMP;
			case TIME -> (width(metaData, index) > TIME_WIDTH) ? TIMETZ : TIME;
			case DOUBLE -> (metaData.getScale(index) == DOUBLE_SCALE) ? DOUBLE : MONEY;
			case BIGINT -> (metaData.getColumnDisplaySize(index) == OID_WIDTH) ? OID : BIGINT;
			case OTHER ->
				(sqlType == Types.OTHER && metaData.getColumnDisplaySize(index) == INTERVAL_WIDTH) ? INTERVAL : OTHER;
			default -> type;
		};
	}

	private static int width(ResultSetMetaData metaData, int index) throws SQLException {
		return metaData.getColumnDisplaySize(index) - metaData.getScale(index);
	}

	/**
	 * Whether a text column is an enum. The driver queries the server once for each
	 * connection.
	 */
	static boolean isEnum(ResultSet resultSet, int index) throws SQLException {
		return !TEXT_TYPES.contains(resultSet.getMetaData().getColumnTypeName(index));
	}

	/** Whether a type whose values are text is an enum. */
	static boolean isEnum(String typeName) {
		return !TEXT_TYPES.contains(typeName);
	}

	/**
	 * Reads the column of the current row. Json, also in arrays, becomes a
	 * {@link StoredValue.JsonText}. A value that a Java class cannot represent completely
	 * becomes a {@link StoredValue} or {@link StoredValue.Array}.
	 * @throws MismatchException if it is money that could be two amounts
	 */
	@Nullable Object readValue(ResultSet resultSet, int index, Context context) throws SQLException {
		return switch (this) {
			case INTEGER -> orNull(resultSet.getInt(index), resultSet);
			case BIGINT -> orNull(resultSet.getLong(index), resultSet);
			case OID -> oid(resultSet, index);
			case REAL -> orNull(resultSet.getFloat(index), resultSet);
			case DOUBLE -> orNull(resultSet.getDouble(index), resultSet);
			case MONEY -> money(resultSet.getString(index));
			case NUMERIC -> resultSet.getObject(index);
			case TEXT -> resultSet.getString(index);
			case BYTEA -> resultSet.getBytes(index);
			case DATE -> resultSet.getObject(index, LocalDate.class);
			case TIME -> localTime(resultSet, index);
			case TIMETZ -> offsetTime(resultSet, index);
			case TIMESTAMP -> resultSet.getObject(index, LocalDateTime.class);
			case TIMESTAMPTZ -> resultSet.getObject(index, OffsetDateTime.class);
			case INTERVAL -> interval(resultSet.getString(index));
			case ARRAY -> ArrayReader.read(resultSet, index, context);
			case BOOLEAN, OTHER -> other(resultSet, index, context.json());
		};
	}

	private static @Nullable Object orNull(Object value, ResultSet resultSet) throws SQLException {
		return resultSet.wasNull() ? null : value;
	}

	private static @Nullable Object oid(ResultSet resultSet, int index) throws SQLException {
		byte[] bytes = resultSet.getBytes(index);
		if (bytes == null) {
			return null;
		}
		boolean binary = resultSet.getMetaData() instanceof PGResultSetMetaData metaData
				&& metaData.getFormat(index) == BINARY;
		return binary ? Integer.toUnsignedLong(ByteBuffer.wrap(bytes).getInt())
				: Long.valueOf(new String(bytes, StandardCharsets.US_ASCII));
	}

	// The driver has no 24:00 in the binary form
	private static @Nullable Object localTime(ResultSet resultSet, int index) throws SQLException {
		try {
			return resultSet.getObject(index, LocalTime.class);
		}
		catch (DateTimeException ex) {
			return LocalTime.MAX;
		}
	}

	// For 24:00 the driver loses the offset, and fails in the binary form
	private static @Nullable Object offsetTime(ResultSet resultSet, int index) throws SQLException {
		try {
			OffsetTime time = resultSet.getObject(index, OffsetTime.class);
			if (!OffsetTime.MAX.equals(time)) {
				return time;
			}
			String text = resultSet.getString(index);
			String offset = text.substring(Math.max(text.lastIndexOf('+'), text.lastIndexOf('-')));
			return OffsetTime.of(LocalTime.MAX, ZoneOffset.of(offset));
		}
		catch (DateTimeException ex) {
			int secondsWest = ByteBuffer.wrap(resultSet.getBytes(index)).getInt(Long.BYTES);
			return OffsetTime.of(LocalTime.MAX, ZoneOffset.ofTotalSeconds(-secondsWest));
		}
	}

	private static @Nullable Object money(@Nullable String text) {
		return (text != null) ? MoneyText.parse(text) : null;
	}

	private static @Nullable Object interval(@Nullable String text) {
		if (text == null) {
			return null;
		}
		Object value = IntervalText.parse(text);
		// A day of a Duration has 24 hours; the server's may not
		boolean days = text.indexOf('d') >= 0 || text.indexOf('D') >= 0;
		return (days && value instanceof Duration) ? new StoredValue(value, "interval", text) : value;
	}

	private static @Nullable Object other(ResultSet resultSet, int index, Json json) throws SQLException {
		Object value = resultSet.getObject(index);
		if (value instanceof PGobject object) {
			String text = object.getValue();
			return (text != null && JSON_TYPES.contains(object.getType()))
					? new StoredValue.JsonText(text, object.getType(), json) : text;
		}
		if (value instanceof Boolean) {
			String text = resultSet.getString(index);
			// A bit string of one bit; such a column accepts no boolean
			return ("0".equals(text) || "1".equals(text)) ? new StoredValue(value, null, text) : value;
		}
		return (value == null || value instanceof UUID || value instanceof String) ? value : resultSet.getString(index);
	}

	/**
	 * Reads the text of an amount of money, whose form is the server's
	 * {@code lc_monetary}: {@code -$1,234.56} in the locales C and en_US,
	 * {@code -1.234,56 EUR} elsewhere. Text that could stand for two amounts is refused.
	 */
	static final class MoneyText {

		// A currency sign or name and perhaps a sign surround the number
		private static final String AROUND = "([\\p{Sc}\\p{L}./\\s\\p{Zs}()\\u2212\\u200e\\u200f-]*?)";

		// Two decimals, and groups of two (India) or three digits before them
		private static final Pattern AMOUNT = Pattern.compile(
				AROUND + "(\\d+|\\d{1,3}(?:([.,'\\u2019\\s\\p{Zs}])\\d{2,3})(?:\\3\\d{2,3})*)([.,])(\\d\\d)" + AROUND);

		private MoneyText() {
		}

		/**
		 * The amount.
		 * @throws MismatchException if the text is not that of one amount only
		 */
		static BigDecimal parse(String text) {
			Matcher matcher = AMOUNT.matcher(text);
			if (!matcher.matches() || matcher.group(4).equals(matcher.group(3))) {
				throw new MismatchException("holds money in a form (the server's lc_monetary) that does not end in two "
						+ "decimals; select it as column::numeric");
			}
			BigDecimal amount = new BigDecimal(matcher.group(2).replaceAll("\\D", "") + "." + matcher.group(5));
			return isNegative(matcher.group(1), matcher.group(6)) ? amount.negate() : amount;
		}

		private static boolean isNegative(String before, String after) {
			String around = before + after;
			return around.indexOf('-') >= 0 || around.indexOf('\u2212') >= 0
					|| (before.indexOf('(') >= 0 && after.indexOf(')') >= 0);
		}

	}

	/**
	 * Reads the text of an interval. A day is 24 hours; an interval with months or years
	 * has no fixed length and stays text.
	 */
	static final class IntervalText {

		// The server's IntervalStyle "postgres", its default, such as "-1 days
		// +02:03:00.5"
		private static final Pattern POSTGRES = Pattern
			.compile("(?:([-+]?\\d{1,18}) days?)? ?(?:([-+]?)(\\d{1,18}):(\\d\\d):(\\d\\d)(?:\\.(\\d{1,9}))?)?");

		private IntervalText() {
		}

		/** A {@code Duration}, or the text itself. */
		static Object parse(String text) {
			Matcher matcher = POSTGRES.matcher(text);
			try {
				if (!text.isEmpty() && matcher.matches()) {
					return postgres(matcher);
				}
				// IntervalStyle "iso_8601"; java.time reads no years and months
				return text.startsWith("P") ? Duration.parse(text) : text;
			}
			catch (DateTimeParseException | ArithmeticException ex) {
				return text;
			}
		}

		private static Duration postgres(Matcher matcher) {
			Duration duration = Duration.ZERO;
			if (matcher.group(1) != null) {
				duration = Duration.ofDays(Long.parseLong(matcher.group(1)));
			}
			if (matcher.group(3) != null) {
				Duration time = Duration.ofHours(Long.parseLong(matcher.group(3)))
					.plusMinutes(Long.parseLong(matcher.group(4)))
					.plusSeconds(Long.parseLong(matcher.group(5)))
					.plusNanos(nanos(matcher.group(6)));
				duration = "-".equals(matcher.group(2)) ? duration.minus(time) : duration.plus(time);
			}
			return duration;
		}

		private static long nanos(@Nullable String fraction) {
			return (fraction != null) ? Long.parseLong((fraction + "00000000").substring(0, 9)) : 0;
		}

	}

	/**
	 * What some columns need to be read, beside the result.
	 */
	record Context(Json json, Converters converters, ArrayReader.Domains domains) {

	}

	/**
	 * Reads an array column as an unmodifiable list, its elements as {@link ResultType}
	 * reads a column of their type; an array of several dimensions is a list of lists.
	 */
	static final class ArrayReader {

		// The driver returns the elements of an array as rows of (index, value)
		private static final int VALUE = 2;

		// Types whose elements do not determine the stored value, or are separated by
		// semicolons
		private static final Set<String> TYPES_OF_STORED_TEXT = Set.of("interval", "bit", "box");

		// Before the dimensions: how many there are, whether there are nulls, and the
		// type
		private static final int HEADER = 12;

		private ArrayReader() {
		}

		static @Nullable List<@Nullable Object> read(ResultSet resultSet, int index, ResultType.Context context)
				throws SQLException {
			Array array = resultSet.getArray(index);
			return (array != null) ? read(array, context) : null;
		}

		// An array in binary form, as of numbers, has no text yet
		private static List<@Nullable Object> stored(Array array, List<@Nullable Object> elements) throws SQLException {
			String type = array.getBaseTypeName();
			boolean binary = array instanceof PgArray driver && driver.isBinary();
			if (TYPES_OF_STORED_TEXT.contains(type) || (!binary && array.toString().startsWith("["))) {
				return new StoredValue.Array(elements, type, array.toString());
			}
			String bounds = binary ? bounds(ByteBuffer.wrap(((PgArray) array).toBytes())) : "";
			return bounds.isEmpty() ? elements : new StoredValue.Array(elements, type, bounds + "=" + array);
		}

		/** The bounds of an array in binary form as text; empty if all begin at 1. */
		private static String bounds(ByteBuffer header) {
			int dimensions = header.getInt();
			header.position(HEADER);
			StringBuilder bounds = new StringBuilder();
			boolean usual = true;
			for (int i = 0; i < dimensions; i++) {
				int length = header.getInt();
				int lower = header.getInt();
				usual &= (lower == 1);
				bounds.append('[').append(lower).append(':').append(lower + length - 1).append(']');
			}
			return usual ? "" : bounds.toString();
		}

		private static List<@Nullable Object> read(Array array, ResultType.Context context) throws SQLException {
			try (ResultSet rows = array.getResultSet()) {
				if (rows.getMetaData().getColumnType(VALUE) == Types.DISTINCT) {
					return readDomains(array, rows, context);
				}
				List<@Nullable Object> elements = new ArrayList<>();
				ResultType type = ResultType.of(rows.getMetaData(), VALUE);
				while (rows.next()) {
					elements.add(StoredValue.plain(type.readValue(rows, VALUE, context)));
				}
				List<@Nullable Object> stored = stored(array, Collections.unmodifiableList(elements));
				boolean labels = type == ResultType.TEXT && !(stored instanceof StoredValue.Array)
						&& ResultType.isEnum(array.getBaseTypeName());
				return labels ? new StoredValue.Labels(elements) : stored;
			}
		}

		private static List<@Nullable Object> readDomains(Array array, ResultSet rows, ResultType.Context context)
				throws SQLException {
			BaseConnection connection = rows.getStatement().getConnection().unwrap(BaseConnection.class);
			Domains.Base base = context.domains().base(array, connection);
			if (base.arrayOid() != 0) {
				return read(new PgArray(connection, base.arrayOid(), array.toString()), context);
			}
			// The domain itself is an array
			List<@Nullable Object> elements = new ArrayList<>();
			while (rows.next()) {
				String text = rows.getString(VALUE);
				elements.add((text != null) ? read(new PgArray(connection, base.oid(), text), context) : null);
			}
			return Collections.unmodifiableList(elements);
		}

		/**
		 * The base types of domains. The server reports them for a column but not for the
		 * elements of an array. Read from the catalogue once for each domain, with its
		 * first array. Thread-safe.
		 */
		static final class Domains {

			private static final String BASE = """
					WITH RECURSIVE base AS (
						SELECT oid, typtype, typbasetype, typarray FROM pg_catalog.pg_type WHERE oid = ?
						UNION ALL
						SELECT t.oid, t.typtype, t.typbasetype, t.typarray
						FROM base b JOIN pg_catalog.pg_type t ON t.oid = b.typbasetype WHERE b.typtype = 'd'
					)
					SELECT oid, typarray FROM base WHERE typtype <> 'd'""";

			// Far more than a function uses
			private static final int MAX_DOMAINS = 1000;

			private final BoundedCache<Domain, Base> bases = new BoundedCache<>(MAX_DOMAINS);

			/**
			 * The base type of the elements of an array.
			 */
			Base base(Array array, BaseConnection connection) throws SQLException {
				// Both are cached by the driver at this point
				int oid = connection.getTypeInfo().getPGType(array.getBaseTypeName());
				Domain domain = new Domain(connection.getMetaData().getURL(), oid);
				Base base = this.bases.get(domain);
				if (base == null) {
					base = read(oid, connection);
					this.bases.put(domain, base);
				}
				return base;
			}

			private static Base read(int oid, BaseConnection connection) throws SQLException {
				List<Base> bases = new ArrayList<>();
				DatabaseType.query(connection, BASE,
						(statement) -> statement.setLong(1, connection.getTypeInfo().intOidToLong(oid)),
						(row) -> bases.add(new Base((int) row.getLong(1), (int) row.getLong(2))));
				if (bases.isEmpty()) {
					throw new SQLException("The domain of an array's elements was dropped while the array was read");
				}
				return bases.get(0);
			}

			private record Domain(String url, int oid) {

			}

			/**
			 * A type other than a domain.
			 *
			 * @param oid its number
			 * @param arrayOid the number of the type of its arrays, 0 if it is an array
			 * itself
			 */
			record Base(int oid, int arrayOid) {

			}

		}

	}

}
