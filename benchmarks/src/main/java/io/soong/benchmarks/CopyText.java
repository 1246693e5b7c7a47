package io.soong.benchmarks;

import java.nio.charset.StandardCharsets;
import java.sql.SQLException;

import org.postgresql.copy.CopyIn;

/**
 * Rows in the text format of COPY, by hand: a character builder that is emptied whenever
 * it is full. Only the two columns of text can hold what needs to be escaped.
 */
final class CopyText {

	private static final int FULL = 64 * 1024;

	private final CopyIn copy;

	private final StringBuilder text = new StringBuilder(FULL + 1024);

	CopyText(CopyIn copy) {
		this.copy = copy;
	}

	void write(ImportedGizmo gizmo) throws SQLException {
		this.text.append(gizmo.id()).append('\t');
		escape(gizmo.name());
		this.text.append('\t');
		escape(gizmo.color());
		this.text.append('\t')
			.append(gizmo.price())
			.append('\t')
			.append(gizmo.quantity())
			.append('\t')
			.append(gizmo.rating())
			.append('\t')
			.append(gizmo.madeOn())
			.append('\t')
			.append(gizmo.updatedAt())
			.append('\n');
		if (this.text.length() >= FULL) {
			flush();
		}
	}

	void end() throws SQLException {
		flush();
		this.copy.endCopy();
	}

	private void flush() throws SQLException {
		byte[] bytes = this.text.toString().getBytes(StandardCharsets.UTF_8);
		this.copy.writeToCopy(bytes, 0, bytes.length);
		this.text.setLength(0);
	}

	private void escape(String value) {
		for (int i = 0; i < value.length(); i++) {
			char c = value.charAt(i);
			switch (c) {
				case '\\' -> this.text.append("\\\\");
				case '\t' -> this.text.append("\\t");
				case '\n' -> this.text.append("\\n");
				case '\r' -> this.text.append("\\r");
				default -> this.text.append(c);
			}
		}
	}

}
