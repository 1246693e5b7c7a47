package io.soong.autoconfigure;

import java.sql.SQLException;

import javax.sql.DataSource;

import io.soong.auth.DatabaseCredentialsProvider;
import io.soong.autoconfigure.SoongMigrationAutoConfiguration.RoleFlywayConnectionDetails;
import io.soong.autoconfigure.SoongMigrationAutoConfiguration.RoleLiquibaseConnectionDetails;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Which data source a migration gets, without a migration.
 */
class SoongMigrationAutoConfigurationTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(SoongAutoConfiguration.class, SoongMigrationAutoConfiguration.class))
		.withBean(DatabaseCredentialsProvider.class, () -> (endpoint) -> {
			throw new SQLException("asked for " + endpoint.user());
		})
		.withPropertyValues("soong.host=db.example.com", "soong.user=jane_doe", "spring.sql.init.mode=never");

	@ParameterizedTest
	@ValueSource(strings = { "lazy", "eager" })
	void roleHasItsDataSourceWhetherConnectionsAreFetchedLazilyOrNot(String fetch) {
		this.runner
			.withPropertyValues("spring.datasource.connection-fetch=" + fetch, "spring.flyway.user=owner",
					"spring.liquibase.user=owner")
			.run((context) -> {
				assertAsksForOwner(context.getBean(RoleFlywayConnectionDetails.class).dataSource());
				assertAsksForOwner(context.getBean(RoleLiquibaseConnectionDetails.class).dataSource());
			});
	}

	@Test
	void roleWithABlankPasswordHasTheCredentialsOfTheProvider() {
		this.runner
			.withPropertyValues("spring.flyway.user=owner", "spring.flyway.password=", "spring.liquibase.user=owner",
					"spring.liquibase.password= ")
			.run((context) -> {
				assertAsksForOwner(context.getBean(RoleFlywayConnectionDetails.class).dataSource());
				assertAsksForOwner(context.getBean(RoleLiquibaseConnectionDetails.class).dataSource());
			});
	}

	@Test
	void migrationWithoutARoleOrWithAUrlHasNoDataSourceOfItsOwn() {
		this.runner.run((context) -> {
			assertThat(context.getBean(RoleFlywayConnectionDetails.class).dataSource()).isNull();
			assertThat(context.getBean(RoleLiquibaseConnectionDetails.class).dataSource()).isNull();
		});
		this.runner
			.withPropertyValues("spring.flyway.user=owner", "spring.flyway.url=jdbc:postgresql://localhost/x",
					"spring.liquibase.user=owner", "spring.liquibase.url=jdbc:postgresql://localhost/x")
			.run((context) -> {
				assertThat(context.getBean(RoleFlywayConnectionDetails.class).dataSource()).isNull();
				assertThat(context.getBean(RoleFlywayConnectionDetails.class).getUsername()).isEqualTo("owner");
				assertThat(context.getBean(RoleLiquibaseConnectionDetails.class).dataSource()).isNull();
				assertThat(context.getBean(RoleLiquibaseConnectionDetails.class).getUsername()).isEqualTo("owner");
			});
	}

	private static void assertAsksForOwner(@Nullable DataSource dataSource) {
		assertThat(dataSource).hasToString("RoleDataSource[owner]")
			.satisfies((role) -> assertThatThrownBy(role::getConnection).hasRootCauseMessage("asked for owner"));
	}

}
