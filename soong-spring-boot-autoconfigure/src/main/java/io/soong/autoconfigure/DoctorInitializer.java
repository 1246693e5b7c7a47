package io.soong.autoconfigure;

import java.io.PrintStream;
import java.util.Map;
import java.util.function.IntConsumer;

import io.soong.jdbc.DoctorReport;

import org.springframework.beans.factory.BeanFactoryInitializer;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;
import org.springframework.core.env.MapPropertySource;

/**
 * Makes an application check its connection instead of starting, with
 * {@code soong.doctor=true}: as soon as all bean definitions and post-processors are
 * known, and before any bean that may connect is created. Then it ends the program, with
 * 0 if no step failed, otherwise with 1.
 * <p>
 * Added at run time by {@link SoongDefaultsEnvironmentPostProcessor}, so that it works in
 * an application that was processed ahead of time, and is not loaded in any other start.
 */
final class DoctorInitializer implements ApplicationContextInitializer<ConfigurableApplicationContext> {

	private static final String PROPERTY = "soong.doctor";

	private final PrintStream out;

	private final IntConsumer exit;

	DoctorInitializer() {
		this(System.out, System::exit);
	}

	DoctorInitializer(PrintStream out, IntConsumer exit) {
		this.out = out;
		this.exit = exit;
	}

	@Override
	public void initialize(ConfigurableApplicationContext context) {
		ConfigurableEnvironment environment = context.getEnvironment();
		// The doctor makes its own, single attempt
		environment.getPropertySources()
			.addFirst(new MapPropertySource("soongDoctor", Map.of("soong.connection.eager", "off")));
		context.getBeanFactory().registerSingleton(PROPERTY, new Run(environment));
	}

	/**
	 * Called when bean definitions are frozen.
	 */
	private final class Run implements BeanFactoryInitializer<ConfigurableListableBeanFactory> {

		private final Environment environment;

		Run(Environment environment) {
			this.environment = environment;
		}

		@Override
		public void initialize(ConfigurableListableBeanFactory beanFactory) {
			DoctorReport report = new DoctorReports(beanFactory, this.environment).create();
			PrintStream out = DoctorInitializer.this.out;
			out.println();
			out.print(report.text());
			out.flush();
			DoctorInitializer.this.exit.accept(report.passed() ? 0 : 1);
		}

	}

}
