package io.soong.compatibility;

import java.util.List;

import org.apache.ibatis.annotations.Insert;
import org.apache.ibatis.annotations.Mapper;
import org.apache.ibatis.annotations.Select;

/**
 * Gizmos by MyBatis.
 */
@Mapper
interface GizmoMapper {

	@Insert("INSERT INTO gizmos (name) VALUES (#{name})")
	int insert(String name);

	@Select("SELECT name FROM gizmos WHERE name = #{name}")
	List<String> named(String name);

}
