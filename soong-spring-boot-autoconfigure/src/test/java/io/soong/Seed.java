package io.soong;

/**
 * The seed of tests that draw at random, printed so that a run can be repeated:
 * {@code -Dsoong.test.seed=...}.
 */
public final class Seed {

	private static final long VALUE = Long.getLong("soong.test.seed", System.nanoTime());

	static {
		System.out.println("Random tests of this JVM: -Dsoong.test.seed=" + VALUE);
	}

	private Seed() {
	}

	public static long value() {
		return VALUE;
	}

}
