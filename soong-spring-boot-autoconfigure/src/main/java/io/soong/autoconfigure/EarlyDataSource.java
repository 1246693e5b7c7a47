package io.soong.autoconfigure;

import io.soong.auth.DatabaseCredentialsProvider;
import io.soong.jdbc.SoongDataSource;
import io.soong.lambda.LambdaEnvironment;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.core.Ordered;
import org.springframework.core.env.Environment;

/**
 * Opens the first connection in the background as soon as all bean definitions are known,
 * before any other bean is created. The data source that does so becomes the bean.
 * Nothing is opened early if a bean of the application's decides where to connect or how
 * to log in, or meters how long that takes, because that bean is created later. A failure
 * is left to the bean, which has the same.
 */
final class EarlyDataSource implements BeanFactoryPostProcessor, Ordered, DisposableBean {

	private static final Log logger = LogFactory.getLog(SoongDataSource.class);

	private static final String EAGER = "soong.connection.eager";

	/** The source of tokens exists if the AWS SDK's module for RDS is present. */
	private static final Class<?>[] DECIDING = { JdbcConnectionDetails.class, DatabaseCredentialsProvider.class,
			AwsCredentialsProvider.class, RdsTokenSource.class, DataSourceMeters.class };

	private final Environment environment;

	private @Nullable SoongDataSource dataSource;

	EarlyDataSource(Environment environment) {
		this.environment = environment;
	}

	/** After the property sources of placeholders, which are ordered by priority. */
	@Override
	public int getOrder() {
		return HIGHEST_PRECEDENCE;
	}

	@Override
	public void postProcessBeanFactory(ConfigurableListableBeanFactory beanFactory) {
		if (mayOpenEagerly() && decidesAlone(beanFactory)) {
			try {
				open(beanFactory);
			}
			catch (RuntimeException ex) {
				logger.debug("The connection is not opened early", ex);
			}
		}
	}

	private boolean mayOpenEagerly() {
		return this.environment.containsProperty(EAGER)
				|| new LambdaEnvironment(this.environment::getProperty).isInvokedAfterInit();
	}

	private static boolean decidesAlone(ConfigurableListableBeanFactory beanFactory) {
		if (!beanFactory.containsBeanDefinition(SoongAutoConfiguration.DATA_SOURCE)
				|| !beanFactory.isTypeMatch(SoongAutoConfiguration.DATA_SOURCE, SoongDataSource.class)
				|| beanFactory.getBeanDefinition(SoongAutoConfiguration.DATA_SOURCE).isLazyInit()) {
			return false;
		}
		for (Class<?> type : DECIDING) {
			if (beanFactory.getBeanNamesForType(type, true, false).length > 0) {
				return false;
			}
		}
		return true;
	}

	private void open(ConfigurableListableBeanFactory beanFactory) {
		PropertiesDataSourceFactory factory = beanFactory.getBean(PropertiesDataSourceFactory.class);
		if (factory.mapping().opensEagerly() && !factory.usesSslBundle()) {
			SoongDataSource dataSource = factory.create();
			dataSource.openEagerly();
			this.dataSource = dataSource;
		}
	}

	/**
	 * Returns the data source, if it was opened early.
	 */
	@Nullable SoongDataSource take() {
		SoongDataSource dataSource = this.dataSource;
		this.dataSource = null;
		return dataSource;
	}

	/** Closes a data source that did not become the bean. */
	@Override
	public void destroy() {
		SoongDataSource dataSource = take();
		if (dataSource != null) {
			dataSource.close();
		}
	}

}
