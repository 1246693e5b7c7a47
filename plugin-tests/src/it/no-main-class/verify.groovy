def log = new File(basedir, "build.log").text
assert log.contains("There is no class with a main method in")
assert log.contains("<mainClass>com.example.Application</mainClass>")
