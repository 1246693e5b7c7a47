package io.soong.sql;

import java.math.BigDecimal;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the text of an amount of money, whose form is the server's {@code lc_monetary}:
 * {@code -$1,234.56} in the locales C and en_US, {@code -1.234,56 EUR} elsewhere. Text
 * that could stand for two amounts is refused.
 */
final class MoneyText {

	// A currency sign or name and perhaps a sign stand around the number
	private static final String AROUND = "([\\p{Sc}\\p{L}./\\s\\p{Zs}()\\u2212\\u200e\\u200f-]*?)";

	// Two decimals, and groups of two (India) or three digits before them
	private static final Pattern AMOUNT = Pattern
		.compile(AROUND + "(\\d+|\\d{1,3}(?:([.,'\\u2019\\s\\p{Zs}])\\d{2,3})(?:\\3\\d{2,3})*)([.,])(\\d\\d)" + AROUND);

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
