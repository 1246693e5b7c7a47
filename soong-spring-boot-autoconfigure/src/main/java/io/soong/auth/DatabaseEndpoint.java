package io.soong.auth;

import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * The database to log in to, with the host name that IAM signs and TLS verifies.
 * Immutable.
 * <p>
 * RDS names look like {@code NAME.HASH.REGION.rds.amazonaws.com}, with {@code cluster-},
 * {@code cluster-ro-} or {@code proxy-} before the hash for an Aurora cluster, its reader
 * or an RDS Proxy. In China {@code rds} may precede the region, and FIPS endpoints have
 * {@code rds-fips} in place of {@code rds}. The writer of an Aurora global database is
 * {@code NAME.global-HASH.global.rds.amazonaws.com}, without a region, because it may
 * move to another. The suffix behind them differs by partition and is ignored, so that a
 * new partition works without a change.
 *
 * @param host the endpoint's DNS name, in lower case and without a trailing dot, so that
 * equal names are signed, verified and compared alike
 * @param port the endpoint's port
 * @param dbname the name of the database
 * @param user the name of the database role, if one is configured
 */
public record DatabaseEndpoint(String host, int port, String dbname, @Nullable String user) {

	private static final Pattern REGION = Pattern.compile("[a-z]{2,}(-[a-z]+)+-\\d+");

	private static final String GLOBAL = "global";

	private static final String GLOBAL_LABEL = "global-";

	/**
	 * Brings the host into its one form, and checks that there is a database. A name must
	 * not have a NUL in it.
	 * @param host the endpoint's DNS name
	 * @param port the endpoint's port
	 * @param dbname the name of the database
	 * @param user the name of the database role, or {@code null}
	 */
	public DatabaseEndpoint {
		host = Objects.requireNonNull(host, "host must not be null").toLowerCase(Locale.ROOT);
		if (host.endsWith(".")) {
			host = host.substring(0, host.length() - 1);
		}
		Objects.requireNonNull(dbname, "dbname must not be null");
		checkName(dbname, "dbname");
		if (user != null) {
			checkName(user, "user");
		}
	}

	/**
	 * The protocol ends a name by a NUL, and takes what follows for other parameters of
	 * the login.
	 */
	static void checkName(String name, String what) {
		if (name.indexOf('\0') >= 0) {
			throw new IllegalArgumentException(what + " must not contain the character NUL");
		}
	}

	/**
	 * Returns the AWS region in the endpoint's name.
	 * @return the region, or empty if this is no RDS name, or that of a global database
	 */
	public Optional<String> region() {
		RdsName name = rdsName();
		return (name != null) ? Optional.ofNullable(name.region()) : Optional.empty();
	}

	/**
	 * Returns whether this is an RDS name.
	 * @return {@code true} for instances, clusters, readers and proxies
	 */
	public boolean isRds() {
		return rdsName() != null;
	}

	/**
	 * Returns whether this is the name of an RDS Proxy.
	 * @return {@code true} for a proxy and its own endpoints
	 */
	public boolean isProxy() {
		RdsName name = rdsName();
		return name != null && name.resourceLabel().startsWith("proxy-");
	}

	/**
	 * Returns whether this is the name of an Aurora cluster's reader endpoint, whose
	 * servers are always read-only.
	 * @return {@code true} for a reader endpoint
	 */
	public boolean isReader() {
		RdsName name = rdsName();
		return name != null && name.resourceLabel().startsWith("cluster-ro-");
	}

	/**
	 * Returns whether this is the name of a cluster's writer endpoint. A read-only server
	 * behind it means that the name does not yet, or no longer, point to the writer.
	 * @return {@code true} for the cluster endpoint of Aurora and of a Multi-AZ cluster,
	 * and for the writer endpoint of an Aurora global database
	 */
	public boolean isWriter() {
		RdsName name = rdsName();
		return name != null && ((name.resourceLabel().startsWith("cluster-") && !isReader()
				&& !name.resourceLabel().startsWith("cluster-custom-"))
				|| name.resourceLabel().startsWith(GLOBAL_LABEL));
	}

	private @Nullable RdsName rdsName() {
		String[] labels = this.host.split("\\.");
		for (int i = 2; i < labels.length - 1; i++) {
			if (labels[i].equals("rds") || labels[i].equals("rds-fips")) {
				if (labels[i - 1].equals(GLOBAL) && labels[i - 2].startsWith(GLOBAL_LABEL)) {
					return new RdsName(labels[i - 2], null);
				}
				if (REGION.matcher(labels[i - 1]).matches()) {
					return new RdsName(labels[i - 2], labels[i - 1]);
				}
				if (REGION.matcher(labels[i + 1]).matches()) {
					return new RdsName(labels[i - 1], labels[i + 1]);
				}
			}
		}
		return null;
	}

	@Override
	public String toString() {
		return this.host + ":" + this.port + "/" + this.dbname;
	}

	/**
	 * The parts of an RDS name.
	 */
	private record RdsName(String resourceLabel, @Nullable String region) {

	}

}
