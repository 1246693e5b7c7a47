package io.soong.auth;

import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * The database a login goes to, under the name that is signed by IAM and verified by TLS.
 * Immutable.
 * <p>
 * Names that RDS gives look like {@code NAME.HASH.REGION.rds.amazonaws.com}, with
 * {@code cluster-}, {@code cluster-ro-} or {@code proxy-} before the hash where it is an
 * Aurora cluster, its reader or an RDS Proxy; in China {@code rds} may stand before the
 * region, and {@code rds-fips} in place of {@code rds} for FIPS. The writer of an Aurora
 * global database is {@code NAME.global-HASH.global.rds.amazonaws.com}, which names no
 * region, as it may move to another. The suffix behind them differs by partition and is
 * never looked at, so that a new partition works on its first day.
 *
 * @param host the endpoint's DNS name, which is kept in lower case and without a dot at
 * its end, so that names that lead to one server are signed, verified and compared alike
 * @param port the endpoint's port
 * @param dbname the name of the database
 * @param user the name of the database role, if one is configured
 */
public record DatabaseEndpoint(String host, int port, String dbname, @Nullable String user) {

	private static final Pattern REGION = Pattern.compile("[a-z]{2,}(-[a-z]+)+-\\d+");

	private static final String GLOBAL = "global";

	private static final String GLOBAL_LABEL = "global-";

	/**
	 * Brings the host into its one form, and checks that there is a database.
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
	}

	/**
	 * Returns the AWS region in the endpoint's name.
	 * @return the region, or empty if the name is none that RDS gives, or that of a
	 * global database
	 */
	public Optional<String> region() {
		RdsName name = rdsName();
		return (name != null) ? Optional.ofNullable(name.region()) : Optional.empty();
	}

	/**
	 * Returns whether RDS gave this name.
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
	 * servers are read-only by nature.
	 * @return {@code true} for a reader endpoint
	 */
	public boolean isReader() {
		RdsName name = rdsName();
		return name != null && name.resourceLabel().startsWith("cluster-ro-");
	}

	/**
	 * Returns whether this is the name of a cluster's writer endpoint, behind which a
	 * server that only reads is one that the name has not yet, or no longer, moved to.
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
	 * The telling parts of a name that RDS gave.
	 */
	private record RdsName(String resourceLabel, @Nullable String region) {

	}

}
