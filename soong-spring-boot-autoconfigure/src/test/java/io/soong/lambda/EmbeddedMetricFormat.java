package io.soong.lambda;

import java.util.HashSet;
import java.util.Set;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the public specification of CloudWatch's embedded metric format demands of a line.
 */
final class EmbeddedMetricFormat {

	private static final Set<String> UNITS = Set.of("Seconds", "Microseconds", "Milliseconds", "Bytes", "Kilobytes",
			"Megabytes", "Gigabytes", "Terabytes", "Bits", "Kilobits", "Megabits", "Gigabits", "Terabits", "Percent",
			"Count", "Bytes/Second", "Kilobytes/Second", "Megabytes/Second", "Gigabytes/Second", "Terabytes/Second",
			"Bits/Second", "Kilobits/Second", "Megabits/Second", "Gigabits/Second", "Terabits/Second", "Count/Second",
			"None");

	/** Of a log event. */
	private static final int MAX_BYTES = 1_000_000;

	private EmbeddedMetricFormat() {
	}

	/**
	 * Checks a line.
	 * @return what it says
	 */
	static JsonNode check(String line) {
		assertThat(line).hasSizeLessThan(MAX_BYTES).doesNotContain("\n");
		JsonNode root = JsonMapper.shared().readTree(line);
		JsonNode metadata = root.path("_aws");
		assertThat(metadata.path("Timestamp").isIntegralNumber()).as("Timestamp is an integer").isTrue();
		// In milliseconds: seconds would be in 1970, microseconds after the year 30000
		assertThat(metadata.path("Timestamp").asLong()).isBetween(1_500_000_000_000L, 10_000_000_000_000L);
		JsonNode directives = metadata.path("CloudWatchMetrics");
		assertThat(directives.isArray()).as("CloudWatchMetrics is an array").isTrue();
		assertThat(directives).isNotEmpty();
		directives.forEach((directive) -> checkDirective(directive, root));
		return root;
	}

	private static void checkDirective(JsonNode directive, JsonNode root) {
		checkText(directive.path("Namespace"), 1024);
		assertThat(directive.path("Dimensions").isArray()).as("Dimensions is an array").isTrue();
		assertThat(directive.path("Dimensions")).isNotEmpty().allSatisfy((set) -> {
			assertThat(set.isArray()).as("a set of dimensions is an array").isTrue();
			assertThat(set).hasSizeBetween(1, 30).allSatisfy((dimension) -> {
				checkText(dimension, 250);
				checkText(root.path(dimension.asString()), 1024);
			});
		});
		assertThat(directive.path("Metrics").isArray()).as("Metrics is an array").isTrue();
		assertThat(directive.path("Metrics")).hasSizeBetween(1, 100);
		Set<String> names = new HashSet<>();
		for (JsonNode metric : directive.path("Metrics")) {
			checkText(metric.path("Name"), 1024);
			assertThat(names.add(metric.path("Name").asString())).as("one definition of %s", metric).isTrue();
			if (metric.has("Unit")) {
				assertThat(metric.path("Unit").asString()).isIn(UNITS);
			}
			if (metric.has("StorageResolution")) {
				assertThat(metric.path("StorageResolution").asInt()).isIn(1, 60);
			}
			checkValue(root.path(metric.path("Name").asString()));
		}
	}

	private static void checkText(JsonNode text, int maxLength) {
		assertThat(text.isString()).as("%s is a string", text).isTrue();
		assertThat(text.asString()).isNotBlank().hasSizeLessThanOrEqualTo(maxLength);
	}

	private static void checkValue(JsonNode value) {
		assertThat(value.isNumber() || value.isArray()).as("%s is a number, or an array", value).isTrue();
		if (value.isArray()) {
			assertThat(value).hasSizeBetween(1, 100).allMatch(JsonNode::isNumber);
		}
	}

}
