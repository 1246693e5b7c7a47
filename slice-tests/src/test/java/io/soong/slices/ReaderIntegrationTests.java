package io.soong.slices;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import io.soong.sql.SoongTemplate;
import io.soong.test.SoongTest;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.data.jpa.test.autoconfigure.DataJpaTest;
import org.springframework.context.annotation.Import;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A reader beside the writer, as docs/data-sources.md shows it. Under the kit both are
 * the test's database.
 */
class ReaderIntegrationTests {

	private static final String READER = "reader.host=production.cluster-ro-c0ffee123456.eu-west-1.rds.amazonaws.com";

	@Test
	void pageShowsWhatIsTriedHere() throws Exception {
		String source = Files.readString(Path.of("src/test/java/io/soong/slices/ReaderConfiguration.java"));
		assertThat(Files.readString(Path.of("../docs/data-sources.md")))
			.contains("```java\n" + source.substring(source.indexOf("@Configuration")) + "```\n");
	}

	@Nested
	@SoongTest(properties = READER)
	@Import(ReaderConfiguration.class)
	class ByPassword {

		@RepeatedTest(2)
		void readerSeesWhatTheTestHasWritten(@Autowired SoongTemplate writer,
				@Autowired @Qualifier("reader") SoongTemplate reader) {
			writer.insert("gizmos", Map.of("name", "Flux"));
			assertThat(reader.select("gizmos").columns("name").list(String.class)).containsExactlyInAnyOrder("Gizmo42",
					"Flux");
			reader.inTransaction(() -> assertThat(reader.select("gizmos").count()).isEqualTo(2));
			assertThat(reader).isNotSameAs(writer);
		}

	}

	@Nested
	@SoongTest(iam = true, properties = READER)
	@Import(ReaderConfiguration.class)
	class ByIam {

		@Test
		void readerSeesWhatTheTestHasWritten(@Autowired SoongTemplate writer,
				@Autowired @Qualifier("reader") SoongTemplate reader) {
			writer.insert("gizmos", Map.of("name", "Flux"));
			assertThat(reader.select("gizmos").count()).isEqualTo(2);
		}

	}

	@Nested
	@DataJpaTest(properties = READER)
	@Import(ReaderConfiguration.class)
	class OfDataJpa {

		@Test
		void readerIsTheTestsDatabase(@Autowired @Qualifier("reader") SoongTemplate reader) {
			assertThat(reader.select("gizmos").count()).isOne();
		}

	}

}
