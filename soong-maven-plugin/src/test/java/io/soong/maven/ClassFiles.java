package io.soong.maven;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * Writes class files of a project that is not there.
 */
final class ClassFiles {

	private static final String[] NO_INTERFACES = {};

	private final Path folder;

	ClassFiles(Path folder) {
		this.folder = folder;
	}

	ClassFiles plain(String name) throws IOException {
		return write(name, visit(name, NO_INTERFACES));
	}

	ClassFiles withMain(String name) throws IOException {
		ClassWriter writer = visit(name, NO_INTERFACES);
		addMain(writer, Opcodes.ACC_PUBLIC | Opcodes.ACC_STATIC);
		return write(name, writer);
	}

	ClassFiles withHiddenMain(String name) throws IOException {
		ClassWriter writer = visit(name, NO_INTERFACES);
		addMain(writer, Opcodes.ACC_STATIC);
		return write(name, writer);
	}

	ClassFiles application(String name) throws IOException {
		ClassWriter writer = visit(name, NO_INTERFACES);
		writer.visitAnnotation("Lorg/springframework/boot/autoconfigure/SpringBootApplication;", true).visitEnd();
		addMain(writer, Opcodes.ACC_PUBLIC | Opcodes.ACC_STATIC);
		return write(name, writer);
	}

	ClassFiles function(String name) throws IOException {
		return write(name, visit(name, "java/util/function/Function"));
	}

	ClassFiles withMethod(String name, String descriptor, String annotation) throws IOException {
		ClassWriter writer = visit(name, NO_INTERFACES);
		MethodVisitor method = writer.visitMethod(Opcodes.ACC_ABSTRACT, "method", descriptor, null, null);
		method.visitAnnotation(annotation, true).visitEnd();
		method.visitEnd();
		return write(name, writer);
	}

	/** A class that refers to another, by an annotation or a constant. */
	ClassFiles referringTo(String name, String other) throws IOException {
		ClassWriter writer = visit(name, NO_INTERFACES);
		if (other.startsWith("L")) {
			writer.visitAnnotation(other, true).visitEnd();
		}
		else {
			writer.visitField(Opcodes.ACC_STATIC | Opcodes.ACC_FINAL, "OTHER", "Ljava/lang/String;", null, other)
				.visitEnd();
		}
		return write(name, writer);
	}

	private static ClassWriter visit(String name, String... interfaces) {
		ClassWriter writer = new ClassWriter(0);
		writer.visit(Opcodes.V21, Opcodes.ACC_PUBLIC | Opcodes.ACC_ABSTRACT, name.replace('.', '/'), null,
				"java/lang/Object", interfaces);
		return writer;
	}

	private static void addMain(ClassWriter writer, int modifiers) {
		MethodVisitor main = writer.visitMethod(modifiers, "main", "([Ljava/lang/String;)V", null, null);
		main.visitCode();
		main.visitInsn(Opcodes.RETURN);
		main.visitMaxs(0, 1);
		main.visitEnd();
	}

	private ClassFiles write(String name, ClassWriter writer) throws IOException {
		writer.visitEnd();
		Path file = this.folder.resolve(name.replace('.', '/') + ".class");
		Files.createDirectories(file.getParent());
		Files.write(file, writer.toByteArray());
		return this;
	}

}
