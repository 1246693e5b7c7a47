/**
 * Everyday SQL: {@link io.soong.sql.SoongTemplate} and what its callers name.
 * <p>
 * The hidden classes belong to these families, each of which knows only those above it:
 * <ul>
 * <li><em>values</em>: {@code ScalarParameter}, {@code Json}, {@code Converters} of the
 * application, {@code Model}, a record or bean as columns, and {@code GivenColumns} of
 * any row that a caller passes.</li>
 * <li><em>binding</em>: {@code ParameterValue} decides how a value is bound, from what it
 * is and from its {@code ParameterPlace}. {@code ColumnTypes} asks the catalogue where
 * the type of a column decides.</li>
 * <li><em>reading</em>: {@code ResultMapping}, one for each class that rows become, reads
 * a {@code ResultType} and hands it to a {@code Conversion}.</li>
 * <li><em>statements</em>: a {@code StatementText} is the SQL of a call and its
 * parameters, made of a {@code Where} and {@code ColumnValues}, or by {@code PlainSql} of
 * the caller's own. {@code GivenColumns} reads the rows that callers pass, one or
 * many.</li>
 * <li><em>running</em>: {@code StatementRunner}, {@code ResultStream}, and
 * {@code StatementErrors}, which turns the server's errors into Spring's.</li>
 * <li><em>many rows</em>: {@code RowsWriter} takes them from a {@code RowsSource} and
 * writes them by INSERT or {@code RowsCopy}.</li>
 * </ul>
 * <p>
 * A value of a condition goes one way, from {@code Select} or {@code SoongTemplate} to
 * the driver:
 * <ol>
 * <li>{@code Select.where} hands it to {@code Where}. So does {@code SoongTemplate}, for
 * a key.</li>
 * <li>{@code Where} writes {@code "color" = ?} and keeps what
 * {@code ParameterValue.of(value, place)} makes of the value: itself, or a
 * {@code Structured} value whose binding depends on the column.</li>
 * <li>{@code Select.Selection}, or {@code StatementText} for an UPDATE or DELETE, adds
 * both to the statement.</li>
 * <li>{@code StatementRunner} resolves structured values by
 * {@code ParameterValue.Resolver} and passes each value to the driver by
 * {@code ParameterValue.bind}.</li>
 * </ol>
 */
@NullMarked
package io.soong.sql;

import org.jspecify.annotations.NullMarked;
