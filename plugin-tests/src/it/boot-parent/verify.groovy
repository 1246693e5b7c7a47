def log = new File(basedir, "build.log").text
assert log.contains("The application is started by com.example.shop.ShopApplication")
assert !log.contains("No function was found")
assert log.contains("Spring's proxies for transactions and AOP are left out, because no class uses them")
def generated = []
new File(basedir, "target/shop-lambda").eachFileRecurse { generated << it.name }
assert generated.any { it.contains("DataSourceTransactionManagerAutoConfiguration__") }
assert !generated.any { it.startsWith("TransactionAutoConfiguration__") || it.startsWith("AopAutoConfiguration__") }

// Where prebuild.groovy found a JDK with a cache
if (new File(basedir, "test.properties").exists()) {
	def image = new File(basedir, "target/shop-lambda-image")
	assert log.contains("JVM start to first answer")
	assert new File(image, "shop.aot").size() > 10_000_000
	assert new File(image, "lib").list().any { it.startsWith("aws-lambda-java-runtime-interface-client-") }
	assert new File(image, "java.args").text.contains("-XX:-AOTAdapterCaching")
}
