package io.soong.test;

import java.nio.file.Path;
import java.time.Duration;
import java.util.function.IntConsumer;
import java.util.function.Supplier;

import javax.net.ssl.SSLContext;

import org.jspecify.annotations.Nullable;

/**
 * The objects that the sessions of a listener share.
 *
 * @param tls supplies the context with the current certificate
 * @param server PostgreSQL's socket
 * @param loginPolicy decides about logins
 * @param faults the planned faults
 * @param terminator ends the session of a process of PostgreSQL
 * @param roundTrip supplies the current round-trip time
 * @param pool the sessions that clients share, or {@code null} if each has its own
 */
record SessionContext(Supplier<SSLContext> tls, Path server, LoginPolicy loginPolicy, Fault.Plan faults,
		IntConsumer terminator, Supplier<Duration> roundTrip, @Nullable SessionPool pool) {
}
