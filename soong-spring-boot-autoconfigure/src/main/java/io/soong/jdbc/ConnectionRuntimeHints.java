package io.soong.jdbc;

import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.Statement;
import java.sql.Wrapper;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.postgresql.copy.CopyDual;
import org.postgresql.copy.CopyIn;
import org.postgresql.copy.CopyOperation;
import org.postgresql.copy.CopyOut;
import org.postgresql.core.QueryExecutor;

import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;

/**
 * The hints for a native image: the class that the driver loads by name, the root
 * certificates, and the interfaces of the proxies for loans and guarded objects.
 */
final class ConnectionRuntimeHints implements RuntimeHintsRegistrar {

	@Override
	public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
		hints.reflection().registerType(DriverSocketFactory.class, MemberCategory.INVOKE_DECLARED_CONSTRUCTORS);
		hints.resources().registerPattern("io/soong/jdbc/rds-roots/*.pem");
		for (Class<?> proxied : List.of(Connection.class, Statement.class, PreparedStatement.class,
				CallableStatement.class, DatabaseMetaData.class, QueryExecutor.class, CopyIn.class, CopyOut.class,
				CopyDual.class)) {
			hints.proxies().registerJdkProxy(proxied);
			// A proxy's handler calls the method on the object behind it
			hints.reflection().registerType(proxied, MemberCategory.INVOKE_PUBLIC_METHODS);
		}
		for (Class<?> inherited : List.of(Wrapper.class, CopyOperation.class)) {
			hints.reflection().registerType(inherited, MemberCategory.INVOKE_PUBLIC_METHODS);
		}
	}

}
