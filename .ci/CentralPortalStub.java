import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

/**
 * Takes the place of Maven Central's portal in a rehearsal of a release: accepts a bundle
 * on this machine and drops it. Writes its port into the file that is its argument.
 */
final class CentralPortalStub {

	private static final String DEPLOYMENT = "00000000-0000-0000-0000-000000000000";

	private CentralPortalStub() {
	}

	public static void main(String[] arguments) throws IOException {
		HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		server.createContext("/api/v1/publisher/upload", (exchange) -> answer(exchange, 201, DEPLOYMENT));
		server.createContext("/", (exchange) -> answer(exchange, 404, "Not part of a rehearsal"));
		server.start();
		Path port = Path.of(arguments[0]);
		Path complete = Files.writeString(port.resolveSibling("port.new"), "" + server.getAddress().getPort());
		Files.move(complete, port);
	}

	private static void answer(HttpExchange exchange, int status, String text) throws IOException {
		exchange.getRequestBody().transferTo(OutputStream.nullOutputStream());
		byte[] body = text.getBytes(StandardCharsets.UTF_8);
		exchange.sendResponseHeaders(status, body.length);
		exchange.getResponseBody().write(body);
		exchange.close();
	}

}
