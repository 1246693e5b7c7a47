package io.soong.jdbc;

import java.util.Arrays;
import java.util.regex.Pattern;

import org.postgresql.core.Query;

/**
 * The text of what the driver sends: its SQL with placeholders, without the values bound
 * to them. Asked for only where something is to be said about it.
 */
final class SentSql {

	private static final Pattern ROLLBACK = Pattern.compile("\\s*(ROLLBACK|ABORT)\\s*;?\\s*", Pattern.CASE_INSENSITIVE);

	private static final Pattern COMMIT = Pattern.compile("\\s*(COMMIT|END)\\b.*",
			Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

	/** Also after another statement. */
	private static final Pattern ENDING = Pattern.compile("(?:^|.*;)\\s*(COMMIT|END|PREPARE\\s+TRANSACTION)\\b.*",
			Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

	/** A function that is selected may write, which its caller knows. */
	private static final Pattern READ = Pattern.compile("\\s*(SELECT|SHOW|VALUES|TABLE|EXPLAIN|FETCH)\\b.*",
			Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

	/**
	 * By SET, or by set_config for the session; not what the driver and Soong send for
	 * the methods of JDBC, which is undone when the loan ends.
	 */
	private static final Pattern SESSION_SETTING = Pattern.compile(
			"\\s*SET\\s+(?!(SESSION|LOCAL|TRANSACTION|CONSTRAINTS)\\s).*"
					+ "|\\s*SELECT\\b.*\\bset_config\\s*\\((?!\\s*'search_path').*,\\s*false\\s*\\).*",
			Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

	/** Stands for what has no SQL of its own. */
	static final Object CANCEL_COPY = "(cancel COPY)";

	private SentSql() {
	}

	static String subject(Object subject) {
		if (subject instanceof Query query) {
			return query.getNativeSql();
		}
		if (subject instanceof Query[] queries && queries.length > 0) {
			return queries[0].getNativeSql() + " (batch of " + queries.length + ")";
		}
		return subject.toString();
	}

	/**
	 * Returns whether it does no more than end what is under way.
	 */
	static boolean isRollback(Object subject) {
		return subject == CANCEL_COPY || ROLLBACK.matcher(subject(subject)).matches();
	}

	static boolean isCommit(Object subject) {
		return COMMIT.matcher(subject(subject)).matches();
	}

	/**
	 * Returns whether it, or a part of it, ends a transaction other than by rolling back.
	 */
	static boolean isEnding(Object subject) {
		if (subject instanceof Query[] queries) {
			return Arrays.stream(queries).anyMatch(SentSql::isEnding);
		}
		return ENDING.matcher(subject(subject)).matches();
	}

	/**
	 * Returns whether it changes a setting for the whole session.
	 */
	static boolean isSessionSetting(Object subject) {
		return SESSION_SETTING.matcher(subject(subject)).matches();
	}

	/**
	 * Returns whether it leaves nothing behind, by its first word.
	 */
	static boolean isRead(Object subject) {
		return READ.matcher(subject(subject)).matches();
	}

}
