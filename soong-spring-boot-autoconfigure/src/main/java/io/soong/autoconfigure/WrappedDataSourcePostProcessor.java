package io.soong.autoconfigure;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import javax.sql.DataSource;

import io.soong.jdbc.SoongDataSource;

import org.springframework.beans.factory.support.MergedBeanDefinitionPostProcessor;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/**
 * Keeps beans injectable as {@link SoongDataSource} that a tracer would replace by a
 * proxy of {@link DataSource}: the tracer wraps the loans of the bean, which then lends
 * through the wrapper. Post-processors of this kind are the last to see a bean.
 */
final class WrappedDataSourcePostProcessor implements MergedBeanDefinitionPostProcessor {

	private final Map<String, Loans> wrapped = new ConcurrentHashMap<>();

	private final LazyConnectionsPostProcessor lazyConnections;

	WrappedDataSourcePostProcessor(Environment environment) {
		this.lazyConnections = new LazyConnectionsPostProcessor(environment);
	}

	@Override
	public void postProcessMergedBeanDefinition(RootBeanDefinition definition, Class<?> type, String beanName) {
	}

	@Override
	public Object postProcessBeforeInitialization(Object bean, String beanName) {
		if (!(bean instanceof SoongDataSource dataSource)) {
			return bean;
		}
		DelegatingDataSource wrapper = new DelegatingDataSource();
		dataSource.lendThrough((loans) -> {
			wrapper.setTargetDataSource(loans);
			return wrapper;
		});
		DataSource loans = wrapper.getTargetDataSource();
		this.wrapped.put(beanName, new Loans(dataSource, wrapper));
		return (loans != null) ? loans : bean;
	}

	@Override
	public Object postProcessAfterInitialization(Object bean, String beanName) {
		Loans loans = (bean instanceof DataSource) ? this.wrapped.remove(beanName) : null;
		if (loans == null) {
			return bean;
		}
		loans.wrapper().setTargetDataSource((DataSource) bean);
		return this.lazyConnections.postProcessAfterInitialization(loans.dataSource(), beanName);
	}

	/**
	 * A data source, and what it lends through.
	 */
	private record Loans(SoongDataSource dataSource, DelegatingDataSource wrapper) {

	}

}
