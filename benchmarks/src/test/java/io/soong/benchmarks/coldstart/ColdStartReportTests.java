package io.soong.benchmarks.coldstart;

import java.util.Map;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ColdStartReportTests {

	private final ColdStartResults results = new ColdStartResults();

	private final Map<Contestant, Size> sizes = Map.of(Contestant.GIZMOS, new Size(58, 15_000_000, 57_000_000),
			Contestant.STOCK, new Size(120, 50_000_000, 54_000_000), Contestant.BARE,
			new Size(31, 10_000_000, 11_000_000));

	@Test
	void goalsSayWhatIsMetAndWhatIsMissed() {
		add(Contestant.GIZMOS, Packaging.ZIP, 900, 1100, 1000);
		add(Contestant.STOCK, Packaging.ZIP, 2500, 2400, 2600);
		add(Contestant.BARE, Packaging.ZIP, 500, 500, 500);
		String goals = new ColdStartReport(this.results, this.sizes).goals();
		assertThat(goals).contains("0.40 x stock: met; 2.00 x bare", "1.00 x stock: **missed**", "0.30 x stock: met")
			.doesNotContain("AOT cache");
	}

	@Test
	void tableWhenNotEverythingIsMeasuredHasWhatIs() {
		add(Contestant.GIZMOS, Packaging.CACHE, 400, 500, 600);
		this.results.classes(new Setup(Contestant.GIZMOS, Packaging.CACHE, Setup.ALL_CPUS, 0), 7000);
		assertThat(new ColdStartReport(this.results, this.sizes).nominal().lines().skip(2))
			.containsExactly("| Soong (`samples/gizmos`), AOT cache, JDK 25 | 500 | 590 |  |  | 100 | 7000 |");
	}

	private void add(Contestant contestant, Packaging packaging, double... millis) {
		for (double each : millis) {
			this.results.add(new Setup(contestant, packaging, Setup.ALL_CPUS, 0), new Start(each, 100));
		}
	}

}
