package io.soong.jdbc;

import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * A stream whose {@link #skip(long)} fails at the end of the stream. Other streams return
 * 0 there, and the driver, which skips a row that does not fit into the heap, then loops
 * forever.
 */
final class EndingInputStream extends FilterInputStream {

	private static final int CHUNK = 8192;

	EndingInputStream(InputStream in) {
		super(in);
	}

	/**
	 * Skips at least one byte.
	 * @throws EOFException at the end
	 */
	@Override
	public long skip(long count) throws IOException {
		if (count <= 0) {
			return 0;
		}
		int skipped = read(new byte[(int) Math.min(count, CHUNK)]);
		if (skipped < 0) {
			throw new EOFException("The connection ended within an answer");
		}
		return skipped;
	}

}
