package io.soong;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Which packages, families and classes may use which, and which types are public.
 */
class ArchitectureTests {

	private static final JavaClasses CLASSES = new ClassFileImporter()
		.withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
		.importPackages("io.soong.auth", "io.soong.jdbc", "io.soong.lambda", "io.soong.sql", "io.soong.autoconfigure");

	@Test
	void roomsKnowOnlyTheRoomsBeforeThem() {
		knowsOnly("auth");
		knowsOnly("jdbc", "auth");
		knowsOnly("lambda", "auth", "jdbc");
		knowsOnly("sql");
		slices().matching("io.soong.(*)..").should().beFreeOfCycles().check(CLASSES);
	}

	@Test
	void bootIsKnownToAutoconfigureAlone() {
		noClasses().that()
			.resideOutsideOfPackage("io.soong.autoconfigure..")
			.and()
			// A listener of SpringApplication
			.doNotHaveFullyQualifiedName("io.soong.lambda.StartedApplication")
			.should()
			.dependOnClassesThat()
			.resideInAPackage("org.springframework.boot..")
			.check(CLASSES);
	}

	@Test
	void publicTypesAreThoseThatAUserTypes() {
		Set<String> types = new TreeSet<>();
		for (JavaClass type : CLASSES) {
			if (type.getModifiers().contains(JavaModifier.PUBLIC) && !type.getEnclosingClass().isPresent()
					&& !type.getSimpleName().equals("package-info")) {
				types.add(type.getName().substring("io.soong.".length()));
			}
		}
		assertThat(types).containsExactlyInAnyOrder("auth.DatabaseCredentials", "auth.DatabaseCredentialsProvider",
				"auth.DatabaseEndpoint", "auth.RdsIamCredentialsProvider", "jdbc.ConnectionDoctor",
				"jdbc.ConnectionObserver", "jdbc.ConnectionSettings", "jdbc.DoctorReport", "jdbc.Invocation",
				"jdbc.SoongConnectionException", "jdbc.SoongDataSource",
				// Instantiated by the driver, by name
				"jdbc.DriverSocketFactory", "lambda.LambdaEnvironment", "lambda.SoongFunctionInvoker",
				"lambda.UndecidedFunctionException", "sql.Column", "sql.Condition", "sql.Conflict", "sql.Expression",
				"sql.Filter", "sql.JsonValue", "sql.Order", "sql.Row", "sql.Select", "sql.SoongConverter",
				"sql.SoongTemplate", "autoconfigure.SoongAutoConfiguration",
				"autoconfigure.SoongMetricsAutoConfiguration", "autoconfigure.SoongMigrationAutoConfiguration",
				"autoconfigure.SoongProperties", "autoconfigure.SoongTemplateAutoConfiguration",
				"autoconfigure.SoongTracingAutoConfiguration");
	}

	@Test
	void hiddenTypesAreFinalOrAbstract() {
		classes().that()
			.arePackagePrivate()
			.and()
			.areNotInterfaces()
			.and()
			.areTopLevelClasses()
			.and()
			.doNotHaveSimpleName("package-info")
			.should()
			.haveModifier(JavaModifier.FINAL)
			.orShould()
			.haveModifier(JavaModifier.ABSTRACT)
			.check(CLASSES);
	}

	@Test
	void classesOfJdbcKnowEachOtherOneWay() {
		slices().assignedFrom(TopLevelClass.in("io.soong.jdbc")).should().beFreeOfCycles().check(CLASSES);
	}

	@Test
	void classesOfSqlKnowEachOtherOneWay() {
		slices().assignedFrom(TopLevelClass.in("io.soong.sql")).should().beFreeOfCycles().check(CLASSES);
	}

	@Test
	void familiesOfSqlKnowOnlyThoseBeforeThem() {
		knowOnlyThoseBeforeThem("io.soong.sql",
				List.of(Set.of("BoundedCache", "Identifier", "MismatchException", "SqlState", "DatabaseType",
						"ParameterPlace"),
						// Errors of the server
						Set.of("ErrorHints", "DataErrors"),
						// Values
						Set.of("Column", "Model", "Json", "JacksonJson", "JsonValue", "ScalarConversion",
								"ScalarParameter", "Converters"),
						// Binding
						Set.of("StoredValue", "ArrayParameter", "ParameterValue", "ColumnTypes"),
						// Reading
						Set.of("ResultType", "Conversion", "Row", "ResultMapping"),
						// Statements
						Set.of("StatementText", "Where", "Condition", "Filter", "Order", "Expression", "Conflict",
								"GivenColumns", "ColumnValues", "PlainSql", "PlainSqlParser"),
						// Running
						Set.of("StatementErrors", "StatementRunner", "ResultStream", "Repetition"),
						// Many rows
						Set.of("RowsWriter", "RowsSource", "RowsCopy", "RowsCopyText"),
						Set.of("Select", "SoongTemplate", "SoongConverter")));
	}

	@Test
	void familiesOfJdbcKnowOnlyThoseBeforeThem() {
		knowOnlyThoseBeforeThem("io.soong.jdbc",
				List.of(Set.of("Causes", "ConnectionLog", "SqlStates", "ServerText", "SqlName", "Budget", "BoundedCall",
						"LoggedSql", "UnusedHeap"),
						// Settings and errors
						Set.of("ConnectionObserver", "Invocation", "Observers", "RdsRoots", "DriverPropertyNames",
								"ConnectionSettings", "SoongConnectionException", "NoCredentialsException",
								"UnverifiedServerException", "DeadlineErrors"),
						// An attempt
						Set.of("ServerTrust", "EndingInputStream", "TlsSocket", "DialledSocket", "UsedCredentials",
								"DriverProperties", "ConnectReport", "ConnectionAttempt", "DriverSocketFactory"),
						// Deadlines
						Set.of("SentSql", "RoundTrip", "Watchdog", "CancellableConnection", "DeadlineGuard",
								"GuardedConnection"),
						// Failures to connect
						Set.of("CanonicalName", "Finding", "LoginDiagnosis", "ConnectionDiagnosis", "TemporaryRefusal",
								"Backoff", "Outage"),
						// Opening
						Set.of("SessionState", "RollbackOnlyTransaction", "PoolEntry", "PhysicalConnection",
								"ConnectionOpener", "EagerConnection"),
						// Lending
						Set.of("Checkout", "ConnectionPool", "LoanedConnection"),
						Set.of("SoongDataSource", "Checkpoint", "ConnectionRuntimeHints"),
						// Checking
						Set.of("DoctorReport", "StepNotes", "SignedToken", "ServerProbe", "DatabaseCheck",
								"TableGrants", "ConnectionDoctor")));
	}

	private static void knowOnlyThoseBeforeThem(String packageName, List<Set<String>> families) {
		for (JavaClass type : CLASSES) {
			if (type.getPackageName().equals(packageName) && !type.getSimpleName().equals("package-info")) {
				int family = family(packageName, families, type);
				assertThat(type.getDirectDependenciesFromSelf()).extracting(Dependency::getTargetClass)
					.filteredOn((target) -> target.getPackageName().equals(packageName) && !target.isArray())
					.allSatisfy((target) -> assertThat(family(packageName, families, target))
						.as(type.getName() + " knows " + target)
						.isLessThanOrEqualTo(family));
			}
		}
	}

	private static int family(String packageName, List<Set<String>> families, JavaClass type) {
		String name = type.getName().substring(packageName.length() + 1);
		String topLevel = name.contains("$") ? name.substring(0, name.indexOf('$')) : name;
		for (int i = 0; i < families.size(); i++) {
			if (families.get(i).contains(topLevel)) {
				return i;
			}
		}
		throw new AssertionError(name + " belongs to no family");
	}

	@Test
	void everyPackageIsNullMarked() {
		Set<String> packages = new TreeSet<>();
		CLASSES.forEach((type) -> packages.add(type.getPackageName()));
		assertThat(packages).hasSize(5).allSatisfy((name) -> {
			assertThat(Class.forName(name + ".package-info").isAnnotationPresent(NullMarked.class)).isTrue();
		});
	}

	private static void knowsOnly(String room, String... others) {
		DescribedPredicate<JavaClass> allowed = resideInAPackage("io.soong." + room + "..");
		for (String other : others) {
			allowed = allowed.or(resideInAPackage("io.soong." + other + ".."));
		}
		noClasses().that()
			.resideInAPackage("io.soong." + room + "..")
			.should()
			.dependOnClassesThat(resideInAPackage("io.soong..").and(not(allowed)))
			.check(CLASSES);
	}

	/**
	 * A slice for each class of a package, with its nested ones.
	 */
	private record TopLevelClass(String packageName) implements SliceAssignment {

		static TopLevelClass in(String packageName) {
			return new TopLevelClass(packageName);
		}

		@Override
		public SliceIdentifier getIdentifierOf(JavaClass type) {
			String name = type.getName();
			int nested = name.indexOf('$');
			return type.getPackageName().equals(this.packageName)
					? SliceIdentifier.of((nested < 0) ? name : name.substring(0, nested)) : SliceIdentifier.ignore();
		}

		@Override
		public String getDescription() {
			return "classes of " + this.packageName;
		}

	}

}
