package io.soong.test;

/**
 * The certificate that an {@link RdsLookalike} presents.
 */
public enum ServerCertificate {

	/**
	 * A certificate for the endpoint's name, of the authority that clients are told to
	 * trust.
	 */
	TRUSTED,

	/**
	 * A certificate for the endpoint's name, of another authority.
	 */
	UNKNOWN_AUTHORITY,

	/**
	 * A certificate of the right authority for another name, as behind a CNAME.
	 */
	OTHER_NAME,

	/**
	 * A certificate of the right authority for the endpoint's name, which expired
	 * yesterday.
	 */
	EXPIRED

}
