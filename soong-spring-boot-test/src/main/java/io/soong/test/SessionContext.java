package io.soong.test;

import java.nio.file.Path;
import java.time.Duration;
import java.util.function.IntConsumer;
import java.util.function.Supplier;

import javax.net.ssl.SSLContext;

import org.jspecify.annotations.Nullable;

/**
 * The shared objects of a session.
 *
 * @param tls the certificate
 * @param server PostgreSQL's socket
 * @param loginPolicy decides about logins
 * @param faults the planned faults
 * @param terminator ends the session of a process of PostgreSQL
 * @param roundTrip the round-trip time
 * @param pool the sessions that clients share, {@code null} if each has its own
 */
record SessionContext(Supplier<SSLContext> tls, Path server, LoginPolicy loginPolicy, Fault.Plan faults,
		IntConsumer terminator, Supplier<Duration> roundTrip, @Nullable SessionPool pool) {
}
