package io.soong.samples.gizmos;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

import io.soong.sql.SoongTemplate;
import org.jspecify.annotations.Nullable;

import org.springframework.aot.hint.annotation.RegisterReflectionForBinding;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static io.soong.sql.Condition.isNull;

/**
 * The functions, each deployed as a Lambda function of its own. An event is bound to a
 * record, whose constructor refuses what is not there. An HTTP request that it refuses is
 * answered with status 400 and the constructor's message.
 * <p>
 * A native image has to be told the records that events and rows are bound to.
 */
@Configuration(proxyBeanMethods = false)
@RegisterReflectionForBinding({ GizmoFunctions.Gizmo.class, GizmoFunctions.Order.class, GizmoFunctions.ColorCount.class,
		GizmoFunctions.NewGizmo.class, GizmoFunctions.GizmoId.class, GizmoFunctions.Rename.class,
		GizmoFunctions.Color.class, GizmoFunctions.MinimumCount.class, GizmoFunctions.Shipment.class })
class GizmoFunctions {

	@Bean
	Function<GizmoId, Gizmo> getGizmo(SoongTemplate soong) {
		return (event) -> soong.get("gizmos", event.id(), Gizmo.class)
			.orElseThrow(() -> new NoSuchGizmoException(event.id()));
	}

	@Bean
	Function<Rename, Gizmo> renameGizmo(SoongTemplate soong) {
		return (event) -> soong.inTransaction(() -> {
			if (soong.update("gizmos", event.id(), Map.of("name", event.name())) == 0) {
				throw new NoSuchGizmoException(event.id());
			}
			return soong.get("gizmos", event.id(), Gizmo.class).orElseThrow();
		});
	}

	@Bean
	Function<NewGizmo, GizmoId> addGizmo(SoongTemplate soong) {
		return (event) -> new GizmoId(soong.insert("gizmos", event, "id", Integer.class));
	}

	@Bean
	Function<Color, List<Gizmo>> gizmosOfColor(SoongTemplate soong) {
		return (event) -> soong.select("gizmos").where("color", event.color()).list(Gizmo.class);
	}

	@Bean
	Function<MinimumCount, List<ColorCount>> popularColors(SoongTemplate soong) {
		return (event) -> soong.query(ColorCount.class, """
				SELECT color, count(*) AS gizmos
				FROM gizmos
				GROUP BY color
				HAVING count(*) >= ?
				ORDER BY gizmos DESC, color
				""", event.gizmos());
	}

	/**
	 * Takes orders from a queue: what another invocation is about to ship is skipped, and
	 * what this one fails to ship stays in the queue.
	 */
	@Bean
	Function<Shipment, List<Order>> shipOrders(SoongTemplate soong) {
		return (event) -> soong.inTransaction(() -> {
			List<Order> orders = soong.select("orders")
				.where("shipped_at", isNull())
				.orderBy("id")
				.limit(event.atMost())
				.forUpdate()
				.skipLocked()
				.list(Order.class);
			for (Order order : orders) {
				soong.update("orders", order.id(), Map.of("shipped_at", Instant.now()));
			}
			return orders;
		});
	}

	record Gizmo(int id, String name, @Nullable String color) {

	}

	record GizmoId(Integer id) {

		GizmoId {
			Objects.requireNonNull(id, "id is missing");
		}

	}

	record Rename(Integer id, String name) {

		Rename {
			Objects.requireNonNull(id, "id is missing");
			Objects.requireNonNull(name, "name is missing");
		}

	}

	record NewGizmo(String name, @Nullable String color) {

		NewGizmo {
			Objects.requireNonNull(name, "name is missing");
		}

	}

	record Color(String color) {

		Color {
			Objects.requireNonNull(color, "color is missing");
		}

	}

	record MinimumCount(Integer gizmos) {

		MinimumCount {
			Objects.requireNonNull(gizmos, "gizmos is missing");
		}

	}

	record Shipment(Integer atMost) {

		Shipment {
			Objects.requireNonNull(atMost, "atMost is missing");
		}

	}

	record Order(long id, int gizmoId) {

	}

	record ColorCount(String color, long gizmos) {

	}

	static final class NoSuchGizmoException extends RuntimeException {

		private static final long serialVersionUID = 1L;

		NoSuchGizmoException(int id) {
			super("There is no gizmo " + id);
		}

	}

}
