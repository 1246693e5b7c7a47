package io.soong.samples.gizmos;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import io.soong.test.Login;
import io.soong.test.RdsLookalike;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Finds out what a function signed its token with, from what the database saw of it.
 */
final class TokenSignature {

	private TokenSignature() {
	}

	/**
	 * Signs the token of a login once more.
	 * @param rds where the login went to
	 * @param role the variables of the credentials at that time
	 * @param login the login
	 * @return the signature, as it stands in the token
	 */
	static String of(RdsLookalike rds, Map<String, String> role, Login login) throws GeneralSecurityException {
		String time = String.valueOf(login.tokenSignedAt()).replaceAll("[-:]", "");
		String date = time.substring(0, 8);
		String scope = date + "/" + rds.region() + "/rds-db/aws4_request";
		String query = "Action=connect&DBUser=" + login.user() + "&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential="
				+ encode(role.get("AWS_ACCESS_KEY_ID") + "/" + scope) + "&X-Amz-Date=" + time
				+ "&X-Amz-Expires=900&X-Amz-Security-Token=" + encode(String.valueOf(role.get("AWS_SESSION_TOKEN")))
				+ "&X-Amz-SignedHeaders=host";
		String address = rds.endpoint() + ":" + rds.port();
		String request = "GET\n/\n" + query + "\nhost:" + address + "\n\nhost\n" + hash("");
		byte[] key = ("AWS4" + role.get("AWS_SECRET_ACCESS_KEY")).getBytes(StandardCharsets.UTF_8);
		for (String part : new String[] { date, rds.region(), "rds-db", "aws4_request",
				"AWS4-HMAC-SHA256\n" + time + "\n" + scope + "\n" + hash(request) }) {
			Mac mac = Mac.getInstance("HmacSHA256");
			mac.init(new SecretKeySpec(key, mac.getAlgorithm()));
			key = mac.doFinal(part.getBytes(StandardCharsets.UTF_8));
		}
		String signature = HexFormat.of().formatHex(key);
		assertThat(hash(address + "/?" + query + "&X-Amz-Signature=" + signature))
			.startsWith(String.valueOf(login.tokenFingerprint()));
		return signature;
	}

	private static String encode(String value) {
		return URLEncoder.encode(value, StandardCharsets.UTF_8);
	}

	private static String hash(String text) throws GeneralSecurityException {
		return HexFormat.of()
			.formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
	}

}
