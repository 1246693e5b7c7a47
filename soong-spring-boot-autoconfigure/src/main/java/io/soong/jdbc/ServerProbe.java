package io.soong.jdbc;

import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.sql.SQLException;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;

import io.soong.auth.DatabaseEndpoint;
import io.soong.jdbc.ConnectionSettings.SslMode;
import io.soong.jdbc.SoongConnectionException.Step;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the way to a server without logging in: resolves its name, dials each of its
 * addresses, and agrees on TLS. Each step is attempted once. Used by one thread.
 */
final class ServerProbe {

	private static final Duration DNS_TIMEOUT = Duration.ofSeconds(5);

	private static final Duration TCP_TIMEOUT = Duration.ofSeconds(3);

	private static final Duration TLS_TIMEOUT = Duration.ofSeconds(5);

	private static final int MOST_ADDRESSES = 4;

	private static final Pattern IP_ADDRESS = Pattern.compile("[\\d.]+|.*:.*");

	/**
	 * The code of the message that asks for TLS.
	 * @see <a href=
	 * "https://www.postgresql.org/docs/current/protocol-message-formats.html">Message
	 * Formats</a>
	 */
	private static final int SSL_REQUEST = 80877103;

	private final ConnectionSettings settings;

	private final ConnectionDiagnosis diagnosis;

	private final CanonicalName canonicalName;

	private List<InetAddress> addresses = List.of();

	private @Nullable InetSocketAddress reached;

	ServerProbe(ConnectionSettings settings, ConnectionDiagnosis diagnosis, CanonicalName canonicalName) {
		this.settings = settings;
		this.diagnosis = diagnosis;
		this.canonicalName = canonicalName;
	}

	void resolve(StepNotes notes) {
		Budget budget = new Budget(DNS_TIMEOUT);
		try {
			this.addresses = List.of(ConnectionAttempt.resolve(this.settings.dialled(), budget));
			String host = this.settings.host();
			if (this.settings.hostaddr() != null) {
				notes.see("soong.hostaddr is dialled: " + this.settings.hostaddr() + "; " + host + " is not resolved");
			}
			else if (IP_ADDRESS.matcher(host).matches()) {
				notes.see(host + " is an address, and is not resolved");
			}
			else {
				notes.see(host + " is "
						+ this.addresses.stream().map(InetAddress::getHostAddress).collect(Collectors.joining(", "))
						+ " (" + budget.spent().toMillis() + " ms)");
			}
			seeAlias(notes);
		}
		catch (IOException ex) {
			fail(notes, Step.DNS, "08001", ex);
		}
	}

	private void seeAlias(StepNotes notes) {
		String host = this.settings.endpoint().host();
		if (this.settings.endpoint().isRds() || !host.contains(".") || IP_ADDRESS.matcher(host).matches()) {
			return;
		}
		Optional<String> real = this.canonicalName.rdsEndpointOf(host);
		real.ifPresent((name) -> {
			notes.see(host + " is an alias (CNAME) of " + name);
			notes.warn("Tokens and certificates are for the real name. "
					+ LoginDiagnosis.alias(this.settings.endpoint(), name));
		});
	}

	void dial(StepNotes notes) {
		IOException failure = null;
		int failed = 0;
		for (InetAddress address : this.addresses.subList(0, Math.min(MOST_ADDRESSES, this.addresses.size()))) {
			InetSocketAddress server = new InetSocketAddress(address, this.settings.port());
			String shown = address.getHostAddress() + ", port " + this.settings.port() + ": ";
			Budget budget = new Budget(TCP_TIMEOUT);
			try (DialledSocket socket = new DialledSocket(budget)) {
				socket.connect(server, budget.millisAtMost(TCP_TIMEOUT));
				notes.see(shown + "connected in " + budget.spent().toMillis() + " ms");
				if (this.reached == null) {
					this.reached = server;
				}
			}
			catch (IOException ex) {
				failed++;
				failure = ex;
				notes.see(shown
						+ ((ex instanceof SocketTimeoutException) ? "no answer"
								: ServerText.withoutFullStop(ex.getMessage()))
						+ " after " + budget.spent().toMillis() + " ms");
			}
		}
		if (failure != null && this.reached == null) {
			fail(notes, Step.TCP, "08001", failure);
		}
		else if (failed > 0) {
			notes.warn("Not every address of " + this.settings.dialled()
					+ " answers. A connection goes to the next one, up to " + TCP_TIMEOUT.toSeconds() + " s later");
		}
	}

	void agreeOnTls(StepNotes notes) {
		if (this.settings.sslMode() == SslMode.DISABLE) {
			notes.skip("soong.ssl.mode is disable: nothing is encrypted");
			return;
		}
		Budget budget = new Budget(TLS_TIMEOUT);
		try {
			seeSession(notes, handshake(this.settings, budget));
			notes.see(verification());
			if (this.settings.sslMode() != SslMode.VERIFY_FULL) {
				notes.warn("With soong.ssl.mode=" + this.settings.sslMode()
						+ " another server could answer in place of this one. Set soong.ssl.mode=verify-full");
			}
		}
		catch (TlsNotOfferedException ex) {
			if (this.settings.sslMode() == SslMode.ALLOW || this.settings.sslMode() == SslMode.PREFER) {
				notes.see("The server does not offer TLS");
				notes.warn("Nothing is encrypted, because soong.ssl.mode is " + this.settings.sslMode());
			}
			else {
				fail(notes, Step.TLS, "08004", ex);
			}
		}
		catch (IOException ex) {
			fail(notes, Step.TLS, "08001", ex);
			if (Causes.find(ex, CertificateException.class) != null) {
				seeUnverified(notes, budget);
			}
		}
	}

	/**
	 * Shows the certificates of a server that is not trusted. Nothing is sent to it.
	 */
	private void seeUnverified(StepNotes notes, Budget budget) {
		ConnectionSettings unverified = ConnectionSettings.builder(this.settings.host())
			.sslMode(SslMode.REQUIRE)
			.build();
		try {
			seeSession(notes, handshake(unverified, budget));
		}
		catch (IOException ex) {
			notes.see("The certificates cannot be shown: " + ServerText.withoutFullStop(ex.getMessage()));
		}
	}

	private String verification() {
		return switch (this.settings.sslMode()) {
			case VERIFY_FULL -> "verified: certificates by " + this.diagnosis.roots() + ", and the name "
					+ this.settings.endpoint().host();
			case VERIFY_CA -> "verified: certificates by " + this.diagnosis.roots() + ", not the name";
			case DISABLE, ALLOW, PREFER, REQUIRE -> "verified: nothing";
		};
	}

	private SSLSession handshake(ConnectionSettings trusted, Budget budget) throws IOException {
		try (DialledSocket socket = new DialledSocket(budget)) {
			socket.connect(this.reached, budget.millisAtMost(TCP_TIMEOUT));
			DataOutputStream out = new DataOutputStream(socket.getOutputStream());
			out.writeInt(8);
			out.writeInt(SSL_REQUEST);
			out.flush();
			int answer = socket.getInputStream().read();
			if (answer == 'N') {
				throw new TlsNotOfferedException();
			}
			if (answer != 'S') {
				throw new IOException((answer < 0) ? "the server closed the connection"
						: "the server does not answer as PostgreSQL does");
			}
			DatabaseEndpoint endpoint = this.settings.endpoint();
			try (SSLSocket tls = new ConnectionAttempt(trusted, new ServerTrust(trusted), budget).encrypt(socket,
					endpoint.host(), endpoint.port())) {
				tls.startHandshake();
				return tls.getSession();
			}
		}
	}

	private static void seeSession(StepNotes notes, SSLSession session) {
		notes.see(session.getProtocol() + ", " + session.getCipherSuite());
		try {
			int position = 1;
			for (Certificate certificate : session.getPeerCertificates()) {
				if (certificate instanceof X509Certificate x509) {
					see(notes, "certificate " + position, x509);
					if (position++ == 1) {
						notes.see("names: " + TlsSocket.names(x509));
					}
				}
			}
		}
		catch (SSLPeerUnverifiedException ex) {
			notes.see("the server has no certificate");
		}
	}

	private static void see(StepNotes notes, String what, X509Certificate certificate) {
		notes.see(what + ": " + ServerText.withoutFullStop(certificate.getSubjectX500Principal().getName()));
		notes.see("issued by " + ServerText.withoutFullStop(certificate.getIssuerX500Principal().getName()));
		notes.see("valid from " + certificate.getNotBefore().toInstant().atOffset(ZoneOffset.UTC).toLocalDate() + " to "
				+ certificate.getNotAfter().toInstant().atOffset(ZoneOffset.UTC).toLocalDate());
	}

	private void fail(StepNotes notes, Step step, String sqlState, IOException failure) {
		notes.fail(this.diagnosis.finding(step, new SQLException(failure.getMessage(), sqlState, failure), null));
	}

	/**
	 * The server answered that it has no TLS.
	 */
	private static final class TlsNotOfferedException extends IOException {

		private static final long serialVersionUID = 1L;

	}

}
