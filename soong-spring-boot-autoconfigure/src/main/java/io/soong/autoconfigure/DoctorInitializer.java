package io.soong.autoconfigure;

import java.io.PrintStream;
import java.lang.StackWalker.StackFrame;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;

import io.soong.jdbc.DoctorReport;

import org.springframework.beans.factory.BeanFactoryInitializer;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.ConfigurableEnvironment;
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
record DoctorInitializer(PrintStream out,
		IntConsumer exit) implements ApplicationContextInitializer<ConfigurableApplicationContext> {

	private static final String PROPERTY = "soong.doctor";

	private static final List<String> TESTS = List.of("org.junit.", "org.testng.", "org.springframework.boot.test.");

	DoctorInitializer() {
		this(System.out, isTest() ? DoctorInitializer::refuseToExit : System::exit);
	}

	/**
	 * Has an application check its connection. It has no web server, because the beans of
	 * one, such as the filters of Spring Security, are created before all others and may
	 * connect or migrate.
	 */
	static void addTo(SpringApplication application, ConfigurableEnvironment environment) {
		environment.getPropertySources()
			.addFirst(new MapPropertySource("soongDoctorWeb", Map.of("spring.main.web-application-type", "none")));
		application.addInitializers(new DoctorInitializer());
	}

	/**
	 * Returns whether this thread runs a test, whose JVM the doctor must not end.
	 */
	private static boolean isTest() {
		return StackWalker.getInstance()
			.walk((frames) -> frames.map(StackFrame::getClassName)
				.anyMatch((name) -> TESTS.stream().anyMatch(name::startsWith)));
	}

	private static void refuseToExit(int code) {
		throw new IllegalStateException("soong.doctor=true would end the program with " + code
				+ ", and with it the tests. Its report is in the standard output. Remove soong.doctor (SOONG_DOCTOR) "
				+ "from the tests");
	}

	@Override
	public void initialize(ConfigurableApplicationContext context) {
		ConfigurableEnvironment environment = context.getEnvironment();
		// The doctor makes its own, single attempt
		environment.getPropertySources()
			.addFirst(new MapPropertySource("soongDoctor", Map.of("soong.connection.eager", "off")));
		// Called when bean definitions are frozen
		BeanFactoryInitializer<ConfigurableListableBeanFactory> doctor = (beanFactory) -> run(beanFactory, environment);
		context.getBeanFactory().registerSingleton(PROPERTY, doctor);
	}

	private void run(ConfigurableListableBeanFactory beanFactory, ConfigurableEnvironment environment) {
		DoctorReport report = new DoctorReports(beanFactory, environment).create();
		this.out.println();
		this.out.print(report.text());
		this.out.flush();
		this.exit.accept(report.passed() ? 0 : 1);
	}

}
