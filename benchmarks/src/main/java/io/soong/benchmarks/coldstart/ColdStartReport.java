package io.soong.benchmarks.coldstart;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * The measurements as tables in Markdown.
 */
final class ColdStartReport {

	private static final double MEGABYTE = 1e6;

	private final ColdStartResults results;

	private final Map<Contestant, Size> sizes;

	ColdStartReport(ColdStartResults results, Map<Contestant, Size> sizes) {
		this.results = results;
		this.sizes = sizes;
	}

	/** What was to be reached, and whether it was. */
	String goals() {
		StringBuilder text = new StringBuilder("| goal | at most | stretch | measured |\n| --- | --- | --- | --- |\n");
		Setup stock = nominal(Contestant.STOCK, Packaging.ZIP);
		Setup starter = nominal(Contestant.GIZMOS, Packaging.STARTER);
		Setup zip = nominal(Contestant.GIZMOS, Packaging.ZIP);
		Setup bare = nominal(Contestant.BARE, Packaging.ZIP);
		if (this.results.has(starter)) {
			text.append(goal("First answer, the starter alone, JDK 17", 0.6, millis(starter) / millis(stock), "0.50 x",
					""));
		}
		text.append(goal("First answer, the plugin's zip, JDK 17", 0.47, millis(zip) / millis(stock), "2.00 x bare",
				String.format(Locale.ROOT, "%.2f x bare", millis(zip) / millis(bare))));
		Setup cached = nominal(Contestant.GIZMOS, Packaging.CACHE);
		if (this.results.has(cached)) {
			text.append(goal("First answer, AOT cache, JDK 25", 0.55,
					millis(cached) / millis(nominal(Contestant.STOCK, Packaging.CACHE)), "0.45 x",
					String.format(Locale.ROOT, "%.0f ms", millis(cached))));
		}
		for (Packaging packaging : List.of(Packaging.SNAPSTART, Packaging.SNAPSTART_EVENT, Packaging.SNAPSTART_25,
				Packaging.SNAPSTART_EVENT_25)) {
			Setup restored = nominal(Contestant.GIZMOS, packaging);
			if (this.results.has(restored)) {
				Setup warm = nominal(Contestant.GIZMOS, Packaging.RECONNECT);
				text.append(goal("First answer after a restore, " + packaging.title(), 0.2,
						millis(restored) / millis(nominal(Contestant.STOCK, packaging.peer())),
						(packaging.feature() == 17) ? "1.50 x a warm reconnect" : "",
						(packaging.feature() == 17)
								? String.format(Locale.ROOT, "%.0f ms, %.2f x a warm reconnect", millis(restored),
										millis(restored) / millis(warm))
								: String.format(Locale.ROOT, "%.0f ms", millis(restored))));
			}
		}
		text.append(goal("Peak memory, zip, JDK 17", 0.75, memory(zip) / memory(stock), "0.70 x", ""));
		text.append(goal("Bytes deployed", 0.3, (double) size(Contestant.GIZMOS).zip() / size(Contestant.STOCK).zip(),
				"", ""));
		return text.toString();
	}

	private static String goal(String title, double must, double ratio, String stretch, String figure) {
		return String.format(Locale.ROOT, "| %s | %.2f x stock | %s | %.2f x stock: %s%s |%n", title, must, stretch,
				ratio, (ratio <= must) ? "met" : "**missed**", figure.isEmpty() ? "" : "; " + figure);
	}

	/** Everything with all CPUs, and no latency. */
	String nominal() {
		StringBuilder text = new StringBuilder(
				"| | median, ms | p95 | × stock | × bare | peak memory, MiB | classes |\n"
						+ "| --- | ---: | ---: | ---: | ---: | ---: | ---: |\n");
		for (Packaging packaging : Packaging.values()) {
			for (Contestant contestant : Contestant.values()) {
				Setup setup = nominal(contestant, packaging);
				if (this.results.has(setup)) {
					text.append(String.format(Locale.ROOT, "| %s, %s | %.0f | %.0f | %s | %s | %.0f | %s |%n",
							contestant.title(), packaging.title(), millis(setup),
							this.results.millis(setup).percentile95(),
							ratio(setup, nominal(Contestant.STOCK, packaging.peer())),
							ratio(setup, nominal(Contestant.BARE, packaging.peer())), memory(setup),
							this.results.classes(setup).stream().mapToObj(Integer::toString).findFirst().orElse("")));
				}
			}
		}
		return text.toString();
	}

	/** Less CPU, and a network. */
	String conditions() {
		List<Setup> conditions = Stream
			.of(nominal(Contestant.GIZMOS, Packaging.ZIP), new Setup(Contestant.GIZMOS, Packaging.ZIP, 2, 1),
					new Setup(Contestant.GIZMOS, Packaging.ZIP, 1, 0),
					new Setup(Contestant.GIZMOS, Packaging.ZIP, 0.5, 0))
			.filter(this.results::has)
			.toList();
		StringBuilder text = new StringBuilder("| median (p95), ms |");
		conditions.forEach((condition) -> text.append(" ").append(condition.conditions()).append(" |"));
		text.append("\n| --- |").append(" ---: |".repeat(conditions.size())).append("\n");
		for (Packaging packaging : List.of(Packaging.ZIP, Packaging.CACHE)) {
			for (Contestant contestant : Contestant.values()) {
				text.append("| ").append(contestant.title()).append(", ").append(packaging.title()).append(" |");
				for (Setup condition : conditions) {
					Setup setup = new Setup(contestant, packaging, condition.cpus(), condition.latency());
					Setup stock = new Setup(Contestant.STOCK, packaging, condition.cpus(), condition.latency());
					text.append(this.results.has(setup) ? String.format(Locale.ROOT, " %.0f (%.0f), %s |",
							millis(setup), this.results.millis(setup).percentile95(), ratio(setup, stock)) : " |");
				}
				text.append("\n");
			}
		}
		return text.toString();
	}

	/** What is deployed. */
	String sizes() {
		StringBuilder text = new StringBuilder(
				"| | jars | zip, MB | × stock | unpacked, MB |\n| --- | ---: | ---: | ---: | ---: |\n");
		this.sizes.forEach((contestant,
				size) -> text.append(String.format(Locale.ROOT, "| %s | %d | %.1f | %.2f x | %.1f |%n",
						contestant.title(), size.jars(), size.zip() / MEGABYTE,
						(double) size.zip() / size(Contestant.STOCK).zip(), size.unpacked() / MEGABYTE)));
		return text.toString();
	}

	private String ratio(Setup setup, Setup to) {
		return this.results.has(to) ? String.format(Locale.ROOT, "%.2f x", millis(setup) / millis(to)) : "";
	}

	private double millis(Setup setup) {
		return this.results.millis(setup).median();
	}

	private double memory(Setup setup) {
		return this.results.peakMemory(setup).median();
	}

	private Size size(Contestant contestant) {
		return Objects.requireNonNull(this.sizes.get(contestant));
	}

	private static Setup nominal(Contestant contestant, Packaging packaging) {
		return new Setup(contestant, packaging, Setup.ALL_CPUS, 0);
	}

}
