package io.soong.sql;

import java.lang.reflect.Method;
import java.util.List;

import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;

import org.springframework.core.ResolvableType;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * {@link Model} and {@link Model.Property}.
 */
@NullUnmarked
class ModelTests {

	@Test
	void propertiesWhenClassIsBeanAreThoseWithSetter() {
		Model<Bean> model = Model.of(Bean.class);
		assertThat(model.columns()).containsExactlyInAnyOrder("active", "fluent", "id", "items", "secret", "wide");
	}

	@Test
	void readWhenGetterOfBooleanIsNamedIsReads() {
		Bean bean = new Bean();
		Model.Property active = property(Bean.class, "active");
		active.write(bean, true);
		assertThat(active.read(bean)).isEqualTo(true);
	}

	@Test
	void readWhenPropertyHasSetterOnlyRefuses() {
		Bean bean = new Bean();
		Model.Property secret = property(Bean.class, "secret");
		secret.write(bean, "s3cret");
		assertThat(bean.secret).isEqualTo("s3cret");
		assertThatIllegalArgumentException().isThrownBy(() -> secret.read(bean))
			.withMessageContainingAll("secret", Bean.class.getName(), "setter but no getter")
			.withMessageNotContaining("s3cret");
	}

	@Test
	void typeWhenSuperclassIsGenericIsResolved() {
		assertThat(property(Bean.class, "id").type()).isEqualTo(Long.class);
		assertThat(ResolvableType.forType(property(Bean.class, "items").type()).getGeneric(0).resolve())
			.isEqualTo(Long.class);
		assertThat(property(Overriding.class, "id").type()).isEqualTo(Long.class);
	}

	@Test
	void writeWhenSetterIsFluentOrInheritedSets() {
		Bean bean = new Bean();
		property(Bean.class, "fluent").write(bean, "x");
		property(Bean.class, "id").write(bean, 7L);
		assertThat(property(Bean.class, "fluent").read(bean)).isEqualTo("x");
		assertThat(property(Bean.class, "id").read(bean)).isEqualTo(7L);
	}

	@Test
	void modelWhenClassHasNoSettersRefuses() {
		assertThatIllegalArgumentException().isThrownBy(() -> Model.of(GettersOnly.class))
			.withMessageContainingAll(GettersOnly.class.getName(), "no properties with a setter");
	}

	// canAccess(...) tells only whether it may be called, not whether that is checked
	@Test
	@SuppressWarnings("deprecation")
	void modelWhenMembersArePublicMakesThemAccessible() {
		Model<PublicRecord> model = Model.of(PublicRecord.class);
		assertThat(model.constructor().isAccessible()).isTrue();
		assertThat(model.properties().get(0).reader().isAccessible()).isTrue();
		assertThat(property(Bean.class, "active").writer().isAccessible()).isTrue();
	}

	@Test
	void propertyWhenModuleIsNotOpenLeavesItsMembersAsTheyAre() throws NoSuchMethodException {
		Method inaccessible = String.class.getDeclaredMethod("isLatin1");
		assertThat(Model.Property.of("latin", boolean.class, inaccessible, inaccessible, null).reader())
			.isSameAs(inaccessible);
	}

	private static Model.Property property(Class<?> type, String name) {
		return Model.of(type)
			.properties()
			.stream()
			.filter((property) -> property.name().equals(name))
			.findFirst()
			.orElseThrow();
	}

	public static class Generic<T> {

		private T id;

		private List<T> items;

		public T getId() {
			return this.id;
		}

		public void setId(T id) {
			this.id = id;
		}

		public List<T> getItems() {
			return this.items;
		}

		public void setItems(List<T> items) {
			this.items = items;
		}

	}

	public static class Overriding extends Generic<Long> {

		@Override
		public Long getId() {
			return super.getId();
		}

		@Override
		public void setId(Long id) {
			super.setId(id);
		}

	}

	public static class Bean extends Generic<Long> {

		private Boolean active;

		private String fluent;

		private String secret;

		public Boolean isActive() {
			return this.active;
		}

		public void setActive(Boolean active) {
			this.active = active;
		}

		public String getFluent() {
			return this.fluent;
		}

		public Bean setFluent(String fluent) {
			this.fluent = fluent;
			return this;
		}

		public void setSecret(String secret) {
			this.secret = secret;
		}

		public String getWide() {
			return "";
		}

		public void setWide(Object wide) {
			this.secret = String.valueOf(wide);
		}

		public String getComputed() {
			return "";
		}

		public static void setStatic(String value) {
			throw new AssertionError(value);
		}

	}

	static class GettersOnly {

		public String getName() {
			return "";
		}

	}

	public record PublicRecord(int id) {

	}

}
