package io.soong.test;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * The settings of a lookalike, collected by a builder.
 */
final class RdsSettings {

	final Map<String, String> serverSettings = new LinkedHashMap<>();

	final Map<String, String> passwordUsers = new LinkedHashMap<>();

	final List<String> iamUsers = new ArrayList<>();

	String region = "eu-central-1";

	@Nullable String endpoint;

	String database = "gizmos";

	IamCredentials credentials = IamCredentials.random();

	Clock clock = Clock.systemUTC();

	Duration latency = Duration.ZERO;

	String address = "127.0.0.1";

	// 0 for a free one
	int port;

	@Nullable HostsFile names;

	// Created at the start if it is null
	@Nullable TlsIdentity identity;

	RdsSettings() {
	}

	RdsSettings(RdsSettings other) {
		this.serverSettings.putAll(other.serverSettings);
		this.passwordUsers.putAll(other.passwordUsers);
		this.iamUsers.addAll(other.iamUsers);
		this.region = other.region;
		this.endpoint = other.endpoint;
		this.database = other.database;
		this.credentials = other.credentials;
		this.clock = other.clock;
		this.latency = other.latency;
		this.address = other.address;
		this.port = other.port;
		this.names = other.names;
		this.identity = other.identity;
	}

	void address(String address) {
		try {
			if (!InetAddress.getByName(address).isLoopbackAddress()) {
				throw new IllegalArgumentException("RdsLookalike listens on the loopback interface, not on " + address);
			}
		}
		catch (UnknownHostException ex) {
			throw new IllegalArgumentException(address + " is not an address", ex);
		}
		this.address = address;
	}

	/**
	 * Takes over the properties of another server that clients see, except the address.
	 */
	void sameEndpointAs(RdsSettings other, String endpoint, int port, IamCredentials credentials,
			TlsIdentity identity) {
		this.endpoint = endpoint;
		this.port = port;
		this.region = other.region;
		this.database = other.database;
		this.iamUsers.addAll(other.iamUsers());
		this.passwordUsers.putAll(other.passwordUsers);
		this.serverSettings.putAll(other.serverSettings);
		this.credentials = credentials;
		this.clock = other.clock;
		this.identity = identity;
		this.address = "127.0.0.2";
	}

	String endpointName() {
		return (this.endpoint != null) ? this.endpoint : "gizmos.c0ffee123456." + this.region + ".rds.amazonaws.com";
	}

	List<String> iamUsers() {
		return this.iamUsers.isEmpty() ? List.of("jane_doe") : this.iamUsers;
	}

}
