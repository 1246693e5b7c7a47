package io.soong.jdbc;

import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.sql.SQLException;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;

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

	/**
	 * The code of the message that asks for TLS.
	 * @see <a href=
	 * "https://www.postgresql.org/docs/current/protocol-message-formats.html">Message
	 * Formats</a>
	 */
	private static final int SSL_REQUEST = 80877103;

	private static final int DNS_NAME = 2;

	private static final int IP_ADDRESS = 7;

	private final ConnectionSettings settings;

	private final ConnectionDiagnosis diagnosis;

	private final CanonicalName canonicalName;

	private final String dialled;

	private List<InetAddress> addresses = List.of();

	private @Nullable InetSocketAddress reached;

	ServerProbe(ConnectionSettings settings, ConnectionDiagnosis diagnosis, CanonicalName canonicalName) {
		this.settings = settings;
		this.diagnosis = diagnosis;
		this.canonicalName = canonicalName;
		this.dialled = (settings.hostaddr() != null) ? settings.hostaddr() : settings.host();
	}

	void resolve(StepNotes notes) {
		Budget budget = new Budget(DNS_TIMEOUT);
		try {
			this.addresses = List.of(BoundedCall.within(budget, () -> InetAddress.getAllByName(this.dialled)));
			notes.see(this.dialled + " is "
					+ this.addresses.stream().map(InetAddress::getHostAddress).collect(Collectors.joining(", ")) + " ("
					+ budget.spent().toMillis() + " ms)");
			if (this.settings.hostaddr() != null) {
				notes.see("soong.hostaddr is dialled; " + this.settings.host() + " is not resolved");
			}
			seeAlias(notes);
		}
		catch (ExecutionException ex) {
			fail(notes, Step.DNS, ex);
		}
		catch (TimeoutException ex) {
			fail(notes, Step.DNS, new SocketTimeoutException("The look-up of the name took too long"));
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			notes.fail("Interrupted", "Run the doctor again");
		}
	}

	private void seeAlias(StepNotes notes) {
		String host = this.settings.endpoint().host();
		if (this.settings.endpoint().isRds() || !host.contains(".") || host.matches("[\\d.]+|.*:.*")) {
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
			try {
				dial(server, budget).close();
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
			fail(notes, Step.TCP, failure);
		}
		else if (failed > 0) {
			notes.warn("Not every address of " + this.dialled + " answers. A connection goes to the next one, up to "
					+ TCP_TIMEOUT.toSeconds() + " s later");
		}
	}

	private DialledSocket dial(InetSocketAddress server, Budget budget) throws IOException {
		DialledSocket socket = new DialledSocket(budget);
		try {
			socket.connect(server, budget.millisAtMost(TCP_TIMEOUT));
			return socket;
		}
		catch (IOException ex) {
			socket.close();
			throw ex;
		}
	}

	void agreeOnTls(StepNotes notes) {
		if (this.settings.sslMode() == SslMode.DISABLE) {
			notes.skip("soong.ssl.mode is disable: nothing is encrypted");
			return;
		}
		Budget budget = new Budget(TLS_TIMEOUT);
		try {
			seeSession(notes, handshake(new ServerTrust(this.settings), verifiedName(), budget));
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
				fail(notes, Step.TLS, new SQLException("no TLS", "08004"));
			}
		}
		catch (IOException ex) {
			fail(notes, Step.TLS, ex);
			if (Causes.find(ex, CertificateException.class) != null) {
				seeUnverified(notes, budget);
			}
		}
	}

	/**
	 * Shows the certificates of a server that is not trusted. Nothing is sent to it.
	 */
	private void seeUnverified(StepNotes notes, Budget budget) {
		ConnectionSettings anybody = ConnectionSettings.builder(this.settings.host()).sslMode(SslMode.REQUIRE).build();
		try {
			seeSession(notes, handshake(new ServerTrust(anybody), null, budget));
		}
		catch (IOException ex) {
			notes.see("The certificates cannot be shown: " + ServerText.withoutFullStop(ex.getMessage()));
		}
	}

	private @Nullable String verifiedName() {
		return (this.settings.sslMode() == SslMode.VERIFY_FULL) ? this.settings.endpoint().host() : null;
	}

	private String verification() {
		return switch (this.settings.sslMode()) {
			case VERIFY_FULL -> "verified: certificates by " + this.diagnosis.roots() + ", and the name "
					+ this.settings.endpoint().host();
			case VERIFY_CA -> "verified: certificates by " + this.diagnosis.roots() + ", not the name";
			case DISABLE, ALLOW, PREFER, REQUIRE -> "verified: nothing";
		};
	}

	private SSLSession handshake(ServerTrust trust, @Nullable String verifiedName, Budget budget) throws IOException {
		InetSocketAddress server = this.reached;
		if (server == null) {
			throw new IOException("no address");
		}
		try (DialledSocket socket = dial(server, budget)) {
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
			SSLSocket encrypted = (SSLSocket) trust.context()
				.getSocketFactory()
				.createSocket(socket, this.settings.endpoint().host(), this.settings.endpoint().port(), true);
			try (TlsSocket tls = new TlsSocket(encrypted, verifiedName, null)) {
				tls.startHandshake();
				return tls.getSession();
			}
		}
		catch (CertificateException ex) {
			throw new SSLException(ex.getMessage(), ex);
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
						notes.see("names: " + String.join(", ", names(x509)));
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
		notes.see("  issued by " + ServerText.withoutFullStop(certificate.getIssuerX500Principal().getName()));
		notes.see("  valid from " + certificate.getNotBefore().toInstant().atOffset(ZoneOffset.UTC).toLocalDate()
				+ " to " + certificate.getNotAfter().toInstant().atOffset(ZoneOffset.UTC).toLocalDate());
	}

	private static List<String> names(X509Certificate certificate) {
		List<String> names = new ArrayList<>();
		try {
			Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
			if (alternatives != null) {
				for (List<?> alternative : alternatives) {
					Object type = alternative.get(0);
					if (type.equals(DNS_NAME) || type.equals(IP_ADDRESS)) {
						names.add(ServerText.withoutFullStop(String.valueOf(alternative.get(1))));
					}
				}
			}
		}
		catch (CertificateParsingException ex) {
			return List.of("unreadable");
		}
		return names.isEmpty() ? List.of("none but the subject") : names;
	}

	private void fail(StepNotes notes, Step step, Exception failure) {
		SQLException reported = (failure instanceof SQLException given) ? given
				: new SQLException(failure.getMessage(), "08001", failure);
		notes.fail(this.diagnosis.finding(step, reported, null), ServerText.of(reported));
	}

	/**
	 * The server answered that it has no TLS.
	 */
	private static final class TlsNotOfferedException extends IOException {

		private static final long serialVersionUID = 1L;

	}

}
