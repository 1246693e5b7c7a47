package io.soong.auth;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;

/**
 * The token that RDS accepts as a password: the URL of a request that is never sent,
 * signed by AWS Signature Version 4.
 * <p>
 * The AWS SDK's {@code RdsUtilities} creates the same token, but loads 100 more classes
 * and six megabytes, keeps secret keys in a static cache, which a snapshot would contain,
 * and logs session tokens at DEBUG.
 *
 * @see <a href=
 * "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html">Create
 * a signed request</a>
 */
final class AuthenticationToken {

	private static final String ALGORITHM = "AWS4-HMAC-SHA256";

	private static final String SERVICE = "rds-db";

	/** The longest validity that RDS accepts, in seconds. */
	private static final String LIFETIME = "900";

	private AuthenticationToken() {
	}

	/**
	 * Signs a token.
	 * @param endpoint the host and port that the token is for
	 * @param user the database role that the token is for
	 * @param region the region the database is in
	 * @param credentials the credentials that must have permission to log in
	 * @param time the start of the token's validity
	 */
	static String sign(DatabaseEndpoint endpoint, String user, String region, AwsCredentials credentials,
			Instant time) {
		String timestamp = time.truncatedTo(ChronoUnit.SECONDS).toString().replaceAll("[-:]", "");
		String date = timestamp.substring(0, 8);
		String scope = date + "/" + region + "/" + SERVICE + "/aws4_request";
		Map<String, String> parameters = new TreeMap<>(Map.of("Action", "connect", "DBUser", user, "X-Amz-Algorithm",
				ALGORITHM, "X-Amz-Credential", credentials.accessKeyId() + "/" + scope, "X-Amz-Date", timestamp,
				"X-Amz-Expires", LIFETIME, "X-Amz-SignedHeaders", "host"));
		if (credentials instanceof AwsSessionCredentials session) {
			parameters.put("X-Amz-Security-Token", session.sessionToken());
		}
		String query = parameters.entrySet()
			.stream()
			.map((parameter) -> parameter.getKey() + "=" + encode(parameter.getValue()))
			.collect(Collectors.joining("&"));
		String address = endpoint.host() + ":" + endpoint.port();
		try {
			String request = "GET\n/\n" + query + "\nhost:" + address + "\n\nhost\n" + hash("");
			byte[] key = ("AWS4" + credentials.secretAccessKey()).getBytes(StandardCharsets.UTF_8);
			for (String step : new String[] { date, region, SERVICE, "aws4_request",
					ALGORITHM + "\n" + timestamp + "\n" + scope + "\n" + hash(request) }) {
				key = hmac(key, step);
			}
			return address + "/?" + query + "&X-Amz-Signature=" + HexFormat.of().formatHex(key);
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException("Every JVM has SHA-256", ex);
		}
	}

	/** Percent-encodes by RFC 3986, which differs from form encoding. */
	private static String encode(String value) {
		return URLEncoder.encode(value, StandardCharsets.UTF_8)
			.replace("+", "%20")
			.replace("*", "%2A")
			.replace("%7E", "~");
	}

	private static String hash(String text) throws GeneralSecurityException {
		return HexFormat.of()
			.formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
	}

	private static byte[] hmac(byte[] key, String text) throws GeneralSecurityException {
		Mac mac = Mac.getInstance("HmacSHA256");
		mac.init(new SecretKeySpec(key, mac.getAlgorithm()));
		return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
	}

}
