package io.soong.sql;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * {@link ErrorHints.SimilarNames}.
 */
class SimilarNamesTests {

	@ParameterizedTest
	@CsvSource(nullValues = "null", value = { "'', '', 0", "'', abc, 3", "abc, '', 3", "abc, abc, 0", "abc, abd, 1",
			"abc, acb, 1", "abc, bc, 1", "abc, xabc, 1", "kitten, sitting, 3", "colour, color, 1" })
	void distanceCountsEdits(String from, String to, int distance) {
		assertThat(ErrorHints.SimilarNames.distance(from, to)).isEqualTo(distance);
	}

	@Test
	void nearestWhenThereAreSeveralStandsFirst() {
		assertThat(ErrorHints.SimilarNames.to("gizmo",
				List.of("gadgets", "gismos", "gizmos", "shop.gizmo", "public.gizmo", "gizm")))
			.containsExactly("public.gizmo", "shop.gizmo", "gizm");
		assertThat(ErrorHints.SimilarNames.to("gizmo", List.of("gizmos", "shop.gizmos"))).containsExactly("gizmos");
		assertThat(ErrorHints.SimilarNames.to("unitPrice", List.of("unit_price", "unit_prices")))
			.containsExactly("unit_price", "unit_prices");
		assertThat(ErrorHints.SimilarNames.to("id", List.of("no", "on", "x"))).isEmpty();
	}

}
