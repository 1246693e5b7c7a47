package io.soong.kotlin

import io.soong.sql.Column
import io.soong.sql.Condition.lessThan
import io.soong.sql.SoongTemplate
import io.soong.test.SoongTest
import org.assertj.core.api.Assertions.assertThat
import org.junit.jupiter.api.BeforeEach
import org.junit.jupiter.api.Test
import org.springframework.beans.factory.annotation.Autowired
import org.springframework.boot.autoconfigure.SpringBootApplication
import java.math.BigDecimal

@SpringBootApplication
class Application

enum class Status { IN_STOCK, SOLD_OUT }

data class GizmoId(val value: Int)

data class Gizmo(
    val id: Int,
    val name: String,
    val unitPrice: BigDecimal? = null,
    val tags: List<String> = listOf(),
    @param:Column("state") val status: Status = Status.IN_STOCK,
    val active: Boolean = true,
)

/** With a default for each parameter, and so with two constructors. */
data class Part(val id: Int = 0, val name: String? = null)

/** Data classes as the rows of a table. */
@SoongTest
class KotlinIntegrationTests(@param:Autowired private val soong: SoongTemplate) {

    @BeforeEach
    fun create() {
        soong.execute("CREATE TYPE state AS ENUM ('in-stock', 'sold-out')")
        soong.execute(
            "CREATE TABLE gizmos (id int PRIMARY KEY, name text, unit_price numeric, tags text[], " +
                "state state, active boolean)",
        )
    }

    @Test
    fun dataClassIsWrittenAndRead() {
        val gizmo = Gizmo(42, "Flux", BigDecimal("1.21"), listOf("blue"), Status.SOLD_OUT, false)
        soong.insert("gizmos", gizmo)
        soong.insertAll("gizmos", listOf(Gizmo(43, "Plumbus")))
        assertThat(soong.get("gizmos", 42, Gizmo::class.java)).contains(gizmo)
        assertThat(soong.select("gizmos").where("unit_price", lessThan(2)).list(Gizmo::class.java))
            .containsExactly(gizmo)
        assertThat(soong.update("gizmos", 43, gizmo.copy(id = 43), Gizmo::class.java))
            .containsExactly(gizmo.copy(id = 43))
    }

    @Test
    fun dataClassWithADefaultForEachParameterIsReadByItsConstructor() {
        soong.insert("gizmos", Part(7, "Cable"))
        assertThat(soong.get("gizmos", 7, Part::class.java)).contains(Part(7, "Cable"))
        assertThat(soong.insert("gizmos", Part(8, null), Part::class.java)).isEqualTo(Part(8, null))
    }

    @Test
    fun namedParametersTakeAMapOfKotlin() {
        soong.insert("gizmos", mapOf("id" to 1, "name" to "Flux", "state" to Status.IN_STOCK))
        assertThat(soong.queryOne(String::class.java, "SELECT name FROM gizmos WHERE id = :id", mapOf("id" to 1)))
            .contains("Flux")
        val name: String? = soong.inTransaction<String?> { soong.get("gizmos", 1).orElseThrow().get("name", String::class.java) }
        assertThat(name).isEqualTo("Flux")
    }
}
