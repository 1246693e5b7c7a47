package io.soong.autoconfigure;

import java.util.List;
import java.util.regex.Pattern;

import javax.sql.DataSource;

import io.soong.jdbc.ConnectionDoctor;
import io.soong.jdbc.DoctorReport;
import io.soong.jdbc.SoongDataSource;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.BeansException;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.jdbc.DataSourceUnwrapper;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.core.env.Environment;

/**
 * Examines the application's {@link SoongDataSource}. Thread-safe.
 */
record DoctorReports(ListableBeanFactory beanFactory, Environment environment) {

	private static final String TABLES = "soong.doctor.tables";

	/** Followed by an even number of quotes, so not within them. */
	private static final Pattern COMMA = Pattern.compile(",(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)");

	DoctorReport create() {
		DoctorSettings settings = new DoctorSettings(this.environment);
		try {
			SoongDataSource dataSource = dataSource();
			if (dataSource == null) {
				String[] names = this.beanFactory.getBeanNamesForType(SoongDataSource.class, true, false);
				if (names.length > 1) {
					return ConnectionDoctor.withoutDataSource(
							settings.failed("The application has several data sources, and none of them is primary: "
									+ String.join(", ", names), "Declare the one to check as @Primary"));
				}
				return ConnectionDoctor.withoutDataSource(settings.failed(
						"Soong configured no data source: the application has its own, spring.datasource.url is set and "
								+ "soong.host is not, or soong.enabled is false",
						"Set soong.host (PG_HOST), and remove the other data source or declare it as "
								+ "@Bean(defaultCandidate = false)"));
			}
			return new ConnectionDoctor(dataSource, tables())
				.examine(settings.passed(dataSource.settings(), hasConnectionDetails()));
		}
		catch (BeansException | BindException | InvalidSoongPropertyException ex) {
			return ConnectionDoctor.withoutDataSource(failed(settings, ex));
		}
	}

	private @Nullable SoongDataSource dataSource() {
		if (this.beanFactory.containsBean(SoongAutoConfiguration.DATA_SOURCE)) {
			DataSource bean = this.beanFactory.getBean(SoongAutoConfiguration.DATA_SOURCE, DataSource.class);
			return DataSourceUnwrapper.unwrap(bean, SoongDataSource.class);
		}
		return this.beanFactory.getBeanProvider(SoongDataSource.class).getIfUnique();
	}

	/**
	 * Returns the tables to check, as a list or one text with commas. Spring Boot would
	 * split such a text at the commas within quotes, too.
	 */
	private List<String> tables() {
		Binder binder = Binder.get(this.environment);
		String names = binder.bind(TABLES, String.class).orElse("");
		return names.isBlank() ? binder.bind(TABLES, Bindable.listOf(String.class)).orElse(List.of())
				: List.of(COMMA.split(names));
	}

	private boolean hasConnectionDetails() {
		return this.beanFactory.getBeanNamesForType(JdbcConnectionDetails.class, true, false).length > 0;
	}

	/**
	 * The message of any other exception may show a value.
	 */
	private static DoctorReport.Step failed(DoctorSettings settings, RuntimeException failure) {
		Throwable root = failure;
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			if (cause instanceof InvalidSoongPropertyException invalid) {
				return settings.failed(invalid.description(), invalid.action());
			}
			if (cause instanceof BindException bind) {
				return settings.failed("The property " + bind.getName() + " has a value of the wrong type",
						"Correct the value");
			}
			root = cause;
		}
		return settings.failed("The data source could not be created: " + root.getClass().getName(),
				"Start the application without soong.doctor, which shows the whole failure");
	}

}
