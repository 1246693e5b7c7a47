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
		Setup soong = nominal(Contestant.GIZMOS, Packaging.ZIP);
		Setup stock = nominal(Contestant.STOCK, Packaging.ZIP);
		Setup bare = nominal(Contestant.BARE, Packaging.ZIP);
		Setup soongCached = nominal(Contestant.GIZMOS, Packaging.CACHE);
		Setup stockCached = nominal(Contestant.STOCK, Packaging.CACHE);
		text.append(goal("First answer, zip, JDK 17", 0.5, millis(soong) / millis(stock), "2.00 x bare",
				String.format(Locale.ROOT, "%.2f x bare", millis(soong) / millis(bare))));
		if (this.results.has(soongCached)) {
			text.append(goal("First answer, AOT cache, JDK 25", 0.45, millis(soongCached) / millis(stockCached),
					"241 ms, the Python original's", String.format(Locale.ROOT, "%.0f ms", millis(soongCached))));
			text.append(goal("Peak memory, AOT cache, JDK 25", 0.6, memory(soongCached) / memory(stockCached), "0.50 x",
					""));
		}
		Setup restored = nominal(Contestant.GIZMOS, Packaging.SNAPSTART);
		Setup stockRestored = nominal(Contestant.STOCK, Packaging.SNAPSTART);
		if (this.results.has(restored)) {
			Setup primed = nominal(Contestant.GIZMOS, Packaging.SNAPSTART_EVENT);
			text.append(goal("First answer after a restore, SnapStart with a sample event, JDK 17", 0.25,
					millis(primed) / millis(stockRestored), "a warm reconnect",
					String.format(Locale.ROOT, "%.0f ms, a warm reconnect %.0f ms", millis(primed),
							millis(nominal(Contestant.GIZMOS, Packaging.RECONNECT)))));
			text.append(goal("First answer after a restore, SnapStart, JDK 17", 0.25,
					millis(restored) / millis(stockRestored), "",
					String.format(Locale.ROOT, "%.0f ms", millis(restored))));
		}
		text.append(goal("Peak memory, zip, JDK 17", 0.6, memory(soong) / memory(stock), "0.50 x", ""));
		text.append(goal("Bytes deployed", 0.5, (double) size(Contestant.GIZMOS).zip() / size(Contestant.STOCK).zip(),
				"0.40 x", ""));
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
