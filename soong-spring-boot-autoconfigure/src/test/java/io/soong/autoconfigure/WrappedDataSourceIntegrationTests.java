package io.soong.autoconfigure;

import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import javax.sql.DataSource;

import io.soong.SharedRds;
import io.soong.jdbc.SoongDataSource;
import org.junit.jupiter.api.Test;

import org.springframework.asm.ClassWriter;
import org.springframework.asm.Opcodes;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.LazyConnectionDataSourceProxy;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Data sources that a tracer wraps in a proxy, as datasource-micrometer does.
 */
class WrappedDataSourceIntegrationTests {

	private static final String PROXY = "net.ttddyy.dsproxy.support.ProxyDataSource";

	private static final List<String> TRACED = new CopyOnWriteArrayList<>();

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(SoongAutoConfiguration.class, SoongTracingAutoConfiguration.class,
				DataSourceAutoConfiguration.class))
		.withPropertyValues("soong.host=" + SharedRds.rds().address(), "soong.port=" + SharedRds.rds().port(),
				"soong.dbname=" + SharedRds.rds().database(), "soong.user=bob", "soong.password=" + SharedRds.PASSWORD,
				"soong.ssl.mode=require")
		.withBean("tracer", Tracer.class);

	private final ApplicationContextRunner proxied = this.runner.withClassLoader(new ProxyingClassLoader());

	@Test
	void dataSourceThatIsWrappedStaysInjectableAndIsTraced() {
		this.proxied.withUserConfiguration(Injected.class).run((context) -> {
			TRACED.clear();
			new JdbcTemplate(context.getBean(DataSource.class)).queryForList("SELECT 1");
			assertThat(TRACED).containsExactly("soongDataSource");
			try (Connection connection = context.getBean("injected", Holder.class).dataSource().getConnection()) {
				assertThat(connection.isValid(1)).isTrue();
			}
			assertThat(TRACED).hasSize(2);
			assertThat(context.getBean(SoongDataSource.class).idleConnections()).isEqualTo(1);
		});
	}

	@Test
	void loansThatAreWrappedUnwrapToTheDataSource() throws SQLException {
		SoongDataSource dataSource = new SoongDataSource(SharedRds.settings().build(), SharedRds.iam());
		try (dataSource) {
			List<DataSource> wrapped = new ArrayList<>();
			dataSource.lendThrough((loans) -> {
				wrapped.add(loans);
				return loans;
			});
			assertThat(wrapped.get(0).isWrapperFor(SoongDataSource.class)).isTrue();
			assertThat(wrapped.get(0).unwrap(SoongDataSource.class)).isSameAs(dataSource);
			new JdbcTemplate(dataSource).queryForList("SELECT 1");
			assertThat(dataSource.idleConnections()).isEqualTo(1);
		}
	}

	@Test
	void dataSourceThatConnectsLazilyIsTracedWhenItConnects() {
		this.proxied.withPropertyValues("spring.datasource.connection-fetch=lazy").run((context) -> {
			DataSource dataSource = context.getBean(DataSource.class);
			assertThat(dataSource).isInstanceOf(LazyConnectionDataSourceProxy.class);
			TRACED.clear();
			try (Connection connection = dataSource.getConnection()) {
				assertThat(TRACED).isEmpty();
				connection.createStatement().close();
				assertThat(TRACED).hasSize(1);
			}
		});
	}

	@Test
	void dataSourceWithoutTheLibraryIsTheTracersAlone() {
		this.runner.withClassLoader(new FilteredClassLoader(PROXY))
			.run((context) -> assertThat(context).doesNotHaveBean(WrappedDataSourcePostProcessor.class)
				.doesNotHaveBean(SoongDataSource.class)
				.hasSingleBean(DataSource.class));
	}

	/**
	 * Wraps data sources of any kind.
	 */
	static final class Tracer implements BeanPostProcessor {

		@Override
		public Object postProcessAfterInitialization(Object bean, String beanName) {
			return (bean instanceof DataSource dataSource) ? traced(dataSource, beanName) : bean;
		}

		private static Object traced(DataSource dataSource, String name) {
			return Proxy.newProxyInstance(DataSource.class.getClassLoader(), new Class<?>[] { DataSource.class },
					(proxy, method, args) -> {
						if (method.getName().equals("getConnection")) {
							TRACED.add(name);
						}
						return method.invoke(dataSource, args);
					});
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Injected {

		@Bean
		Holder injected(SoongDataSource dataSource) {
			return new Holder(dataSource);
		}

	}

	record Holder(SoongDataSource dataSource) {

	}

	/**
	 * Has an empty class in place of datasource-proxy's.
	 */
	private static final class ProxyingClassLoader extends ClassLoader {

		ProxyingClassLoader() {
			super(ProxyingClassLoader.class.getClassLoader());
		}

		@Override
		protected Class<?> findClass(String name) throws ClassNotFoundException {
			if (!name.equals(PROXY)) {
				throw new ClassNotFoundException(name);
			}
			ClassWriter writer = new ClassWriter(0);
			writer.visit(Opcodes.V17, Opcodes.ACC_PUBLIC, name.replace('.', '/'), null, "java/lang/Object", null);
			writer.visitEnd();
			byte[] bytes = writer.toByteArray();
			return defineClass(name, bytes, 0, bytes.length);
		}

	}

}
