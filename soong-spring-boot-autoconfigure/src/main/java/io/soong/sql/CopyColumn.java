package io.soong.sql;

import java.math.BigDecimal;
import java.sql.Timestamp;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.util.UUID;

import org.jspecify.annotations.Nullable;
import org.postgresql.core.Oid;
import org.postgresql.util.PGobject;

/**
 * A column as COPY sees it, which reads the text of a value by the type of the column,
 * where an INSERT converts from the type of the value: {@code 1.5} is stored in an
 * integer column by the one and refused by the other. COPY therefore gets only what means
 * the same to both.
 *
 * @param name the name of the column
 * @param type the OID of its type; of a domain, of the type below it
 * @param typeName the name of that type
 * @param leftOut whether something else than NULL may be stored where the column is left
 * out: a default, an identity, a generated value. Also where the role must not write it.
 * @param refused whether INSERT would refuse values that COPY takes: those of an identity
 * that is always generated
 */
record CopyColumn(String name, int type, String typeName, boolean leftOut, boolean refused) {

	boolean takes(@Nullable Object value, boolean leavesNullOut) {
		if (value == null) {
			return !(leavesNullOut && this.leftOut);
		}
		if (value instanceof String || value.getClass() == Timestamp.class) {
			// Without a type for INSERT too
			return true;
		}
		return switch (this.type) {
			case Oid.INT2, Oid.INT4, Oid.INT8 -> isInteger(value);
			case Oid.NUMERIC -> isInteger(value) || value instanceof BigDecimal;
			case Oid.FLOAT8 -> value instanceof Double || isInteger(value);
			case Oid.FLOAT4 -> value instanceof Float || isInteger(value);
			case Oid.BOOL -> value instanceof Boolean;
			case Oid.TEXT, Oid.VARCHAR, Oid.BPCHAR -> isInteger(value) || value instanceof UUID;
			case Oid.UUID -> value instanceof UUID;
			case Oid.BYTEA -> value instanceof byte[];
			case Oid.DATE -> value instanceof LocalDate;
			case Oid.TIME -> value instanceof LocalTime;
			case Oid.TIMETZ -> value instanceof OffsetTime;
			case Oid.TIMESTAMP -> value instanceof LocalDateTime;
			case Oid.TIMESTAMPTZ -> value instanceof OffsetDateTime;
			default -> false;
		} || (value instanceof PGobject object && this.typeName.equals(object.getType()));
	}

	private static boolean isInteger(Object value) {
		return value instanceof Integer || value instanceof Long || value instanceof Short;
	}

}
