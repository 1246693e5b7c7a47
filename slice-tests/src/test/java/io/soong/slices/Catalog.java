package io.soong.slices;

import java.util.Map;

import io.soong.sql.SoongTemplate;

import org.springframework.stereotype.Component;

/**
 * A component of the application.
 */
@Component
class Catalog {

	private final SoongTemplate soong;

	Catalog(SoongTemplate soong) {
		this.soong = soong;
	}

	int add(String name) {
		return this.soong.insert("gizmos", Map.of("name", name), "id", Integer.class);
	}

	long size() {
		return this.soong.select("gizmos").count();
	}

}
