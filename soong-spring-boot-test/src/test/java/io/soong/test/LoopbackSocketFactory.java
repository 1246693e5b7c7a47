package io.soong.test;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;

import javax.net.SocketFactory;

/**
 * Lets pgjdbc dial the loopback interface whatever name it is to verify.
 */
public class LoopbackSocketFactory extends SocketFactory {

	@Override
	public Socket createSocket() {
		return new Socket() {

			@Override
			public void connect(SocketAddress endpoint, int timeout) throws IOException {
				super.connect(new InetSocketAddress(InetAddress.getByName("127.0.0.1"),
						((InetSocketAddress) endpoint).getPort()), timeout);
			}

		};
	}

	@Override
	public Socket createSocket(String host, int port) {
		throw new UnsupportedOperationException();
	}

	@Override
	public Socket createSocket(String host, int port, InetAddress localHost, int localPort) {
		throw new UnsupportedOperationException();
	}

	@Override
	public Socket createSocket(InetAddress host, int port) {
		throw new UnsupportedOperationException();
	}

	@Override
	public Socket createSocket(InetAddress address, int port, InetAddress localAddress, int localPort) {
		throw new UnsupportedOperationException();
	}

}
