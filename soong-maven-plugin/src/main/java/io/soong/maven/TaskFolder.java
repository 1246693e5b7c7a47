package io.soong.maven;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.jar.Attributes;
import java.util.jar.Manifest;

/**
 * The classes and files of an application as they are laid out in a function's folder,
 * which Lambda calls the task root, or in the jar of an image.
 */
final class TaskFolder {

	private static final String PROCESSED = "spring.aot.enabled";

	private static final String START_CLASS = "Start-Class";

	private final Path folder;

	private TaskFolder(Path folder) {
		this.folder = folder;
	}

	/** Creates an empty folder, replacing an existing one. */
	static TaskFolder createAnew(Path folder) throws IOException {
		return new TaskFolder(Folders.createAnew(folder));
	}

	/** Adds the application's own classes and resources. */
	void addClasses(Path classes) throws IOException {
		Folders.copy(classes, this.folder, (name) -> !AheadOfTimeProcessing.isForNativeImages(name));
	}

	/**
	 * Adds the files generated ahead of time. Enables them in {@code spring.properties},
	 * unless the application's own file sets that property.
	 */
	void addProcessed(Path generated) throws IOException {
		addClasses(generated);
		Path file = this.folder.resolve("spring.properties");
		String text = Files.exists(file) ? Files.readString(file, StandardCharsets.ISO_8859_1) : "";
		Properties properties = new Properties();
		properties.load(new StringReader(text));
		if (!properties.containsKey(PROCESSED)) {
			String separator = (text.isEmpty() || text.endsWith("\n")) ? "" : "\n";
			Files.writeString(file, text + separator + PROCESSED + "=true\n", StandardCharsets.ISO_8859_1);
		}
	}

	/**
	 * Writes the class that starts the application to the manifest. Spring Cloud Function
	 * reads it if the variable {@code MAIN_CLASS} is not set.
	 */
	void nameMainClass(MainClass mainClass) throws IOException {
		Path file = this.folder.resolve("META-INF/MANIFEST.MF");
		Manifest manifest = new Manifest();
		if (Files.exists(file)) {
			try (InputStream in = Files.newInputStream(file)) {
				manifest.read(in);
			}
		}
		Attributes attributes = manifest.getMainAttributes();
		attributes.putIfAbsent(Attributes.Name.MANIFEST_VERSION, "1.0");
		attributes.putIfAbsent(new Attributes.Name(START_CLASS), mainClass.name());
		Files.createDirectories(this.folder.resolve("META-INF"));
		try (OutputStream out = Files.newOutputStream(file)) {
			manifest.write(out);
		}
	}

	/** Adds a library to the folder {@code lib}, with its entries uncompressed. */
	void addStored(Libraries.Library library, Archives archives) throws IOException {
		Path lib = Files.createDirectories(this.folder.resolve("lib"));
		Path target = lib.resolve(library.fileName());
		if (Files.isDirectory(library.file())) {
			Path packed = Files.createTempFile(lib, "packed", null);
			archives.pack(library.file(), packed);
			archives.store(packed, target);
			Files.delete(packed);
		}
		else {
			archives.store(library.file(), target);
		}
	}

}
