package io.soong.autoconfigure;

import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.Map;

import javax.sql.DataSource;

import io.soong.sql.SoongConverter;
import io.soong.sql.SoongTemplate;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.convert.converter.Converter;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SimpleDriverDataSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class SoongTemplateAutoConfigurationTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(
				AutoConfigurations.of(SoongTemplateAutoConfiguration.class, JdbcTemplateAutoConfiguration.class))
		.withBean(DataSource.class, SimpleDriverDataSource::new);

	@Test
	void beansAreNoFunctionsThatCouldBeCalledFromOutside() {
		this.runner.run((context) -> assertThat(context).doesNotHaveBean(Supplier.class)
			.doesNotHaveBean(Function.class)
			.doesNotHaveBean(Consumer.class));
	}

	@Test
	void templateWhenUserHasOneBacksOff() {
		this.runner.withBean("mine", SoongTemplate.class, () -> new SoongTemplate(new JdbcTemplate(new NoDataSource())))
			.run((context) -> assertThat(context).hasSingleBean(SoongTemplate.class).hasBean("mine"));
	}

	@Test
	void templateWhenUserHasJsonMapperUsesIt() {
		this.runner.withBean(JsonMapper.class, AskedJsonMapper::new)
			.withBean("other", ObjectMapper.class, ObjectMapper::new)
			.run((context) -> writesJson(context.getBean(SoongTemplate.class)));
	}

	@Test
	void templateTakesConvertersThatAreMarked() {
		this.runner.withUserConfiguration(MarkedConverter.class)
			.withBean(UnmarkedConverter.class)
			.run((context) -> assertThatIllegalArgumentException()
				.isThrownBy(() -> context.getBean(SoongTemplate.class).queryOne("SELECT ?", Locale.ENGLISH))
				.withMessageContainingAll(MarkedConverter.class.getName(), "UnsupportedOperationException"));
	}

	@Test
	void templateTakesAConverterWhoseBeanMethodIsMarked() {
		this.runner.withUserConfiguration(ConverterConfiguration.class)
			.run((context) -> assertThatIllegalArgumentException()
				.isThrownBy(() -> context.getBean(SoongTemplate.class).queryOne("SELECT ?", Locale.ENGLISH))
				.withMessageContaining(MarkedByItsMethod.class.getName()));
	}

	@Test
	void templateWhenUserHasObjectMapperOnlyUsesIt() {
		this.runner.withBean(ObjectMapper.class, ObjectMapper::new).run((context) -> {
			SoongTemplateAutoConfiguration.JsonMapperSource source = context
				.getBean(SoongTemplateAutoConfiguration.JsonMapperSource.class);
			assertThat(source.get()).isSameAs(context.getBean(ObjectMapper.class));
		});
	}

	@Test
	void templateWhenThereIsNoMapperUsesDefaults() {
		this.runner.run((context) -> assertThatExceptionOfType(DataAccessException.class)
			.isThrownBy(() -> context.getBean(SoongTemplate.class).insert("t", Map.of("a", Map.of("b", 1)))));
	}

	@Test
	void templateWhenValuesAreWantedShowsThem() {
		this.runner.withBean(JsonMapper.class, AskedJsonMapper::new)
			.withPropertyValues("soong.errors.values=true")
			.run((context) -> {
				assertThat(context.getBean(SoongTemplate.class)).extracting("valuesInErrors").isEqualTo(true);
				writesJson(context.getBean(SoongTemplate.class));
			});
		this.runner.run((context) -> assertThat(context.getBean(SoongTemplate.class)).extracting("valuesInErrors")
			.isEqualTo(false));
	}

	@Test
	void templateWhenJacksonIsAbsentIsThere() {
		this.runner.withClassLoader(new FilteredClassLoader("tools.jackson"))
			.run((context) -> assertThat(context).hasSingleBean(SoongTemplate.class)
				.doesNotHaveBean(SoongTemplateAutoConfiguration.JsonMapperSource.class));
	}

	private static void writesJson(SoongTemplate soong) {
		assertThatIllegalStateException().isThrownBy(() -> soong.insert("t", Map.of("a", Map.of("b", 1))))
			.withMessage("asked");
	}

	private static final class NoDataSource extends SimpleDriverDataSource {

	}

	private static final class AskedJsonMapper extends JsonMapper {

		private static final long serialVersionUID = 1L;

		@Override
		public String writeValueAsString(Object value) {
			throw new IllegalStateException("asked");
		}

	}

	@SoongConverter
	static class MarkedConverter implements Converter<Locale, String> {

		@Override
		public String convert(Locale source) {
			throw new UnsupportedOperationException();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class ConverterConfiguration {

		@Bean
		@SoongConverter
		MarkedByItsMethod converter() {
			return new MarkedByItsMethod();
		}

	}

	static class MarkedByItsMethod implements Converter<Locale, String> {

		@Override
		public String convert(Locale source) {
			throw new UnsupportedOperationException();
		}

	}

	// Would be refused
	static class UnmarkedConverter implements Converter<String, Integer> {

		@Override
		public Integer convert(String source) {
			return 1;
		}

	}

}
