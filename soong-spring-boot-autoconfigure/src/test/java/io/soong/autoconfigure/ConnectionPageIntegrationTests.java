package io.soong.autoconfigure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

import io.soong.SharedRds;
import io.soong.jdbc.ConnectionObserver;
import io.soong.jdbc.SoongDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Holds the page about the life of a connection to what there is, and runs its example.
 */
@Timeout(120)
class ConnectionPageIntegrationTests {

	@Test
	void reasonsOnThePageAreThoseThatAreReported() throws IOException {
		List<String> reasons = Arrays.stream(ConnectionObserver.Reason.values())
			.map((reason) -> reason.name().toLowerCase(Locale.ROOT).replace('_', '-'))
			.toList();
		assertThat(matches("^\\| `([a-z-]+)` \\|", Page.read("connection.md").text(), 1))
			.containsExactlyInAnyOrderElementsOf(reasons);
	}

	@Test
	void defaultsOnThePageAreThoseOfReadme() throws IOException {
		String readme = Files.readString(Path.of("..", "README.md"));
		List<MatchResult> defaults = Pattern.compile("`(soong\\.[a-z.-]+)`[^`|]{0,3}\\(`?(\\w+ ?\\w*)`?\\)")
			.matcher(Page.read("connection.md").text().replaceAll("\\s+", " "))
			.results()
			.filter((found) -> !found.group(2).equals("invocation"))
			.toList();
		assertThat(defaults).hasSizeGreaterThan(6)
			.allSatisfy((found) -> assertThat(readme).containsPattern(
					"\\| `" + found.group(1) + "` \\|[^|]*\\| `" + found.group(2).replace(" ", "") + "` \\|"));
	}

	@Test
	void observerIsToldOfAConnectionThatTakesThePlaceOfAnother() throws SQLException {
		List<String> lines = new ArrayList<>();
		LaterClock clock = new LaterClock();
		try (SoongDataSource dataSource = new SoongDataSource(SharedRds.settings().build(), SharedRds.iam(), clock)) {
			dataSource.observe(new ConnectionObserver() {

				@Override
				public void connected(Connect connect) {
					lines.add(connect.kind() + ", " + connect.reason() + ", open: " + connect.isOpen());
				}

			});
			use(dataSource);
			use(dataSource);
			SharedRds.rds().killConnections();
			clock.now = clock.now.plus(Duration.ofMinutes(1));
			use(dataSource);
		}
		assertThat(lines).containsExactly("COLD, null, open: true", "RECONNECT, PROBE, open: true");
	}

	private static void use(SoongDataSource dataSource) throws SQLException {
		try (Connection connection = dataSource.getConnection(); Statement statement = connection.createStatement()) {
			statement.execute("SELECT 1");
		}
	}

	private static List<String> matches(String pattern, String text, int group) {
		return Pattern.compile(pattern, Pattern.MULTILINE)
			.matcher(text)
			.results()
			.map((found) -> found.group(group))
			.toList();
	}

	/**
	 * A clock that is set by hand.
	 */
	private static final class LaterClock extends Clock {

		private Instant now = Instant.now();

		@Override
		public Instant instant() {
			return this.now;
		}

		@Override
		public ZoneOffset getZone() {
			return ZoneOffset.UTC;
		}

		@Override
		public Clock withZone(ZoneId zone) {
			return this;
		}

	}

}
