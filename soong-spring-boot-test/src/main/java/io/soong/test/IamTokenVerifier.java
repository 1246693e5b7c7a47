package io.soong.test;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import org.jspecify.annotations.Nullable;

/**
 * Verifies IAM tokens for one endpoint. The signature (AWS Signature Version 4, as query
 * parameters of {@code GET https://host:port/}) is computed with the JDK only: a verifier
 * that shared code with the signer under test would repeat its errors. Immutable and
 * thread-safe.
 *
 * @param host the signed host name
 * @param port the signed port
 * @param region the signed region
 * @param clock the clock for a token's age
 */
record IamTokenVerifier(String host, int port, String region, Clock clock) {

	static final Duration LIFETIME = Duration.ofMinutes(15);

	/**
	 * How far the signer's clock may be ahead of this one. AWS allows the same for signed
	 * requests in general.
	 */
	static final Duration CLOCK_SKEW = Duration.ofMinutes(5);

	private static final String ALGORITHM = "AWS4-HMAC-SHA256";

	private static final String SERVICE = "rds-db";

	private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'")
		.withZone(ZoneOffset.UTC);

	/**
	 * The result of a check. The reason never contains the token or a part that would
	 * reveal it.
	 *
	 * @param valid whether the token is accepted
	 * @param reason the reason, in a sentence
	 * @param signedAt the date in the token, if it can be read
	 */
	record Verdict(boolean valid, String reason, @Nullable Instant signedAt) {
	}

	Verdict verify(String token, String user, IamCredentials credentials) {
		Instant signedAt = null;
		try {
			if (token.contains("://")) {
				throw new Refusal("the token starts with a scheme; it must start with the host's name");
			}
			int query = token.indexOf("/?");
			if (query < 0 || !token.contains("X-Amz-Signature=")) {
				throw new Refusal("this is not an IAM token, but a text of " + token.length() + " characters");
			}
			Map<String, String> parameters = parameters(token.substring(query + 2));
			String date = parameter(parameters, "X-Amz-Date");
			signedAt = instant(date);
			endpoint(token.substring(0, query));
			expect(parameters, "Action", "connect", "action");
			expect(parameters, "DBUser", user, "user");
			expect(parameters, "X-Amz-Algorithm", ALGORITHM, "algorithm");
			expect(parameters, "X-Amz-SignedHeaders", "host", "set of headers");
			scope(parameter(parameters, "X-Amz-Credential").split("/", -1), date, credentials);
			age(signedAt, parameter(parameters, "X-Amz-Expires"));
			session(parameters.get("X-Amz-Security-Token"), credentials);
			signature(parameters, date, credentials);
			return new Verdict(true, "the token is valid", signedAt);
		}
		catch (Refusal ex) {
			return new Verdict(false, ex.reason, signedAt);
		}
	}

	private static Map<String, String> parameters(String query) throws Refusal {
		Map<String, String> parameters = new TreeMap<>();
		for (String pair : query.split("&", -1)) {
			int equals = pair.indexOf('=');
			if (equals < 0) {
				throw new Refusal("a parameter of the token has no value");
			}
			String name = decode(pair.substring(0, equals));
			if (parameters.put(name, decode(pair.substring(equals + 1))) != null) {
				throw new Refusal("a parameter stands twice in the token");
			}
		}
		return parameters;
	}

	private static String parameter(Map<String, String> parameters, String name) throws Refusal {
		String value = parameters.get(name);
		if (value == null) {
			throw new Refusal("the token lacks " + name);
		}
		return value;
	}

	private static void expect(Map<String, String> parameters, String name, String expected, String what)
			throws Refusal {
		expect(parameter(parameters, name), expected, what);
	}

	private static void expect(String actual, String expected, String what) throws Refusal {
		if (!actual.equals(expected)) {
			throw new Refusal(
					"the token is for the " + what + " \"" + printable(actual) + "\", not \"" + expected + "\"");
		}
	}

	private static Instant instant(String date) throws Refusal {
		try {
			return DATE.parse(date, Instant::from);
		}
		catch (DateTimeException ex) {
			throw new Refusal("the token's X-Amz-Date is no date");
		}
	}

	private void endpoint(String authority) throws Refusal {
		int colon = authority.lastIndexOf(':');
		if (colon < 0) {
			throw new Refusal("the token names no port");
		}
		expect(authority.substring(0, colon), this.host, "host");
		expect(authority.substring(colon + 1), Integer.toString(this.port), "port");
	}

	private void scope(String[] scope, String date, IamCredentials credentials) throws Refusal {
		if (scope.length != 5 || !scope[4].equals("aws4_request")) {
			throw new Refusal("the token's X-Amz-Credential is not a credential scope");
		}
		if (!scope[0].equals(credentials.accessKeyId())) {
			throw new Refusal("the token is signed with an access key that is unknown or no longer valid");
		}
		if (!date.startsWith(scope[1] + "T")) {
			throw new Refusal("the days in the token's X-Amz-Credential and X-Amz-Date differ");
		}
		expect(scope[2], this.region, "region");
		expect(scope[3], SERVICE, "service");
	}

	private void age(Instant signedAt, String expires) throws Refusal {
		long seconds = expires.matches("[0-9]{1,5}") ? Long.parseLong(expires) : 0;
		if (seconds < 1 || seconds > LIFETIME.toSeconds()) {
			throw new Refusal("the token's X-Amz-Expires is not between 1 and " + LIFETIME.toSeconds() + " seconds");
		}
		Duration age = Duration.between(signedAt, this.clock.instant());
		if (age.compareTo(CLOCK_SKEW.negated()) < 0) {
			throw new Refusal("the token was signed " + age.negated().toSeconds() + " seconds in the future");
		}
		if (age.compareTo(Duration.ofSeconds(seconds)) > 0) {
			throw new Refusal("the token expired: it was signed " + age.toSeconds() + " seconds ago, for " + seconds
					+ " seconds");
		}
	}

	private static void session(@Nullable String sessionToken, IamCredentials credentials) throws Refusal {
		String expected = credentials.sessionToken();
		if (expected != null && sessionToken == null) {
			throw new Refusal("the token lacks X-Amz-Security-Token, which belongs to these credentials");
		}
		if (expected == null && sessionToken != null) {
			throw new Refusal("the token has an X-Amz-Security-Token, which these credentials do not have");
		}
		if (expected != null && sessionToken != null && !same(expected, sessionToken)) {
			throw new Refusal("the token's X-Amz-Security-Token is not that of these credentials");
		}
	}

	private void signature(Map<String, String> parameters, String date, IamCredentials credentials) throws Refusal {
		String actual = parameter(parameters, "X-Amz-Signature");
		StringBuilder query = new StringBuilder();
		// The signature's own names need no encoding, so their order is that of the map
		for (Map.Entry<String, String> parameter : parameters.entrySet()) {
			if (!parameter.getKey().equals("X-Amz-Signature")) {
				query.append(query.isEmpty() ? "" : "&")
					.append(encode(parameter.getKey()))
					.append('=')
					.append(encode(parameter.getValue()));
			}
		}
		String day = date.substring(0, 8);
		String request = "GET\n/\n" + query + "\nhost:" + this.host + ":" + this.port + "\n\nhost\n" + sha256("");
		String toSign = ALGORITHM + "\n" + date + "\n" + day + "/" + this.region + "/" + SERVICE + "/aws4_request\n"
				+ sha256(request);
		byte[] key = ("AWS4" + credentials.secretAccessKey()).getBytes(StandardCharsets.UTF_8);
		for (String part : new String[] { day, this.region, SERVICE, "aws4_request", toSign }) {
			key = hmac(key, part);
		}
		if (!same(HexFormat.of().formatHex(key), actual)) {
			throw new Refusal("the token's signature is wrong: another secret key, or altered after signing");
		}
	}

	private static boolean same(String expected, String actual) {
		return MessageDigest.isEqual(expected.getBytes(StandardCharsets.UTF_8),
				actual.getBytes(StandardCharsets.UTF_8));
	}

	static String sha256(String text) {
		try {
			return HexFormat.of()
				.formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException("Every JDK has SHA-256", ex);
		}
	}

	private static byte[] hmac(byte[] key, String text) {
		try {
			Mac mac = Mac.getInstance("HmacSHA256");
			mac.init(new SecretKeySpec(key, "HmacSHA256"));
			return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException("Every JDK has HmacSHA256", ex);
		}
	}

	/**
	 * Undoes percent-encoding. Unlike in a form, a plus sign is a plus sign.
	 */
	private static String decode(String text) throws Refusal {
		try {
			return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
		}
		catch (IllegalArgumentException ex) {
			throw new Refusal("the token's percent-encoding is broken");
		}
	}

	/**
	 * Encodes all bytes except unreserved characters. A form's encoding differs in three
	 * characters.
	 */
	private static String encode(String text) {
		return URLEncoder.encode(text, StandardCharsets.UTF_8)
			.replace("+", "%20")
			.replace("*", "%2A")
			.replace("%7E", "~");
	}

	private static String printable(String text) {
		String cleaned = text.replaceAll("[^\\x20-\\x7e]", "?");
		return cleaned.length() <= 100 ? cleaned : cleaned.substring(0, 100) + "...";
	}

	/**
	 * Ends a check with the reason for a refusal.
	 */
	private static final class Refusal extends Exception {

		private static final long serialVersionUID = 1L;

		private final String reason;

		Refusal(String reason) {
			super(reason, null, false, false);
			this.reason = reason;
		}

	}

}
