package io.soong.test;

import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

import org.jspecify.annotations.Nullable;

/**
 * Provides JUnit tests with an {@link RdsLookalike}: every test with a parameter of that
 * type gets it, and its faults are cleared after each test.
 *
 * <pre class="code">
 * &#64;ExtendWith(RdsLookalikeExtension.class)
 * class GizmosTests {
 *
 *     &#64;Test
 *     void gizmosSurviveFailover(RdsLookalike rds) { ... }
 *
 * }
 * </pre>
 *
 * <p>
 * With this annotation all test classes of a run share one lookalike with default
 * settings, which keeps its data. Use {@link #of} for a separate one. Thread-safe, but
 * tests that run at the same time see each other's faults.
 */
public final class RdsLookalikeExtension implements BeforeAllCallback, AfterEachCallback, ParameterResolver {

	private static final Namespace NAMESPACE = Namespace.create(RdsLookalikeExtension.class);

	private final RdsLookalike.@Nullable Builder builder;

	private volatile @Nullable RdsLookalike lookalike;

	/**
	 * Creates the extension for the lookalike that all test classes share.
	 */
	public RdsLookalikeExtension() {
		this.builder = null;
	}

	private RdsLookalikeExtension(RdsLookalike.Builder builder) {
		this.builder = builder;
	}

	/**
	 * Creates the extension for a static field with {@code @RegisterExtension}. It starts
	 * a lookalike before the tests of the class, and closes it after them.
	 * @param builder the settings of the lookalike
	 * @return the extension
	 */
	public static RdsLookalikeExtension of(RdsLookalike.Builder builder) {
		return new RdsLookalikeExtension(builder);
	}

	/**
	 * The lookalike.
	 * @return the lookalike
	 * @throws IllegalStateException before the tests of a class
	 */
	public RdsLookalike get() {
		RdsLookalike started = this.lookalike;
		if (started == null) {
			throw new IllegalStateException("The RdsLookalike starts before the tests of a class. "
					+ "Make the extension's field static and annotate it with @RegisterExtension");
		}
		return started;
	}

	@Override
	public void beforeAll(ExtensionContext context) {
		this.lookalike = lookalike(context);
	}

	@Override
	public void afterEach(ExtensionContext context) {
		lookalike(context).clearFaults();
	}

	@Override
	public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
		return parameter.getParameter().getType() == RdsLookalike.class;
	}

	@Override
	public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
		return lookalike(context);
	}

	/**
	 * Returns the lookalike. JUnit's store closes it.
	 */
	private RdsLookalike lookalike(ExtensionContext context) {
		RdsLookalike.Builder own = this.builder;
		if (own == null) {
			return context.getRoot()
				.getStore(NAMESPACE)
				.computeIfAbsent(RdsLookalike.class, (key) -> RdsLookalike.start(), RdsLookalike.class);
		}
		return context.getStore(NAMESPACE).computeIfAbsent(this, (key) -> own.start(), RdsLookalike.class);
	}

}
