package io.soong.benchmarks.coldstart;

/**
 * What one start took.
 *
 * @param millis from the start of the JVM to the first answer
 * @param peakMemory the most memory that was resident by then, in MiB
 */
record Start(double millis, double peakMemory) {

}
