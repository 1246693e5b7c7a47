package io.soong.maven;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.objectweb.asm.AnnotationVisitor;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/**
 * The properties of a class file of the project.
 *
 * @param name the name of the class
 * @param isRunnable whether it has a {@code public static void main(String[])}
 * @param isApplication whether it is annotated with {@code @SpringBootApplication}
 * @param hasFunction whether it is a function, or has a bean method for one
 */
record ProjectClass(String name, boolean isRunnable, boolean isApplication, boolean hasFunction) {

	/** The offset of the major version in a class file. */
	private static final int MAJOR_VERSION = 6;

	/** The difference between the major version and the release of Java. */
	private static final int MAJOR_VERSION_OFFSET = 44;

	private static final Set<String> FUNCTIONS = Set.of("java/util/function/Function", "java/util/function/Consumer",
			"java/util/function/Supplier", "java/util/function/BiFunction", "java/util/function/BiConsumer",
			"kotlin/jvm/functions/Function0", "kotlin/jvm/functions/Function1");

	/** The classes of a folder, in the order of their names. */
	static List<ProjectClass> in(Path folder) throws IOException {
		List<ProjectClass> classes = new ArrayList<>();
		for (Path file : Folders.files(folder, ".class")) {
			byte[] classFile = Files.readAllBytes(file);
			try {
				classes.add(read(classFile));
			}
			catch (IllegalArgumentException ex) {
				throw new PackagingException(file + " is compiled for Java " + release(classFile)
						+ ", which this plugin cannot read. Compile it for an earlier release, or name the application's class: "
						+ "<mainClass>com.example.Application</mainClass>, and <checkFunctions>false</checkFunctions>",
						ex);
			}
		}
		return classes;
	}

	static ProjectClass read(byte[] classFile) {
		Reader reader = new Reader();
		new ClassReader(classFile).accept(reader,
				ClassReader.SKIP_CODE | ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
		return new ProjectClass(reader.name, reader.main, reader.application, reader.function);
	}

	/** The feature release of Java that a class file was compiled for. */
	static int release(byte[] classFile) {
		return ((classFile[MAJOR_VERSION] & 0xff) << 8 | classFile[MAJOR_VERSION + 1] & 0xff) - MAJOR_VERSION_OFFSET;
	}

	private static final class Reader extends ClassVisitor {

		private String name = "";

		private boolean main;

		private boolean application;

		private boolean function;

		private Reader() {
			super(Opcodes.ASM9);
		}

		@Override
		public void visit(int version, int access, String name, @Nullable String signature, @Nullable String superName,
				String[] interfaces) {
			this.name = name.replace('/', '.');
			this.function = Stream.of(interfaces).anyMatch(FUNCTIONS::contains);
		}

		@Override
		public @Nullable AnnotationVisitor visitAnnotation(String descriptor, boolean visible) {
			this.application |= descriptor.equals("Lorg/springframework/boot/autoconfigure/SpringBootApplication;");
			return null;
		}

		@Override
		public @Nullable MethodVisitor visitMethod(int access, String name, String descriptor,
				@Nullable String signature, String[] exceptions) {
			int modifiers = Opcodes.ACC_PUBLIC | Opcodes.ACC_STATIC;
			this.main |= name.equals("main") && descriptor.equals("([Ljava/lang/String;)V")
					&& (access & modifiers) == modifiers;
			if (!FUNCTIONS.contains(Type.getReturnType(descriptor).getInternalName())) {
				return null;
			}
			return new MethodVisitor(Opcodes.ASM9) {

				@Override
				public @Nullable AnnotationVisitor visitAnnotation(String annotation, boolean visible) {
					Reader.this.function |= annotation.equals("Lorg/springframework/context/annotation/Bean;");
					return null;
				}

			};
		}

	}

}
