package io.soong.test;

import java.sql.SQLException;

import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link RdsLookalikeExtension}, which are tests with it.
 */
class RdsLookalikeExtensionIntegrationTests {

	@Test
	void getWhenNotRegisteredSaysHow() {
		assertThatIllegalStateException().isThrownBy(() -> new RdsLookalikeExtension().get())
			.withMessageContaining("@RegisterExtension");
	}

	@Nested
	@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
	class Own {

		@RegisterExtension
		static final RdsLookalikeExtension extension = RdsLookalikeExtension
			.of(RdsLookalike.builder().region("us-east-1"));

		@Test
		@Order(1)
		void lookalikeIsAsBuilt(RdsLookalike rds) {
			assertThat(rds).isSameAs(extension.get());
			assertThat(rds.region()).isEqualTo("us-east-1");
			rds.refuseLogins(100, "53300", "sorry, too many clients already");
			assertThatExceptionOfType(SQLException.class).isThrownBy(() -> Client.connect(rds));
		}

		@Test
		@Order(2)
		void faultsAreClearedAfterEachTest(RdsLookalike rds) throws SQLException {
			Client.connect(rds).close();
		}

	}

	@Nested
	@ExtendWith(RdsLookalikeExtension.class)
	class Shared {

		@Test
		void lookalikeIsShared(RdsLookalike rds) {
			assertThat(rds.region()).isEqualTo("eu-central-1");
		}

	}

}
