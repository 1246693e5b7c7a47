package io.soong.test;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;

import com.amazonaws.services.lambda.crac.Context;
import com.amazonaws.services.lambda.crac.Core;
import com.amazonaws.services.lambda.crac.Resource;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.ContainerCredentialsProvider;
import software.amazon.awssdk.auth.credentials.EnvironmentVariableCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.rds.RdsUtilities;

/**
 * Functions that the tests of {@link LambdaRuntime} have run.
 */
final class Functions {

	private Functions() {
	}

	/**
	 * Answers with the event, or with what the event asks for.
	 */
	public static final class Echo implements RequestStreamHandler {

		@Override
		public void handleRequest(InputStream input, OutputStream output,
				com.amazonaws.services.lambda.runtime.Context context) throws IOException {
			String event = new String(input.readAllBytes(), StandardCharsets.UTF_8);
			System.out.println("handling " + event);
			String answer = switch (event) {
				case "\"environment\"" -> new TreeMap<>(System.getenv()).toString();
				case "\"context\"" -> context.getFunctionName() + " " + context.getMemoryLimitInMB() + " "
						+ context.getRemainingTimeInMillis() + " " + context.getInvokedFunctionArn() + " "
						+ context.getAwsRequestId();
				case "\"heap\"" -> Long.toString(Runtime.getRuntime().maxMemory());
				case "\"throw\"" -> throw new IllegalArgumentException("no \"gizmo\" here:\n\"errorType\":\"x\" é");
				case "\"exit\"" -> {
					System.out.println("about to leave");
					System.exit(42);
					yield "";
				}
				case "\"block\"" -> {
					System.out.println("blocking");
					block();
					yield "";
				}
				default -> event;
			};
			output.write(answer.getBytes(StandardCharsets.UTF_8));
		}

		private static void block() {
			try {
				new CountDownLatch(1).await();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}

	}

	/**
	 * Asks a database that its environment describes, over one connection that it opens
	 * when it has none, or when told to.
	 */
	public static final class Database implements RequestStreamHandler {

		private @Nullable Connection connection;

		@Override
		public void handleRequest(InputStream input, OutputStream output,
				com.amazonaws.services.lambda.runtime.Context context) throws IOException {
			String event = new String(input.readAllBytes(), StandardCharsets.UTF_8);
			String answer;
			try {
				if (this.connection == null || event.equals("\"reconnect\"")) {
					this.connection = connect(System.getenv());
				}
				try (Statement statement = this.connection.createStatement();
						ResultSet result = statement.executeQuery("SELECT current_user")) {
					result.next();
					answer = result.getString(1);
				}
			}
			catch (SQLException ex) {
				answer = String.valueOf(ex.getSQLState());
			}
			output.write(answer.getBytes(StandardCharsets.UTF_8));
		}

		private static Connection connect(Map<String, String> environment) throws SQLException {
			int port = Integer.parseInt(environment.getOrDefault("PG_PORT", ""));
			Properties properties = new Properties();
			properties.put("user", environment.get("PG_USER"));
			properties.put("password",
					RdsUtilities.builder()
						.region(Region.of(environment.getOrDefault("AWS_REGION", "")))
						.credentialsProvider(EnvironmentVariableCredentialsProvider.create())
						.build()
						.generateAuthenticationToken((request) -> request.hostname(environment.get("PG_HOST"))
							.port(port)
							.username(environment.get("PG_USER"))));
			properties.put("sslmode", "verify-full");
			properties.put("sslrootcert", URI.create(environment.getOrDefault("PG_SSLROOTCERT", "")).getPath());
			if (environment.containsKey("PG_HOSTADDR")) {
				properties.put("socketFactory", LoopbackSocketFactory.class.getName());
			}
			return DriverManager.getConnection(
					"jdbc:postgresql://" + environment.get("PG_HOST") + ":" + port + "/" + environment.get("PG_DBNAME"),
					properties);
		}

	}

	/**
	 * Fails to initialize.
	 */
	public static final class Failing implements RequestStreamHandler {

		public Failing() {
			System.err.println("looking for the database");
			throw new IllegalStateException("no database");
		}

		@Override
		public void handleRequest(InputStream input, OutputStream output,
				com.amazonaws.services.lambda.runtime.Context context) {
		}

	}

	/**
	 * Ends the process instead of initializing.
	 */
	public static final class Leaving implements RequestStreamHandler {

		public Leaving() {
			System.err.println("leaving");
			System.exit(7);
		}

		@Override
		public void handleRequest(InputStream input, OutputStream output,
				com.amazonaws.services.lambda.runtime.Context context) {
		}

	}

	/**
	 * Never gets initialized.
	 */
	public static final class Blocking implements RequestStreamHandler {

		public Blocking() {
			Echo.block();
		}

		@Override
		public void handleRequest(InputStream input, OutputStream output,
				com.amazonaws.services.lambda.runtime.Context context) {
		}

	}

	/**
	 * Says what happens around a checkpoint, and answers with the credentials it has.
	 */
	public static final class Snapshot implements RequestStreamHandler, Resource {

		private String history = "";

		public Snapshot() {
			Core.getGlobalContext().register(this);
		}

		@Override
		public void beforeCheckpoint(Context<? extends Resource> context) {
			step("before");
		}

		@Override
		public void afterRestore(Context<? extends Resource> context) {
			step("after");
		}

		@Override
		public void handleRequest(InputStream input, OutputStream output,
				com.amazonaws.services.lambda.runtime.Context context) throws IOException {
			try (ContainerCredentialsProvider provider = ContainerCredentialsProvider.builder().build()) {
				String answer = this.history + System.getenv("AWS_LAMBDA_INITIALIZATION_TYPE") + " "
						+ System.getenv().containsKey("AWS_ACCESS_KEY_ID") + " "
						+ provider.resolveCredentials().accessKeyId();
				output.write(answer.getBytes(StandardCharsets.UTF_8));
			}
		}

		private void step(String name) {
			this.history += name + " ";
			System.out.println(name);
			if (name.equals(System.getenv("FAILING"))) {
				throw new IllegalStateException("no " + name);
			}
		}

	}

	/**
	 * Waits until as many events are handled at once as the environment says.
	 */
	public static final class Meeting implements RequestStreamHandler {

		private static final CyclicBarrier barrier = new CyclicBarrier(
				Integer.parseInt(System.getenv().getOrDefault("AWS_LAMBDA_MAX_CONCURRENCY", "1")));

		@Override
		public void handleRequest(InputStream input, OutputStream output,
				com.amazonaws.services.lambda.runtime.Context context) throws IOException {
			String event = new String(input.readAllBytes(), StandardCharsets.UTF_8);
			if (event.equals("\"block\"")) {
				Echo.block();
			}
			try {
				barrier.await();
			}
			catch (BrokenBarrierException | InterruptedException ex) {
				throw new IllegalStateException(ex);
			}
			output.write(event.getBytes(StandardCharsets.UTF_8));
		}

	}

}
