package io.soong.autoconfigure;

import java.util.Locale;

import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.MessageSource;
import org.springframework.context.NoSuchMessageException;
import org.springframework.context.support.DefaultMessageSourceResolvable;
import org.springframework.context.support.StaticMessageSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class LazyMessageSourceTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(SoongAutoConfiguration.class));

	@Test
	void applicationWithoutMessagesGetsDefaultMessages() {
		this.runner.run((context) -> {
			assertThat(context.getBean("messageSource")).isInstanceOf(LazyMessageSource.class);
			assertThat(context.getMessage("size", new Object[] { 3 }, "at most {0}", Locale.ENGLISH))
				.isEqualTo("at most 3");
			assertThat(context.getMessage(new DefaultMessageSourceResolvable(new String[] { "size" }, "too large"),
					Locale.ENGLISH))
				.isEqualTo("too large");
			assertThatExceptionOfType(NoSuchMessageException.class)
				.isThrownBy(() -> context.getMessage("size", null, Locale.ENGLISH));
		});
	}

	@Test
	void messagesOfTheApplicationAreItsOwn() {
		this.runner.withBean("messageSource", MessageSource.class, LazyMessageSourceTests::messages)
			.run((context) -> assertThat(context.getMessage("size", new Object[] { 3 }, Locale.ENGLISH))
				.isEqualTo("no more than 3"));
	}

	@Test
	void messagesOfTheParentContextAreFound() {
		new ApplicationContextRunner().withBean("messageSource", MessageSource.class, LazyMessageSourceTests::messages)
			.run((parent) -> this.runner.withParent(parent)
				.run((context) -> assertThat(context.getMessage("size", new Object[] { 3 }, Locale.ENGLISH))
					.isEqualTo("no more than 3")));
	}

	private static StaticMessageSource messages() {
		StaticMessageSource messages = new StaticMessageSource();
		messages.addMessage("size", Locale.ENGLISH, "no more than {0}");
		return messages;
	}

}
