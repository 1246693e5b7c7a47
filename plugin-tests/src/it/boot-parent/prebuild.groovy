// Names a JDK 25 to the build: that of a variable, or one beside the JDK that runs this
def homes = System.getenv().findAll { it.key.startsWith("JAVA_HOME_25") }.collect { new File(it.value) }
homes.addAll((new File(System.getProperty("java.home")).canonicalFile.parentFile.listFiles() ?: []) as List)
def home = homes.find {
	def release = new File(it, "release")
	release.exists() && release.text.contains("JAVA_VERSION=\"25") && new File(it, "bin/java").exists()
}
if (home != null) {
	new File(basedir, "test.properties").text = "soong.jdk-home = " + home + "\n"
}
return true
