package io.soong.autoconfigure;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.AbstractConstruct;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What can be said of the templates without an AWS account: names that they refer to
 * exist, and they do what the pages about them say.
 */
class DeploymentTemplatesTests {

	private static final Path PROJECT = Path.of("..").toAbsolutePath().normalize();

	private static final String POSTGRESQL = "5432";

	private static final String DATABASE_USER = "arn:${AWS::Partition}:rds-db:${AWS::Region}:${AWS::AccountId}:dbuser:";

	static List<Path> templates() throws IOException {
		try (Stream<Path> files = Files.list(PROJECT.resolve("deploy/sam"))) {
			return Stream.concat(files, Stream.of(PROJECT.resolve("samples/gizmos/template.yaml"))).sorted().toList();
		}
	}

	@Test
	void templatesAreFound() throws IOException {
		assertThat(templates()).extracting((file) -> PROJECT.relativize(file).toString().replace('\\', '/'))
			.containsExactlyInAnyOrder("deploy/sam/image.yaml", "deploy/sam/rds-proxy.yaml", "deploy/sam/template.yaml",
					"samples/gizmos/template.yaml");
	}

	@ParameterizedTest
	@MethodSource("templates")
	void nameThatIsReferredToIsDeclared(Path file) throws IOException {
		Map<String, Object> template = read(file);
		Set<String> names = new TreeSet<>(map(template.get("Parameters")).keySet());
		names.addAll(map(template.get("Resources")).keySet());
		Map<String, Object> types = types();
		List<String> references = new ArrayList<>();
		visit(template, (key, value) -> {
			if (value instanceof Intrinsic intrinsic) {
				references.addAll(intrinsic.references());
			}
			if (key.equals("DependsOn")) {
				references.add(value.toString());
			}
		});
		assertThat(references).isNotEmpty().allSatisfy((reference) -> {
			String name = reference.split("\\.")[0];
			assertThat(names).contains(name);
			if (reference.contains(".")) {
				String attribute = reference.substring(name.length() + 1);
				Map<String, Object> resource = map(map(template.get("Resources")).get(name));
				// SAM's name for what it generates
				if (!attribute.equals("Alias") || !map(resource.get("Properties")).containsKey("AutoPublishAlias")) {
					assertThat(list(map(types.get(String.valueOf(resource.get("Type")))).get("attributes")))
						.as(reference)
						.contains(attribute);
				}
			}
		});
		assertThat(references.stream().map((reference) -> reference.split("\\.")[0]))
			.containsAll(map(template.get("Parameters")).keySet());
	}

	@ParameterizedTest
	@MethodSource("templates")
	void resourceHasThePropertiesOfItsType(Path file) throws IOException {
		Map<String, Object> template = read(file);
		Map<String, Object> types = types();
		Map<String, Object> shared = map(map(template.getOrDefault("Globals", Map.of())).get("Function"));
		map(template.get("Resources")).forEach((name, declared) -> {
			String type = String.valueOf(map(declared).get("Type"));
			Map<String, Object> expected = map(types.get(type));
			Map<String, Object> properties = new LinkedHashMap<>();
			if (type.equals("AWS::Serverless::Function")) {
				properties.putAll(shared);
			}
			properties.putAll(map(map(declared).get("Properties")));
			Set<String> known = new TreeSet<>(list(expected.get("required")));
			known.addAll(list(expected.get("optional")));
			assertThat(properties.keySet()).as(name).containsAll(list(expected.get("required"))).isSubsetOf(known);
		});
	}

	@ParameterizedTest
	@MethodSource("templates")
	void policyAllowsOneRoleOfOneDatabase(Path file) throws IOException {
		List<Object> resources = new ArrayList<>();
		visit(read(file), (key, value) -> {
			if (value instanceof Map<?, ?> statement && "rds-db:connect".equals(statement.get("Action"))) {
				assertThat(statement.get("Effect")).isEqualTo("Allow");
				resources.add(statement.get("Resource"));
			}
			if (key.equals("Action")) {
				assertThat(value).isIn("rds-db:connect", "sts:AssumeRole");
			}
		});
		assertThat(resources).isNotEmpty().allSatisfy((resource) -> {
			String text = ((Intrinsic) resource).text();
			assertThat(text).startsWith(DATABASE_USER);
			assertThat(text.substring(DATABASE_USER.length()))
				.matches("\\$\\{(DatabaseResourceId|ProxyId)}/\\$\\{DatabaseUser}");
		});
	}

	/**
	 * What is put into the policy can be no wildcard or variable of one.
	 */
	@ParameterizedTest
	@MethodSource("templates")
	void parameterOfThePolicyIsNoWildcard(Path file) throws IOException {
		Map<String, Object> parameters = map(read(file).get("Parameters"));
		assertThat("jane_doe").matches(String.valueOf(map(parameters.get("DatabaseUser")).get("AllowedPattern")));
		assertThat("db-ABCDEFGHIJKL")
			.matches(String.valueOf(map(parameters.get("DatabaseResourceId")).get("AllowedPattern")));
		for (String parameter : List.of("DatabaseUser", "DatabaseResourceId")) {
			String pattern = String.valueOf(map(parameters.get(parameter)).get("AllowedPattern"));
			for (String wide : List.of("*", "db-*", "jane*", "j?ne", "${aws:username}", "jane_doe/*", "")) {
				assertThat(wide).doesNotMatch(pattern);
			}
		}
	}

	@ParameterizedTest
	@MethodSource("templates")
	void variableIsKnown(Path file) throws IOException {
		ConfigurationNames names = ConfigurationNames.read();
		List<String> variables = new ArrayList<>();
		visit(read(file), (key, value) -> {
			if (key.equals("Variables")) {
				variables.addAll(map(value).keySet());
			}
		});
		assertThat(variables).contains("PG_HOST", "PG_USER", "SPRING_CLOUD_FUNCTION_DEFINITION")
			.doesNotContain("PG_PASSWORD", "SOONG_PASSWORD", "SPRING_DATASOURCE_PASSWORD");
		variables.removeAll(List.of("MAIN_CLASS", "SPRING_CLOUD_FUNCTION_DEFINITION"));
		assertThat(names.variables()).containsAll(variables);
	}

	@ParameterizedTest
	@MethodSource("templates")
	void handlerAndApplicationExist(Path file) throws IOException {
		List<String> handlers = new ArrayList<>();
		List<String> applications = new ArrayList<>();
		visit(read(file), (key, value) -> {
			if (key.equals("Handler")) {
				handlers.add(value.toString());
			}
			if (key.equals("MAIN_CLASS")) {
				applications.add(value.toString());
			}
			if (key.equals("CodeUri")) {
				assertThat(PROJECT.relativize(file.resolveSibling(value.toString()).normalize()))
					.isEqualTo(Path.of("samples/gizmos/target/gizmos-lambda.zip"));
			}
		});
		assertThat(handlers).allSatisfy((handler) -> assertThat(Class.forName(handler)).isPublic());
		assertThat(applications).isNotEmpty()
			.allSatisfy((application) -> assertThat(
					PROJECT.resolve("samples/gizmos/src/main/java/" + application.replace('.', '/') + ".java"))
				.isRegularFile());
	}

	@ParameterizedTest
	@MethodSource("templates")
	void runtimeRunsJava17OrLater(Path file) throws IOException {
		visit(read(file), (key, value) -> {
			if (key.equals("Runtime")) {
				assertThat(value).isIn("java17", "java21", "java25");
			}
			if (key.equals("Architectures") && value instanceof List) {
				assertThat(list(value)).hasSize(1).isSubsetOf("arm64", "x86_64");
			}
		});
	}

	@ParameterizedTest
	@MethodSource("templates")
	void portOfPostgresqlIsOpenToSecurityGroupsOnly(Path file) throws IOException {
		assertThat(Files.readString(file)).doesNotContain("0.0.0.0/0", "::/0", "CidrIp");
		visit(read(file), (key, value) -> {
			if (value instanceof Map<?, ?> rule && rule.containsKey("IpProtocol")) {
				assertThat(rule.get("IpProtocol")).isEqualTo("tcp");
				assertThat(rule.get("FromPort")).asString().isEqualTo(POSTGRESQL);
				assertThat(rule.get("ToPort")).asString().isEqualTo(POSTGRESQL);
				assertThat(rule.keySet().stream().map(Object::toString)).containsAnyOf("SourceSecurityGroupId",
						"DestinationSecurityGroupId");
			}
		});
	}

	@Test
	void functionWithSnapshotsPublishesVersions() throws IOException {
		for (Path file : templates()) {
			visit(read(file), (key, value) -> {
				if (value instanceof Map<?, ?> function && function.containsKey("SnapStart")) {
					assertThat(function.get("SnapStart")).isEqualTo(Map.of("ApplyOn", "PublishedVersions"));
					assertThat(function.get("AutoPublishAlias")).isNotNull();
				}
			});
		}
	}

	/**
	 * No parser of Terraform's language is on the class path, so its text is looked at.
	 */
	@Test
	void terraformSaysTheSame() throws IOException {
		String text = Files.readString(PROJECT.resolve("deploy/terraform/main.tf"));
		assertThat(text.chars().filter((character) -> character == '{').count())
			.isEqualTo(text.chars().filter((character) -> character == '}').count());
		assertThat(text).doesNotContain("0.0.0.0/0", "::/0", "cidr_")
			.contains("actions   = [\"rds-db:connect\"]")
			.contains("\"arn:${data.aws_partition.current.partition}:rds-db:${data.aws_region.current.id}:"
					+ "${data.aws_caller_identity.current.account_id}:dbuser:"
					+ "${var.database_resource_id}/${var.database_user}\"");
		assertThat(matches("regex\\(\"([^\"]+)\"", text)).hasSize(2)
			.allSatisfy((pattern) -> assertThat(Pattern.compile(pattern).matcher("db-*").find()).isFalse());
		Set<String> declared = matches("(?m)^variable \"(\\w+)\"", text);
		assertThat(matches("\\bvar\\.(\\w+)", text)).isEqualTo(declared);
		assertThat(matches("(?m)_port +=( \\d+)$", text)).containsExactly(" " + POSTGRESQL);
	}

	private static Set<String> matches(String pattern, String text) {
		Set<String> matches = new TreeSet<>();
		Matcher matcher = Pattern.compile(pattern).matcher(text);
		while (matcher.find()) {
			matches.add(matcher.group(1));
		}
		return matches;
	}

	private static Map<String, Object> types() throws IOException {
		return read(Path.of("src/test/resources/cloudformation.yaml"));
	}

	private static Map<String, Object> read(Path file) throws IOException {
		try (Reader reader = Files.newBufferedReader(file)) {
			return new Yaml(new TemplateConstructor()).load(reader);
		}
	}

	/**
	 * Calls the visitor with every value in a template and the key it stands under, which
	 * for the elements of a list is that of the list.
	 */
	private static void visit(Object value, BiConsumer<String, Object> visitor) {
		visit("", value, visitor);
	}

	private static void visit(String key, Object value, BiConsumer<String, Object> visitor) {
		visitor.accept(key, value);
		if (value instanceof Map<?, ?> map) {
			map.forEach((name, element) -> visit(name.toString(), element, visitor));
		}
		if (value instanceof List<?> list) {
			list.forEach((element) -> visit(key, element, visitor));
		}
		if (value instanceof Intrinsic intrinsic) {
			visit(key, intrinsic.argument(), visitor);
		}
	}

	@SuppressWarnings("unchecked")
	private static Map<String, Object> map(@Nullable Object value) {
		return (value != null) ? (Map<String, Object>) value : Map.of();
	}

	@SuppressWarnings("unchecked")
	private static List<String> list(@Nullable Object value) {
		return (value != null) ? (List<String>) value : List.of();
	}

	/**
	 * A function of CloudFormation's, in its short form.
	 */
	private record Intrinsic(String name, Object argument) {

		String text() {
			return (this.argument instanceof List<?> list) ? list.get(0).toString() : this.argument.toString();
		}

		/**
		 * The names that it refers to, but those that AWS or it itself declares.
		 */
		List<String> references() {
			return switch (this.name) {
				case "!Ref", "!GetAtt" ->
					Stream.of(this.argument.toString()).filter((name) -> !name.startsWith("AWS::")).toList();
				case "!Sub" -> {
					Set<String> own = (this.argument instanceof List<?> list) ? map(list.get(1)).keySet() : Set.of();
					yield matches("\\$\\{([\\w:.]+)}", text()).stream()
						.filter((name) -> !name.startsWith("AWS::") && !own.contains(name))
						.toList();
				}
				case "!Select", "!Split" -> List.of();
				default -> throw new IllegalArgumentException(this.name);
			};
		}

	}

	private static final class TemplateConstructor extends SafeConstructor {

		TemplateConstructor() {
			super(new LoaderOptions());
			this.yamlMultiConstructors.put("!", new AbstractConstruct() {

				@Override
				public Object construct(Node node) {
					return new Intrinsic(node.getTag().getValue(), argument(node));
				}

			});
		}

		private Object argument(Node node) {
			if (node instanceof ScalarNode scalar) {
				return constructScalar(scalar);
			}
			return (node instanceof SequenceNode sequence) ? constructSequence(sequence)
					: constructMapping((MappingNode) node);
		}

	}

}
