/**
 * RDS, IAM login and the Lambda runtime on one machine, for tests.
 * <p>
 * The classes belong to these families, each of which depends only on those above it:
 * <ul>
 * <li><em>files and processes</em>: {@code TemporaryFolder}, {@code UnprivilegedUser},
 * {@code ProcessMemory}.</li>
 * <li><em>server</em>: {@code PostgresServer}, a real PostgreSQL, and
 * {@code PostgresBinaries}, its programs.</li>
 * <li><em>logins</em>: {@code LoginPolicy}, which accepts or refuses them with
 * {@code IamTokenVerifier}; {@code TlsIdentity}, the certificates.</li>
 * <li><em>protocol</em>: {@code Message}, {@code MessageForwarder}, and
 * {@link io.soong.test.Fault}s at a {@link io.soong.test.Moment}, which
 * {@code ProtocolState} recognizes.</li>
 * <li><em>RDS</em>: {@link io.soong.test.RdsLookalike} and
 * {@link io.soong.test.RdsProxyLookalike}. A {@code FaultyInstance} has their faults. A
 * {@code ClientListener} accepts clients, a {@code ClientSession} serves one over a
 * {@code FaultySocket}.</li>
 * <li><em>Lambda</em>: {@link io.soong.test.LambdaRuntime}. An
 * {@code ExecutionEnvironment} is a {@code FunctionProcess} and its
 * {@code RuntimeApi}.</li>
 * <li><em>Spring Boot</em>: {@link io.soong.test.SoongTest} and what configures
 * slices.</li>
 * </ul>
 */
@NullMarked
package io.soong.test;

import org.jspecify.annotations.NullMarked;
