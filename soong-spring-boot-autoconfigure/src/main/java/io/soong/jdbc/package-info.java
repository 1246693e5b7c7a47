/**
 * The connection to the database: {@link io.soong.jdbc.SoongDataSource}, its settings,
 * and the {@link io.soong.jdbc.Invocation} that gives it a deadline.
 * <p>
 * A {@link io.soong.jdbc.ConnectionObserver}, if there is one, is notified of what
 * happens.
 * <p>
 * The hidden classes belong to these families, each of which knows only those above it:
 * <ul>
 * <li><em>settings and errors</em>: {@code DriverProperties}, what the driver is told,
 * and {@code SqlStates}, by which a connection is kept or closed.</li>
 * <li><em>an attempt</em>: {@code ConnectionAttempt} dials ({@code DialledSocket}),
 * verifies the server ({@code ServerTrust}, {@code TlsSocket}) and logs in.</li>
 * <li><em>deadlines</em>: a {@code DeadlineGuard} sees every {@code RoundTrip} of its
 * {@code GuardedConnection}, and the {@code Watchdog} has it cancelled or cut.</li>
 * <li><em>failures to connect</em>: {@code ConnectionDiagnosis} says what failed and how
 * to fix it, {@code Backoff} whether to try again, {@code Outage} whether to fail at
 * once.</li>
 * <li><em>opening</em>: {@code ConnectionOpener} makes attempts until one is a
 * {@code PhysicalConnection}, {@code EagerConnection} does so in the background.</li>
 * <li><em>lending</em>: {@code ConnectionPool} checks connections out, in the order in
 * which threads ask; a borrower has a {@code LoanedConnection}.</li>
 * <li><em>checking</em>: {@link io.soong.jdbc.ConnectionDoctor} looks at the way to the
 * server ({@code ServerProbe}), the role ({@code DatabaseCheck}) and its rights
 * ({@code TableGrants}). It is loaded only if it is used.</li>
 * </ul>
 * <p>
 * Whether a connection is dead is decided in {@code PhysicalConnection}, by
 * {@code SqlStates}.
 */
@NullMarked
package io.soong.jdbc;

import org.jspecify.annotations.NullMarked;
