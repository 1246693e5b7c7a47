package io.soong.compatibility;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.transaction.support.TransactionOperations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Spring's transactions by annotation, one within another.
 */
class TransactionIntegrationTests {

	@Nested
	@CompatibilityTest
	class WithOneConnection {

		@Autowired
		private Ledger ledger;

		@Test
		void transactionWhenItsMethodFailsIsRolledBack() {
			assertThatIllegalStateException().isThrownBy(() -> this.ledger.addAndFail("outer"));
			assertThat(this.ledger.contains("outer")).isFalse();
		}

		@Test
		void innerTransactionSaysWhatItNeeds(@Autowired TransactionOperations transactions) {
			assertThatException().isThrownBy(() -> transactions.executeWithoutResult((status) -> {
				this.ledger.contains("inner");
				this.ledger.addForGood("inner");
			})).withStackTraceContaining("soong.connection.max");
		}

	}

	@Nested
	@TwoConnections
	class WithTwoConnections {

		@Test
		void innerTransactionWhenOuterIsRolledBackIsKept(@Autowired Ledger ledger,
				@Autowired TransactionOperations transactions) {
			assertThatIllegalStateException().isThrownBy(() -> transactions.executeWithoutResult((status) -> {
				ledger.contains("inner");
				ledger.addForGood("inner");
				ledger.addAndFail("outer");
			}));
			assertThat(ledger.contains("inner")).isTrue();
			assertThat(ledger.contains("outer")).isFalse();
		}

	}

}
