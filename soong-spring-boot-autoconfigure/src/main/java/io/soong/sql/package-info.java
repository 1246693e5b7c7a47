/**
 * Everyday SQL: {@link io.soong.sql.SoongTemplate} and what its callers name.
 * <p>
 * The hidden classes belong to these families, each of which knows only those above it:
 * <ul>
 * <li><em>values</em>: {@code ScalarParameter}, {@code Json}, {@code Converters} of the
 * application, and {@code Model}, a record or bean as columns.</li>
 * <li><em>binding</em>: {@code ParameterValue} decides how a value is bound, from what it
 * is and from its {@code ParameterPlace}. {@code ColumnTypes} asks the catalogue where
 * the type of a column decides.</li>
 * <li><em>reading</em>: {@code ResultMapping}, one for each class that rows become
 * ({@code ResultMappings}), reads a {@code ColumnType} and hands it to a
 * {@code Conversion}.</li>
 * <li><em>statements</em>: {@code StatementBuilder} writes the SQL of calls on tables
 * from a {@code Selection}, a {@code Where} and {@code ColumnValues}; {@code PlainSql}
 * takes the caller's own. Both give a {@code StatementText}.</li>
 * <li><em>running</em>: {@code StatementRunner}, {@code ResultStream}, and
 * {@code StatementErrors}, which turns the server's errors into Spring's.</li>
 * <li><em>many rows</em>: {@code RowsWriter} takes them from a {@code RowsSource} and
 * writes them by INSERT or {@code RowsCopy}.</li>
 * </ul>
 * A value of a condition takes this way: {@code Select} or {@code SoongTemplate},
 * {@code Where}, {@code Condition}, {@code ParameterValue}, {@code StatementRunner}.
 */
@NullMarked
package io.soong.sql;

import org.jspecify.annotations.NullMarked;
