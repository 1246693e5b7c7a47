package io.soong.test;

import java.util.concurrent.CountDownLatch;

/**
 * Starts a lookalike, says where, and waits to be killed.
 */
final class LookalikeProgram {

	private LookalikeProgram() {
	}

	public static void main(String[] args) throws InterruptedException {
		RdsLookalike rds = RdsLookalike.start();
		System.out.println(rds.caCertificate());
		if (args.length == 0) {
			new CountDownLatch(1).await();
		}
	}

}
