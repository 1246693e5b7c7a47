package io.soong.sql;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Maps a component of a record, a constructor's parameter or a bean's property to a
 * column, if its name in snake_case is not the column's: <pre class="code">{@code
 * record Gizmo(int id, @Column("gizmo_name") String name, @Column(readOnly = true) String searchText,
 * 		&#64;Column(ignored = true) String note) {
 * }
 * }</pre> On a bean it stands on the field, the getter or the setter.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ ElementType.RECORD_COMPONENT, ElementType.PARAMETER, ElementType.FIELD, ElementType.METHOD })
public @interface Column {

	/**
	 * The name of the column; by default the name in snake_case.
	 * @return the name, or an empty text for the default
	 */
	String value() default "";

	/**
	 * Whether the column is read and never written, such as one that the server
	 * generates. By default it is written, too.
	 * @return whether it is read only
	 */
	boolean readOnly() default false;

	/**
	 * Whether there is no such column. When a row is read, the constructor's parameter is
	 * then null, zero or false. By default there is one.
	 * @return whether there is no column
	 */
	boolean ignored() default false;

}
