package io.soong.test;

import java.io.IOException;
import java.io.InputStream;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/**
 * A session's connection to PostgreSQL, through its Unix-domain socket. One thread may
 * read while another writes; the JDK's streams of a channel would block each other.
 */
final class ServerConnection implements AutoCloseable {

	private final SocketChannel channel;

	private final ByteBuffer received = ByteBuffer.allocate(16 * 1024).flip();

	private final InputStream in = MessageForwarder.Reader.stream(this::read);

	ServerConnection(Path socket) throws IOException {
		this.channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
	}

	Message readMessage() throws IOException {
		return Message.read(this.in);
	}

	/**
	 * Reads the bytes that are available, at least one.
	 * @return the number of bytes, or -1 at the end
	 */
	int read(byte[] target, int offset, int length) throws IOException {
		if (!this.received.hasRemaining()) {
			if (length >= this.received.capacity()) {
				return this.channel.read(ByteBuffer.wrap(target, offset, length));
			}
			this.received.clear();
			int count;
			try {
				count = this.channel.read(this.received);
			}
			finally {
				this.received.flip();
			}
			if (count < 0) {
				return -1;
			}
		}
		int count = Math.min(length, this.received.remaining());
		this.received.get(target, offset, count);
		return count;
	}

	void write(byte[] source, int offset, int length) throws IOException {
		ByteBuffer buffer = ByteBuffer.wrap(source, offset, length);
		while (buffer.hasRemaining()) {
			this.channel.write(buffer);
		}
	}

	void write(byte[] source) throws IOException {
		write(source, 0, source.length);
	}

	void endOutput() throws IOException {
		this.channel.shutdownOutput();
	}

	@Override
	public void close() throws IOException {
		this.channel.close();
	}

}
