import java.time.LocalDateTime
import java.util.zip.ZipFile

def log = new File(basedir, "build.log").text
assert log.contains("company has the packaging pom, and so no classes: there is nothing to deploy")
assert !log.contains("No function was found")
assert log.contains("Spring's proxies for transactions and AOP stay, because of com.example.function.Ledger")
assert !new File(basedir, "catalog/target/catalog-lambda.zip").exists()

def zip = new ZipFile(new File(basedir, "function/target/function-lambda.zip"))
assert zip.getEntry("com/example/function/Application__ApplicationContextInitializer.class") != null
assert zip.getEntry("lib/catalog-1.0.jar") != null
assert zip.entries().every { it.timeLocal == LocalDateTime.parse("2026-01-31T00:00:00") }
assert zip.entries().any { it.name.contains("TransactionAutoConfiguration__BeanDefinitions") }
zip.close()
