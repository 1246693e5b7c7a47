assert new File(basedir, "target/surefire-reports/com.example.GizmosApplicationTests.txt").text.contains("Tests run: 1, Failures: 0, Errors: 0")
assert new File(basedir, "target/failsafe-reports/com.example.GizmosIT.txt").text.contains("Tests run: 1, Failures: 0, Errors: 0")
assert new File(basedir, "target/gizmos-lambda.zip").exists()
