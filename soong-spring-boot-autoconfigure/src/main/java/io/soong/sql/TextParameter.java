package io.soong.sql;

import org.jspecify.annotations.Nullable;

/**
 * Text that is bound as text, where other text is bound without a type.
 *
 * @param text the text, or null for NULL
 */
record TextParameter(@Nullable String text) {

	/** Without the text, which must not end up in a log. */
	@Override
	public String toString() {
		return "?";
	}

}
