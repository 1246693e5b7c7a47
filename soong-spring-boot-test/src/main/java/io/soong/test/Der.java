package io.soong.test;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/**
 * The distinguished encoding (X.690) of the ASN.1 types that a certificate consists of.
 */
final class Der {

	private static final DateTimeFormatter GENERALIZED_TIME = DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'")
		.withZone(ZoneOffset.UTC);

	private Der() {
	}

	static byte[] sequence(byte[]... elements) {
		return tagged(0x30, elements);
	}

	static byte[] integer(BigInteger value) {
		return tagged(0x02, value.toByteArray());
	}

	static byte[] bool(boolean value) {
		return tagged(0x01, new byte[] { (byte) (value ? 0xff : 0) });
	}

	static byte[] octetString(byte[] value) {
		return tagged(0x04, value);
	}

	/**
	 * Whole bytes as a bit string.
	 */
	static byte[] bitString(byte[] value) {
		return tagged(0x03, new byte[1], value);
	}

	/**
	 * A list of named bits in one byte.
	 * @param unused the number of bits after the last one that is set
	 */
	static byte[] namedBits(int bits, int unused) {
		return tagged(0x03, new byte[] { (byte) unused, (byte) bits });
	}

	static byte[] generalizedTime(Instant instant) {
		return tagged(0x18, GENERALIZED_TIME.format(instant).getBytes(StandardCharsets.US_ASCII));
	}

	static byte[] objectIdentifier(String dotted) {
		String[] arcs = dotted.split("\\.");
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		bytes.write(Integer.parseInt(arcs[0]) * 40 + Integer.parseInt(arcs[1]));
		for (int i = 2; i < arcs.length; i++) {
			int arc = Integer.parseInt(arcs[i]);
			for (int shift = 28; shift > 0; shift -= 7) {
				if (arc >>> shift != 0) {
					bytes.write(arc >>> shift & 0x7f | 0x80);
				}
			}
			bytes.write(arc & 0x7f);
		}
		return tagged(0x06, bytes.toByteArray());
	}

	/**
	 * A context-specific field that wraps whole elements, such as {@code [3] EXPLICIT}.
	 */
	static byte[] explicit(int number, byte[]... elements) {
		return tagged(0xa0 | number, elements);
	}

	/**
	 * A context-specific field that takes the place of a primitive's own tag, such as
	 * {@code [2] IMPLICIT}.
	 */
	static byte[] implicit(int number, byte[] value) {
		return tagged(0x80 | number, value);
	}

	private static byte[] tagged(int tag, byte[]... contents) {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		int length = 0;
		for (byte[] content : contents) {
			length += content.length;
		}
		bytes.write(tag);
		if (length < 0x80) {
			bytes.write(length);
		}
		else {
			int octets = (39 - Integer.numberOfLeadingZeros(length)) / 8;
			bytes.write(0x80 | octets);
			for (int shift = (octets - 1) * 8; shift >= 0; shift -= 8) {
				bytes.write(length >>> shift);
			}
		}
		for (byte[] content : contents) {
			bytes.writeBytes(content);
		}
		return bytes.toByteArray();
	}

}
