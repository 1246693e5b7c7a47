package io.soong.test;

import java.security.SecureRandom;
import java.util.Base64;

import org.jspecify.annotations.Nullable;

/**
 * The credentials of an execution role. The {@code toString} contains only the id of the
 * key.
 *
 * @param accessKeyId the id of the key
 * @param secretAccessKey the key
 * @param sessionToken the token of temporary credentials, {@code null} for a long-term
 * key
 */
record IamCredentials(String accessKeyId, String secretAccessKey, @Nullable String sessionToken) {

	private static final String KEY_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

	/**
	 * Creates temporary credentials with the format and size of those from STS.
	 */
	static IamCredentials random() {
		SecureRandom random = new SecureRandom();
		StringBuilder accessKeyId = new StringBuilder("ASIA");
		random.ints(16, 0, KEY_ALPHABET.length()).forEach((i) -> accessKeyId.append(KEY_ALPHABET.charAt(i)));
		return new IamCredentials(accessKeyId.toString(), base64(random, 30), base64(random, 510));
	}

	private static String base64(SecureRandom random, int size) {
		byte[] bytes = new byte[size];
		random.nextBytes(bytes);
		return Base64.getEncoder().encodeToString(bytes);
	}

	@Override
	public String toString() {
		return "IamCredentials[" + this.accessKeyId + "]";
	}

}
