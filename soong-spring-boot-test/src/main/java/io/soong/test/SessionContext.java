package io.soong.test;

import java.nio.file.Path;
import java.time.Duration;
import java.util.function.IntConsumer;
import java.util.function.Supplier;

import javax.net.ssl.SSLContext;

import org.jspecify.annotations.Nullable;

/**
 * What a session needs to know.
 *
 * @param tls the certificate that is shown
 * @param server PostgreSQL's socket
 * @param loginPolicy who decides
 * @param faults what goes wrong
 * @param terminator ends the session of a process of PostgreSQL
 * @param roundTrip how long a question and its answer are on their way
 * @param pool the sessions that clients share, {@code null} if each has its own
 */
record SessionContext(Supplier<SSLContext> tls, Path server, LoginPolicy loginPolicy, Fault.Plan faults,
		IntConsumer terminator, Supplier<Duration> roundTrip, @Nullable SessionPool pool) {
}
