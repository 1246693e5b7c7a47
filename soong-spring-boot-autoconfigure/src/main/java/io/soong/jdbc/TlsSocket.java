package io.soong.jdbc;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

import javax.net.ssl.HandshakeCompletedListener;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;

import org.jspecify.annotations.Nullable;
import org.postgresql.ssl.PGjdbcHostnameVerifier;

/**
 * A TLS socket of the JDK whose stream {@linkplain EndingInputStream ends}, and which
 * compares the server's name with its certificate as soon as the handshake is done,
 * before anything is sent. The JDK would do so within the handshake, but loads its whole
 * store of public roots for that, which takes 11 to 16 ms of a cold start. Everything
 * else is the JDK's.
 */
final class TlsSocket extends SSLSocket {

	private final SSLSocket socket;

	private final @Nullable String verifiedName;

	private final @Nullable ConnectReport report;

	/**
	 * Creates a socket.
	 * @param socket the JDK's socket
	 * @param verifiedName the name that the certificate must be for, {@code null} if any
	 * will do
	 * @param report notified when the server is verified and the login begins, or
	 * {@code null}
	 */
	TlsSocket(SSLSocket socket, @Nullable String verifiedName, @Nullable ConnectReport report) {
		this.socket = socket;
		this.verifiedName = verifiedName;
		this.report = report;
	}

	@Override
	public InputStream getInputStream() throws IOException {
		return new EndingInputStream(this.socket.getInputStream());
	}

	@Override
	public String[] getSupportedCipherSuites() {
		return this.socket.getSupportedCipherSuites();
	}

	@Override
	public String[] getEnabledCipherSuites() {
		return this.socket.getEnabledCipherSuites();
	}

	@Override
	public void setEnabledCipherSuites(String[] suites) {
		this.socket.setEnabledCipherSuites(suites);
	}

	@Override
	public String[] getSupportedProtocols() {
		return this.socket.getSupportedProtocols();
	}

	@Override
	public String[] getEnabledProtocols() {
		return this.socket.getEnabledProtocols();
	}

	@Override
	public void setEnabledProtocols(String[] protocols) {
		this.socket.setEnabledProtocols(protocols);
	}

	@Override
	public SSLSession getSession() {
		return this.socket.getSession();
	}

	@Override
	public @Nullable SSLSession getHandshakeSession() {
		return this.socket.getHandshakeSession();
	}

	@Override
	public @Nullable String getApplicationProtocol() {
		return this.socket.getApplicationProtocol();
	}

	@Override
	public SSLParameters getSSLParameters() {
		return this.socket.getSSLParameters();
	}

	@Override
	public void setSSLParameters(SSLParameters parameters) {
		this.socket.setSSLParameters(parameters);
	}

	@Override
	public void addHandshakeCompletedListener(HandshakeCompletedListener listener) {
		this.socket.addHandshakeCompletedListener(listener);
	}

	@Override
	public void removeHandshakeCompletedListener(HandshakeCompletedListener listener) {
		this.socket.removeHandshakeCompletedListener(listener);
	}

	@Override
	public void startHandshake() throws IOException {
		this.socket.startHandshake();
		if (this.verifiedName != null
				&& !PGjdbcHostnameVerifier.INSTANCE.verify(this.verifiedName, this.socket.getSession())) {
			X509Certificate certificate = (X509Certificate) this.socket.getSession().getPeerCertificates()[0];
			this.socket.close();
			CertificateException failure = new CertificateException(
					"it is for " + names(certificate) + " and not for " + this.verifiedName);
			throw new SSLException(failure.getMessage(), failure);
		}
		if (this.report != null) {
			this.report.begin(ConnectionObserver.Step.LOGIN);
		}
	}

	/**
	 * Returns the names that a certificate is for, or its subject if it has none.
	 */
	static String names(X509Certificate certificate) {
		try {
			Collection<List<?>> names = certificate.getSubjectAlternativeNames();
			return (names != null)
					? names.stream()
						.map((name) -> ServerText.withoutFullStop(String.valueOf(name.get(1))))
						.collect(Collectors.joining(", "))
					: ServerText.withoutFullStop(certificate.getSubjectX500Principal().getName());
		}
		catch (CertificateParsingException ex) {
			return "an unknown name";
		}
	}

	@Override
	public void setUseClientMode(boolean mode) {
		this.socket.setUseClientMode(mode);
	}

	@Override
	public boolean getUseClientMode() {
		return this.socket.getUseClientMode();
	}

	@Override
	public void setNeedClientAuth(boolean need) {
		this.socket.setNeedClientAuth(need);
	}

	@Override
	public boolean getNeedClientAuth() {
		return this.socket.getNeedClientAuth();
	}

	@Override
	public void setWantClientAuth(boolean want) {
		this.socket.setWantClientAuth(want);
	}

	@Override
	public boolean getWantClientAuth() {
		return this.socket.getWantClientAuth();
	}

	@Override
	public void setEnableSessionCreation(boolean flag) {
		this.socket.setEnableSessionCreation(flag);
	}

	@Override
	public boolean getEnableSessionCreation() {
		return this.socket.getEnableSessionCreation();
	}

	@Override
	public OutputStream getOutputStream() throws IOException {
		return this.socket.getOutputStream();
	}

	@Override
	public void setSoTimeout(int timeout) throws SocketException {
		this.socket.setSoTimeout(timeout);
	}

	@Override
	public int getSoTimeout() throws SocketException {
		return this.socket.getSoTimeout();
	}

	@Override
	public void setTcpNoDelay(boolean on) throws SocketException {
		this.socket.setTcpNoDelay(on);
	}

	@Override
	public boolean getTcpNoDelay() throws SocketException {
		return this.socket.getTcpNoDelay();
	}

	@Override
	public void setKeepAlive(boolean on) throws SocketException {
		this.socket.setKeepAlive(on);
	}

	@Override
	public boolean getKeepAlive() throws SocketException {
		return this.socket.getKeepAlive();
	}

	@Override
	public void setSendBufferSize(int size) throws SocketException {
		this.socket.setSendBufferSize(size);
	}

	@Override
	public int getSendBufferSize() throws SocketException {
		return this.socket.getSendBufferSize();
	}

	@Override
	public void setReceiveBufferSize(int size) throws SocketException {
		this.socket.setReceiveBufferSize(size);
	}

	@Override
	public int getReceiveBufferSize() throws SocketException {
		return this.socket.getReceiveBufferSize();
	}

	@Override
	public @Nullable InetAddress getInetAddress() {
		return this.socket.getInetAddress();
	}

	@Override
	public int getPort() {
		return this.socket.getPort();
	}

	@Override
	public InetAddress getLocalAddress() {
		return this.socket.getLocalAddress();
	}

	@Override
	public int getLocalPort() {
		return this.socket.getLocalPort();
	}

	@Override
	public @Nullable SocketAddress getRemoteSocketAddress() {
		return this.socket.getRemoteSocketAddress();
	}

	@Override
	public @Nullable SocketAddress getLocalSocketAddress() {
		return this.socket.getLocalSocketAddress();
	}

	@Override
	public boolean isConnected() {
		return this.socket.isConnected();
	}

	@Override
	public boolean isBound() {
		return this.socket.isBound();
	}

	@Override
	public boolean isClosed() {
		return this.socket.isClosed();
	}

	@Override
	public boolean isInputShutdown() {
		return this.socket.isInputShutdown();
	}

	@Override
	public boolean isOutputShutdown() {
		return this.socket.isOutputShutdown();
	}

	@Override
	public void shutdownInput() throws IOException {
		this.socket.shutdownInput();
	}

	@Override
	public void shutdownOutput() throws IOException {
		this.socket.shutdownOutput();
	}

	@Override
	public void close() throws IOException {
		this.socket.close();
	}

	@Override
	public String toString() {
		return this.socket.toString();
	}

}
