package io.soong.jdbc;

import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class ConnectionSettingsTests {

	@ParameterizedTest
	@ValueSource(ints = { Integer.MIN_VALUE, -1, 0, 65_536 })
	void portThatIsNoneIsRefused(int port) {
		ConnectionSettings.Builder builder = ConnectionSettings.builder("localhost");
		assertThatIllegalArgumentException().isThrownBy(() -> builder.port(port)).withMessageContaining("65535");
		assertThatIllegalArgumentException().isThrownBy(() -> builder.iamEndpoint(null, port))
			.withMessageContaining("65535");
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 65_535 })
	void portIsKept(int port) {
		assertThat(ConnectionSettings.builder("localhost").port(port).build().port()).isEqualTo(port);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "localhost", "db.example.com", "10.0.0", "10.0.0.1:5432", "::1 " })
	void hostaddrThatIsNoAddressIsRefused(String hostaddr) {
		ConnectionSettings.Builder builder = ConnectionSettings.builder("localhost");
		assertThatIllegalArgumentException().isThrownBy(() -> builder.hostaddr(hostaddr))
			.withMessageContaining("IP address");
	}

	@ParameterizedTest
	@ValueSource(strings = { "127.0.0.1", "::1", "fe80::1", "2001:db8::8:800:200c:417a", "::ffff:10.0.0.1" })
	void hostaddrIsKept(String hostaddr) {
		assertThat(ConnectionSettings.builder("localhost").hostaddr(hostaddr).build().hostaddr()).isEqualTo(hostaddr);
	}

	@Test
	void settingsDoNotChangeWithTheirBuilder() {
		ConnectionSettings.Builder builder = ConnectionSettings.builder("localhost")
			.driverProperty("currentSchema", "shop");
		ConnectionSettings settings = builder.build();
		builder.port(5433).driverProperty("currentSchema", "changed");
		assertThat(settings.port()).isEqualTo(5432);
		assertThat(settings.driverProperties()).containsEntry("currentSchema", "shop");
		assertThatIllegalArgumentException().isThrownBy(() -> settings.toBuilder(" "));
	}

	@Test
	void settingsOfAnotherHostDifferOnlyInTheAddress() {
		ConnectionSettings settings = ConnectionSettings.builder("localhost")
			.hostaddr("127.0.0.1")
			.port(5433)
			.dbname("gizmos")
			.user("jane_doe")
			.max(3)
			.connectTimeout(Duration.ofSeconds(7))
			.driverProperty("currentSchema", "shop")
			.build();
		ConnectionSettings other = settings.toBuilder("reader.example.com").build();
		assertThat(other).usingRecursiveComparison()
			.ignoringFields("endpoint", "values.host", "values.hostaddr")
			.isEqualTo(settings);
		assertThat(other.hostaddr()).isNull();
		assertThat(other.endpoint().toString()).isEqualTo("reader.example.com:5433/gizmos");
		assertThat(settings.withUser("owner").endpoint().user()).isEqualTo("owner");
		assertThat(settings.withUser("owner").hostaddr()).isEqualTo("127.0.0.1");
	}

}
