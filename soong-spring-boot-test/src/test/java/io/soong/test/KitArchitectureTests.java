package io.soong.test;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

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

import static com.tngtech.archunit.base.DescribedPredicate.alwaysTrue;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * The structure of the kit.
 */
class KitArchitectureTests {

	private static final String PACKAGE = "io.soong.test";

	private static final JavaClasses CLASSES = new ClassFileImporter()
		.withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
		.importPackages(PACKAGE);

	private static final List<Set<String>> FAMILIES = List.of(
			// Files and processes
			Set.of("TemporaryFolder", "UnprivilegedUser", "ProcessMemory", "MemoryMatch", "HostsFile"),
			// Server
			Set.of("PostgresBinaries", "PostgresServer", "SharedPostgres"),
			// Logins
			Set.of("IamCredentials", "IamTokenVerifier", "Login", "LoginPolicy", "Waking", "Der",
					"CertificateAuthority", "ServerCertificate", "TlsIdentity"),
			// Protocol
			Set.of("Message", "StartupPacket", "ServerConnection", "Moment", "Fault", "ProtocolState",
					"MessageForwarder"),
			// RDS
			Set.of("FaultySocket", "SharedSession", "SessionPool", "ProxyClient", "SessionContext", "ClientSession",
					"ClientListener", "Administration", "RdsSettings", "FaultyInstance", "RdsLookalike",
					"RdsProxyLookalike", "RdsLookalikeExtension"),
			// Lambda
			Set.of("ErrorReport", "Answer", "PendingEvent", "RuntimeApi", "RuntimeInterfaceClient", "FunctionSettings",
					"FunctionCommand", "FunctionProcess", "FunctionInitializationException", "ExecutionEnvironment",
					"LambdaRuntime"),
			// Spring Boot
			Set.of("SoongTest", "SoongTestContextBootstrapper", "SoongTypeExcludeFilter", "EmbeddedConnectionDetails",
					"EmbeddedPostgresAutoConfiguration", "TestDatabaseEnvironmentPostProcessor",
					"FaultClearingTestExecutionListener"));

	@Test
	void publicTypesAreThoseThatATestTypes() {
		Set<String> types = new TreeSet<>();
		for (JavaClass type : CLASSES) {
			if (type.getModifiers().contains(JavaModifier.PUBLIC) && type.isTopLevelClass()) {
				types.add(type.getSimpleName());
			}
		}
		assertThat(types).containsExactlyInAnyOrder("Answer", "Fault", "FunctionInitializationException", "HostsFile",
				"LambdaRuntime", "Login", "MemoryMatch", "Moment", "RdsLookalike", "RdsLookalikeExtension",
				"RdsProxyLookalike", "ServerCertificate", "SoongTest", "Waking");
	}

	@Test
	void hiddenTypesAreFinalOrAbstract() {
		for (JavaClass type : CLASSES) {
			if (type.isTopLevelClass() && !type.getModifiers().contains(JavaModifier.PUBLIC) && !type.isInterface()
					&& !type.getModifiers().contains(JavaModifier.ABSTRACT)) {
				assertThat(type.getModifiers()).as(type.getName()).contains(JavaModifier.FINAL);
			}
		}
	}

	@Test
	void classesKnowEachOtherOneWay() {
		slices().assignedFrom(new TopLevelClass())
			.should()
			.beFreeOfCycles()
			// An annotation names what reads it
			.ignoreDependency(nameMatching(".*\\.SoongTest"), alwaysTrue())
			.check(CLASSES);
	}

	@Test
	void familiesKnowOnlyThoseBeforeThem() {
		for (JavaClass type : CLASSES) {
			if (type.getSimpleName().equals("package-info")) {
				continue;
			}
			int family = family(type);
			assertThat(type.getDirectDependenciesFromSelf()).extracting(Dependency::getTargetClass)
				.filteredOn((target) -> target.getPackageName().equals(PACKAGE) && !target.isArray())
				.allSatisfy((target) -> assertThat(family(target)).as(type.getName() + " knows " + target.getName())
					.isLessThanOrEqualTo(family));
		}
	}

	@Test
	void packageIsNullMarked() throws ClassNotFoundException {
		assertThat(Class.forName(PACKAGE + ".package-info").isAnnotationPresent(NullMarked.class)).isTrue();
	}

	private static int family(JavaClass type) {
		String name = topLevelName(type);
		for (int i = 0; i < FAMILIES.size(); i++) {
			if (FAMILIES.get(i).contains(name)) {
				return i;
			}
		}
		throw new AssertionError(name + " belongs to no family");
	}

	private static String topLevelName(JavaClass type) {
		String name = type.getName().substring(PACKAGE.length() + 1);
		return name.contains("$") ? name.substring(0, name.indexOf('$')) : name;
	}

	/**
	 * A slice for each class, with its nested ones.
	 */
	private static final class TopLevelClass implements SliceAssignment {

		@Override
		public SliceIdentifier getIdentifierOf(JavaClass type) {
			return type.getPackageName().equals(PACKAGE) ? SliceIdentifier.of(topLevelName(type))
					: SliceIdentifier.ignore();
		}

		@Override
		public String getDescription() {
			return "classes of " + PACKAGE;
		}

	}

}
