package io.soong.sql;

import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.util.Map;
import java.util.UUID;

import org.jspecify.annotations.Nullable;
import org.postgresql.util.PGobject;

/**
 * What a column holds, and how it is read: the value that a {@link Row} shows. The place
 * where a further type, such as json as a map, is let in.
 */
enum ColumnType {

	BOOLEAN {
		@Override
		@Nullable Object readValue(ResultSet resultSet, int index) throws SQLException {
			// bit is among them; a driver's boolean only when it is one bit
			Object value = resultSet.getObject(index);
			return (value instanceof PGobject) ? ((PGobject) value).getValue() : value;
		}
	},

	INTEGER {
		@Override
		@Nullable Object readValue(ResultSet resultSet, int index) throws SQLException {
			int value = resultSet.getInt(index);
			return (value == 0 && resultSet.wasNull()) ? null : value;
		}
	},

	BIGINT {
		@Override
		@Nullable Object readValue(ResultSet resultSet, int index) throws SQLException {
			long value = resultSet.getLong(index);
			return (value == 0 && resultSet.wasNull()) ? null : value;
		}
	},

	/**
	 * A {@code BigDecimal}; NaN and the infinities, which it lacks, are a {@code Double}.
	 */
	NUMERIC {
		@Override
		@Nullable Object readValue(ResultSet resultSet, int index) throws SQLException {
			return resultSet.getObject(index);
		}
	},

	REAL {
		@Override
		@Nullable Object readValue(ResultSet resultSet, int index) throws SQLException {
			float value = resultSet.getFloat(index);
			return (value == 0 && resultSet.wasNull()) ? null : value;
		}
	},

	DOUBLE {
		@Override
		@Nullable Object readValue(ResultSet resultSet, int index) throws SQLException {
			double value = resultSet.getDouble(index);
			return (value == 0 && resultSet.wasNull()) ? null : value;
		}
	},

	TEXT {
		@Override
		@Nullable Object readValue(ResultSet resultSet, int index) throws SQLException {
			return resultSet.getString(index);
		}
	},

	BYTEA {
		@Override
		@Nullable Object readValue(ResultSet resultSet, int index) throws SQLException {
			return resultSet.getBytes(index);
		}
	},

	DATE {
		@Override
		@Nullable Object readValue(ResultSet resultSet, int index) throws SQLException {
			return resultSet.getObject(index, LocalDate.class);
		}
	},

	TIME {
		@Override
		@Nullable Object readValue(ResultSet resultSet, int index) throws SQLException {
			return resultSet.getObject(index, LocalTime.class);
		}
	},

	TIMETZ {
		@Override
		@Nullable Object readValue(ResultSet resultSet, int index) throws SQLException {
			return resultSet.getObject(index, OffsetTime.class);
		}
	},

	TIMESTAMP {
		@Override
		@Nullable Object readValue(ResultSet resultSet, int index) throws SQLException {
			return resultSet.getObject(index, LocalDateTime.class);
		}
	},

	TIMESTAMPTZ {
		@Override
		@Nullable Object readValue(ResultSet resultSet, int index) throws SQLException {
			return resultSet.getObject(index, OffsetDateTime.class);
		}
	},

	INTERVAL {
		@Override
		@Nullable Object readValue(ResultSet resultSet, int index) throws SQLException {
			String text = resultSet.getString(index);
			return (text != null) ? IntervalText.parse(text) : null;
		}
	},

	ARRAY {
		@Override
		@Nullable Object readValue(ResultSet resultSet, int index) throws SQLException {
			return ArrayReader.read(resultSet.getArray(index));
		}
	},

	/** uuid; and as text json, ranges, addresses and all other types. */
	OTHER {
		@Override
		@Nullable Object readValue(ResultSet resultSet, int index) throws SQLException {
			Object value = resultSet.getObject(index);
			if (value instanceof PGobject object) {
				return object.getValue();
			}
			return (value == null || value instanceof UUID || value instanceof String) ? value
					: resultSet.getString(index);
		}
	};

	// Widths in which an offset, the "+hh:mm" of the types with time zone, shows
	private static final int TIMESTAMP_WIDTH = 25;

	private static final int TIME_WIDTH = 11;

	private static final int INTERVAL_WIDTH = 49;

	private static final Map<Integer, ColumnType> BY_SQL_TYPE = Map.ofEntries(Map.entry(Types.BIT, BOOLEAN),
			Map.entry(Types.BOOLEAN, BOOLEAN), Map.entry(Types.SMALLINT, INTEGER), Map.entry(Types.INTEGER, INTEGER),
			Map.entry(Types.BIGINT, BIGINT), Map.entry(Types.NUMERIC, NUMERIC), Map.entry(Types.REAL, REAL),
			Map.entry(Types.DOUBLE, DOUBLE), Map.entry(Types.CHAR, TEXT), Map.entry(Types.VARCHAR, TEXT),
			Map.entry(Types.REF_CURSOR, TEXT), Map.entry(Types.SQLXML, TEXT), Map.entry(Types.STRUCT, TEXT),
			Map.entry(Types.BINARY, BYTEA), Map.entry(Types.DATE, DATE), Map.entry(Types.TIME, TIME),
			Map.entry(Types.TIMESTAMP, TIMESTAMP), Map.entry(Types.ARRAY, ARRAY));

	/**
	 * The type of a column. The driver knows its name only at the price of a round trip
	 * ({@code getColumnTypeName} also looks up whether the column is an identity), and
	 * reports the types with and without time zone as the same; but it does report their
	 * different display width, from memory.
	 */
	static ColumnType of(ResultSetMetaData metaData, int index) throws SQLException {
		int sqlType = metaData.getColumnType(index);
		ColumnType type = BY_SQL_TYPE.getOrDefault(sqlType, OTHER);
		return switch (type) {
			case TIMESTAMP -> (width(metaData, index) > TIMESTAMP_WIDTH) ? TIMESTAMPTZ : TIMESTAMP;
			case TIME -> (width(metaData, index) > TIME_WIDTH) ? TIMETZ : TIME;
			case OTHER ->
				(sqlType == Types.OTHER && metaData.getColumnDisplaySize(index) == INTERVAL_WIDTH) ? INTERVAL : OTHER;
			default -> type;
		};
	}

	private static int width(ResultSetMetaData metaData, int index) throws SQLException {
		return metaData.getColumnDisplaySize(index) - metaData.getScale(index);
	}

	/**
	 * Reads the column of the current row.
	 */
	abstract @Nullable Object readValue(ResultSet resultSet, int index) throws SQLException;

}
