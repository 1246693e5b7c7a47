package io.soong.test;

import java.util.concurrent.CountDownLatch;

/**
 * Starts a lookalike and says where. Waits to be killed, or else for its input to end
 * ({@code leave}), or stops the server ({@code stop}).
 */
final class LookalikeProgram {

	private LookalikeProgram() {
	}

	public static void main(String[] args) throws Exception {
		RdsLookalike rds = RdsLookalike.start();
		System.out.println(rds.caCertificate());
		switch ((args.length > 0) ? args[0] : "") {
			case "leave" -> System.in.read();
			case "stop" -> rds.shutDown();
			default -> new CountDownLatch(1).await();
		}
	}

}
