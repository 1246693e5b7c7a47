package io.soong.benchmarks;

import java.math.BigDecimal;
import java.time.LocalDate;

/**
 * A row of 50 columns: ten each of integer, text, numeric, date and boolean.
 *
 * @param c1 a column
 * @param c2 a column
 * @param c3 a column
 * @param c4 a column
 * @param c5 a column
 * @param c6 a column
 * @param c7 a column
 * @param c8 a column
 * @param c9 a column
 * @param c10 a column
 * @param c11 a column
 * @param c12 a column
 * @param c13 a column
 * @param c14 a column
 * @param c15 a column
 * @param c16 a column
 * @param c17 a column
 * @param c18 a column
 * @param c19 a column
 * @param c20 a column
 * @param c21 a column
 * @param c22 a column
 * @param c23 a column
 * @param c24 a column
 * @param c25 a column
 * @param c26 a column
 * @param c27 a column
 * @param c28 a column
 * @param c29 a column
 * @param c30 a column
 * @param c31 a column
 * @param c32 a column
 * @param c33 a column
 * @param c34 a column
 * @param c35 a column
 * @param c36 a column
 * @param c37 a column
 * @param c38 a column
 * @param c39 a column
 * @param c40 a column
 * @param c41 a column
 * @param c42 a column
 * @param c43 a column
 * @param c44 a column
 * @param c45 a column
 * @param c46 a column
 * @param c47 a column
 * @param c48 a column
 * @param c49 a column
 * @param c50 a column
 */
public record WideGizmo(int c1, String c2, BigDecimal c3, LocalDate c4, boolean c5, int c6, String c7, BigDecimal c8,
		LocalDate c9, boolean c10, int c11, String c12, BigDecimal c13, LocalDate c14, boolean c15, int c16, String c17,
		BigDecimal c18, LocalDate c19, boolean c20, int c21, String c22, BigDecimal c23, LocalDate c24, boolean c25,
		int c26, String c27, BigDecimal c28, LocalDate c29, boolean c30, int c31, String c32, BigDecimal c33,
		LocalDate c34, boolean c35, int c36, String c37, BigDecimal c38, LocalDate c39, boolean c40, int c41,
		String c42, BigDecimal c43, LocalDate c44, boolean c45, int c46, String c47, BigDecimal c48, LocalDate c49,
		boolean c50) {

}
