package io.soong;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

import javax.xml.parsers.DocumentBuilderFactory;

import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Compares {@code docs/licenses.md} with the bill of materials that the build has made of
 * what a function with the starter carries. With {@code -Dsoong.docs.write=true} it
 * writes the page. A license that is not among those below needs a decision.
 */
class LicensesIntegrationTests {

	private static final Set<String> ALLOWED = Set.of("Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "EPL-2.0", "MIT",
			"MIT-0");

	private static final Path PAGE = Path.of("..", "docs", "licenses.md");

	private static final String HEADER = """
			# Licenses of dependencies

			What a function with `soong-spring-boot-starter` carries, besides Soong (MIT) and the JDK. Where there are several licenses,
			one of them may be chosen. The CycloneDX bill of materials, which is published beside the starter (classifier `cyclonedx`),
			names every artifact with its version and checksums. Certificates that Soong includes are named in [NOTICE](../NOTICE).

			| group | license |
			| --- | --- |
			""";

	@Test
	void everyDependencyHasALicenseThatIsAllowed() throws Exception {
		Map<String, Set<String>> licenses = licenses();
		assertThat(licenses).containsKeys("org.postgresql", "org.springframework.boot");
		assertThat(licenses).allSatisfy((group, names) -> {
			for (String choice : names) {
				assertThat(choice.split(" or ")).as(group).containsAnyElementsOf(ALLOWED);
			}
		});
	}

	@Test
	void pageOfLicensesListsWhatAFunctionCarries() throws Exception {
		StringBuilder page = new StringBuilder(HEADER);
		licenses().forEach((group, names) -> page.append("| `")
			.append(group)
			.append("` | ")
			.append(String.join("; ", names))
			.append(" |\n"));
		if (Boolean.getBoolean("soong.docs.write")) {
			Files.writeString(PAGE, page);
		}
		assertThat(PAGE).as("docs/licenses.md is out of date, -Dsoong.docs.write=true writes it")
			.content()
			.isEqualTo(page.toString());
	}

	private static Map<String, Set<String>> licenses() throws Exception {
		Element bom = DocumentBuilderFactory.newInstance()
			.newDocumentBuilder()
			.parse(Path.of("target", "bom.xml").toFile())
			.getDocumentElement();
		Map<String, Set<String>> licenses = new TreeMap<>();
		for (Element component : elements(elements(bom, "components").get(0), "component")) {
			String group = texts(component, "group").get(0);
			if (!group.equals("io.soong")) {
				licenses.computeIfAbsent(group, (any) -> new TreeSet<>()).add(choice(component));
			}
		}
		return licenses;
	}

	private static String choice(Element component) {
		List<String> names = new ArrayList<>();
		for (Element licenses : elements(component, "licenses")) {
			names.addAll(texts(licenses, "expression"));
			for (Element license : elements(licenses, "license")) {
				names.addAll(texts(license, "id"));
				names.addAll(texts(license, "name"));
			}
		}
		return names.isEmpty() ? "unknown" : String.join(" or ", names);
	}

	private static List<String> texts(Element parent, String name) {
		return elements(parent, name).stream().map((element) -> element.getTextContent().strip()).toList();
	}

	private static List<Element> elements(Element parent, String name) {
		List<Element> elements = new ArrayList<>();
		for (Node child = parent.getFirstChild(); child != null; child = child.getNextSibling()) {
			if (child instanceof Element element && element.getTagName().equals(name)) {
				elements.add(element);
			}
		}
		return elements;
	}

}
