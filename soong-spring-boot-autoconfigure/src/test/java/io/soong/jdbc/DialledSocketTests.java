package io.soong.jdbc;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

@Timeout(60)
class DialledSocketTests {

	private static final Duration LONG = Duration.ofHours(1);

	private static final int LONG_MILLIS = (int) LONG.toMillis();

	private final DialledSocket socket = new DialledSocket(new Budget(LONG));

	private ServerSocket listener = new ServerSocket();

	private Socket server = new Socket();

	DialledSocketTests() throws IOException {
	}

	@BeforeEach
	void connect() throws IOException {
		this.listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
		this.socket.connect(this.listener.getLocalSocketAddress());
		this.server = this.listener.accept();
	}

	@AfterEach
	void close() throws IOException {
		this.socket.close();
		this.server.close();
		this.listener.close();
	}

	@Test
	void readWhoseBudgetIsSpentEndsAtOnceAlthoughThereIsAnAnswer() throws IOException {
		this.server.getOutputStream().write(1);
		InputStream in = this.socket.getInputStream();
		this.socket.limit(new Budget(Duration.ZERO));
		assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(in::read).withMessage("Read timed out");
		this.socket.limit(new Budget(LONG));
		assertThat(in.read()).isOne();
	}

	@Test
	void readTakesWhatIsLeftOfItsBudgetOrWhatTheDriverAskedForIfThatIsLess() throws IOException {
		this.server.getOutputStream().write(new byte[2]);
		InputStream in = this.socket.getInputStream();
		in.read();
		assertThat(this.socket.getSoTimeout()).isBetween(1, LONG_MILLIS);
		this.socket.setSoTimeout(1234);
		in.read();
		assertThat(this.socket.getSoTimeout()).isEqualTo(1234);
	}

	@Test
	void timeoutOfTheDriverIsKeptThroughoutALimit() throws IOException {
		this.server.getOutputStream().write(new byte[3]);
		InputStream in = this.socket.getInputStream();
		this.socket.setSoTimeout(2 * LONG_MILLIS / 3);
		this.socket.limit(new Budget(LONG.dividedBy(2)));
		in.read();
		assertThat(this.socket.getSoTimeout()).isBetween(1, LONG_MILLIS / 2);
		this.socket.limit(new Budget(LONG));
		in.read();
		assertThat(this.socket.getSoTimeout()).isEqualTo(2 * LONG_MILLIS / 3);
	}

	@Test
	void readWithoutALimitTakesWhatTheDriverAsksFor() throws IOException {
		this.server.getOutputStream().write(new byte[2]);
		InputStream in = this.socket.getInputStream();
		in.read();
		this.socket.unlimit();
		this.socket.setSoTimeout(0);
		in.read();
		assertThat(this.socket.getSoTimeout()).isZero();
	}

	@Test
	void endIsNotedWhereTheServerClosesInGoodOrder() throws IOException {
		this.server.getOutputStream().write(1);
		InputStream in = this.socket.getInputStream();
		assertThat(in.read()).isOne();
		assertThat(this.socket.hasEnded()).isFalse();
		this.server.close();
		assertThat(in.read()).isNegative();
		assertThat(this.socket.hasEnded()).isTrue();
		assertThatExceptionOfType(EOFException.class).isThrownBy(() -> in.skip(1));
	}

}
