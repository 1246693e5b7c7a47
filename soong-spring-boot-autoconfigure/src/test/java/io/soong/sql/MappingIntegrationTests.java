package io.soong.sql;

import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.dao.DataAccessException;
import org.springframework.dao.TypeMismatchDataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

import static io.soong.sql.Condition.in;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Records, classes and beans as rows, on a real server: typed ids, {@code Optional},
 * {@link Column}, and classes with one constructor.
 */
@NullUnmarked
class MappingIntegrationTests {

	private static SingleConnectionDataSource dataSource;

	private static SoongTemplate soong;

	@BeforeAll
	static void connect() {
		dataSource = PostgresServer.connect("mapping");
		soong = new SoongTemplate(new JdbcTemplate(dataSource));
	}

	@AfterAll
	static void close() {
		dataSource.destroy();
	}

	@BeforeEach
	void create() {
		soong.execute("DROP TABLE IF EXISTS users");
		soong.execute("CREATE TABLE users (id int PRIMARY KEY, email text, born date DEFAULT '2000-01-01', "
				+ "aliases text[], upper_email text GENERATED ALWAYS AS (upper(email)) STORED)");
	}

	@Test
	void recordOfOneComponentStandsForIt() {
		User user = new User(new UserId(42), new Email("a@b.c"), List.of(new Email("x@y"), new Email("z")));
		soong.insert("users", user);
		assertThat(soong.get("users", new UserId(42), User.class)).contains(user);
		assertThat(soong.select("users", Map.of("email", new Email("a@b.c")), User.class)).containsExactly(user);
		assertThat(soong.select("users").where("id", in(new UserId(42), new UserId(43))).count()).isEqualTo(1);
		assertThat(soong.get("users", 42).orElseThrow().get("email", Email.class)).isEqualTo(new Email("a@b.c"));
		soong.update("users", new UserId(42), Map.of("email", new Email("n@m")));
		assertThat(soong.queryOne(User.class, "SELECT * FROM users").orElseThrow().email()).isEqualTo(new Email("n@m"));
		soong.insertAll("users",
				List.of(new User(new UserId(1), new Email("1"), List.of()), new User(new UserId(2), null, null)));
		assertThat(soong.select("users").where("id", 2).optional(User.class))
			.contains(new User(new UserId(2), null, null));
		assertThat(soong.delete("users", new UserId(1))).isEqualTo(1);
	}

	@Test
	void recordThatRefusesItsComponentIsNamedWithoutTheValue() {
		soong.insert("users", Map.of("id", 1, "email", "not a secret address"));
		assertThatExceptionOfType(TypeMismatchDataAccessException.class)
			.isThrownBy(() -> soong.get("users", 1, User.class))
			.withMessageContainingAll("column \"email\"", "is refused by the constructor of Email")
			.satisfies((ex) -> assertThat(ex).hasStackTraceContaining("Email"))
			.satisfies((ex) -> assertThat(ex.getMessage()).doesNotContain("secret"));
	}

	@Test
	void optionalIsNullWhenEmpty() {
		Person person = new Person(1, Optional.of("a@b.c"), Optional.of(LocalDate.of(1999, 9, 9)));
		soong.insert("users", person);
		soong.insert("users", new Person(2, Optional.empty(), Optional.empty()));
		assertThat(soong.get("users", 1, Person.class)).contains(person);
		assertThat(soong.get("users", 2, Person.class))
			.contains(new Person(2, Optional.empty(), Optional.of(LocalDate.of(2000, 1, 1))));
		soong.update("users", 1, new Person(1, Optional.empty(), Optional.empty()));
		assertThat(soong.get("users", 1, Person.class)).contains(new Person(1, Optional.empty(), Optional.empty()));
		soong.upsertAll("users", List.of(person), "id");
		assertThat(soong.select("users").where("id", 1).list(Person.class)).containsExactly(person);
	}

	@Test
	void columnNamesMarksAndIgnores() {
		Account account = new Account(1, "a@b.c", null, "of no column", 7);
		soong.insert("users", account);
		Account read = soong.get("users", 1, Account.class).orElseThrow();
		assertThat(read).isEqualTo(new Account(1, "a@b.c", "A@B.C", null, 0));
		assertThat(soong.update("users", 1, new Account(1, "n@m", "stale", null, 0))).isEqualTo(1);
		assertThat(soong.insert("users", new Account(2, "z", null, null, 0), Account.class).shouted()).isEqualTo("Z");
		assertThat(soong.select("users").orderBy("upper_email").after(read).list(Account.class)).hasSize(2);
		soong.insertAll("users", List.of(new Account(3, "c", "stale", "x", 1)));
		assertThat(soong.get("users", 3).orElseThrow()).containsEntry("upper_email", "C");
	}

	@Test
	void columnStandsOnTheMembersOfABean() {
		AccountBean bean = new AccountBean();
		bean.setId(1);
		bean.setMail("a@b.c");
		bean.setNote("none");
		soong.insert("users", bean);
		AccountBean read = soong.get("users", 1, AccountBean.class).orElseThrow();
		assertThat(read.getMail()).isEqualTo("a@b.c");
		assertThat(read.getNote()).isNull();
	}

	@Test
	void classWithOneConstructorIsMadeByIt() {
		soong.insert("users", new Immutable(1, "a@b.c"));
		Immutable read = soong.get("users", 1, Immutable.class).orElseThrow();
		assertThat(read.getId()).isEqualTo(1);
		assertThat(read.email()).isEqualTo("a@b.c");
		soong.insertAll("users", List.of(new Immutable(2, null), new Immutable(3, "c")));
		assertThat(soong.select("users").where("id", 2).list(Immutable.class)).singleElement()
			.extracting(Immutable::email)
			.isNull();
		assertThatIllegalArgumentException().isThrownBy(() -> soong.get("users", 1, Ambiguous.class))
			.withMessageContaining("nor a single constructor for its properties");
	}

	@Test
	void enumMeetsALabelByNameOrRelaxed() {
		soong.execute("DROP TABLE IF EXISTS task; DROP TYPE IF EXISTS status");
		soong.execute("CREATE TYPE status AS ENUM ('new', 'in_progress', 'on-hold', 'DONE', 'Done')");
		soong.execute("CREATE TABLE task (id int PRIMARY KEY, status status, former status[], note text)");
		Task task = new Task(1, Status.IN_PROGRESS, List.of(Status.NEW, Status.ON_HOLD), Status.IN_PROGRESS);
		soong.insert("task", task);
		assertThat(soong.query(String.class, "SELECT status || ' ' || former::text || ' ' || note FROM task"))
			.as("by the label in an enum, by the name in text")
			.containsExactly("in_progress {new,on-hold} IN_PROGRESS");
		assertThat(soong.get("task", 1, Task.class)).contains(task);
		assertThat(soong.get("task", 1).orElseThrow().get("status", Status.class)).isEqualTo(Status.IN_PROGRESS);
		assertThat(soong.get("task", 1).orElseThrow()).containsEntry("status", "in_progress")
			.containsEntry("former", List.of("new", "on-hold"));
		assertThat(soong.query(Status.class, "SELECT status FROM task")).containsExactly(Status.IN_PROGRESS);
		assertThat(soong.select("task").where("status", Status.IN_PROGRESS).count()).isEqualTo(1);
		assertThat(soong.select("task").where("status", in(Status.IN_PROGRESS, Status.NEW)).count()).isEqualTo(1);
		assertThat(soong.select("task").where("status", in(List.of(Status.NEW))).count()).isZero();
		assertThat(soong.select("task").where("former", Condition.contains(List.of(Status.ON_HOLD))).count())
			.isEqualTo(1);
		assertThat(soong.select("task").where("note", Status.IN_PROGRESS).count()).isEqualTo(1);
		soong.update("task", Map.of("id", 1, "status", Status.IN_PROGRESS), Map.of("status", Status.DONE));
		assertThat(soong.get("task", 1).orElseThrow()).as("the name where there is one")
			.containsEntry("status", "DONE");
		soong.upsertAll("task", List.of(task, new Task(2, Status.NEW, List.of(), null)), "id");
		assertThat(soong.select("task").where("status", Status.NEW).list(Task.class))
			.containsExactly(new Task(2, Status.NEW, List.of(), null));
		soong.insertAll("task", IntStream.range(10, 500)
			.mapToObj((i) -> new Task(i, Status.ON_HOLD, List.of(Status.NEW), Status.DONE)));
		assertThat(soong.select("task").where("status", Status.ON_HOLD).count()).isEqualTo(490);
		Row row = soong.get("task", 1).orElseThrow();
		soong.update("task", 1, row);
		assertThat(soong.get("task", 1)).contains(row);
		assertThatExceptionOfType(DataAccessException.class)
			.isThrownBy(() -> soong.update("task", 1, Map.of("status", Status.UNKNOWN)))
			.withMessageContaining("22P02");
		soong.execute("UPDATE task SET status = 'Done' WHERE id = 2");
		assertThat(soong.get("task", 2, Task.class).orElseThrow().status()).isEqualTo(Status.DONE);
		soong.execute("UPDATE task SET note = 'in_progress' WHERE id = 2");
		assertThatExceptionOfType(TypeMismatchDataAccessException.class)
			.as("text that is no constant's name, which would be written back as another")
			.isThrownBy(() -> soong.get("task", 2, Task.class));
		soong.execute("DROP TABLE task; DROP TYPE status");
	}

	enum Status {

		NEW, IN_PROGRESS, ON_HOLD, DONE, UNKNOWN

	}

	record Task(int id, Status status, List<Status> former, Status note) {
	}

	record UserId(int value) {
	}

	record Email(String address) {

		Email {
			if (address != null && address.contains(" ")) {
				throw new IllegalArgumentException("not an address: " + address);
			}
		}

	}

	record User(UserId id, Email email, List<Email> aliases) {
	}

	record Person(int id, Optional<String> email, Optional<LocalDate> born) {
	}

	record Account(int id, @Column("email") String address,
			@Column(value = "upper_email", readOnly = true) String shouted, @Column(ignored = true) String note,
			@Column(ignored = true) int count) {
	}

	public static class AccountBean {

		private int id;

		@Column("email")
		private String mail;

		private String note;

		public int getId() {
			return this.id;
		}

		public void setId(int id) {
			this.id = id;
		}

		public String getMail() {
			return this.mail;
		}

		public void setMail(String mail) {
			this.mail = mail;
		}

		@Column(ignored = true)
		public String getNote() {
			return this.note;
		}

		public void setNote(String note) {
			this.note = note;
		}

	}

	/** As Kotlin and Lombok make them. */
	public static final class Immutable {

		private final int id;

		private final String email;

		public Immutable(int id, String email) {
			this.id = id;
			this.email = email;
		}

		public int getId() {
			return this.id;
		}

		public String email() {
			return this.email;
		}

	}

	public static final class Ambiguous {

		private String name;

		public Ambiguous(int id) {
		}

		public Ambiguous(String name) {
			this.name = name;
		}

		public String getName() {
			return this.name;
		}

		public void setName(String name) {
			this.name = name;
		}

	}

}
