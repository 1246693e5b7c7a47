package io.soong.auth;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class DatabaseEndpointTests {

	@ParameterizedTest
	@CsvSource({ "postgres1.abcde123.us-east-1.rds.amazonaws.com, us-east-1",
			"POSTGRES1.ABCDE123.US-EAST-1.RDS.AMAZONAWS.COM, us-east-1",
			"aurora.cluster-c0ffee.eu-central-1.rds.amazonaws.com, eu-central-1",
			"aurora.cluster-ro-c0ffee.ap-southeast-3.rds.amazonaws.com, ap-southeast-3",
			"proxy1.proxy-c0ffee.il-central-1.rds.amazonaws.com, il-central-1",
			"reader.endpoint.proxy-c0ffee.us-west-2.rds.amazonaws.com, us-west-2",
			"postgres1.abcde123.us-gov-west-1.rds.amazonaws.com, us-gov-west-1",
			"postgres1.abcde123.us-east-1.rds-fips.amazonaws.com, us-east-1",
			"aurora.cluster-c0ffee.us-gov-east-1.rds-fips.amazonaws.com, us-gov-east-1",
			"limitless.shardgrp-c0ffee.us-east-2.rds.amazonaws.com, us-east-2",
			"postgres1-green-abc123.abcde123.us-east-1.rds.amazonaws.com, us-east-1",
			"postgres1.abcde123.rds.cn-north-1.amazonaws.com.cn, cn-north-1",
			"postgres1.abcde123.rds-fips.cn-north-1.amazonaws.com.cn, cn-north-1",
			"postgres1.abcde123.cn-northwest-1.rds.amazonaws.com.cn, cn-northwest-1",
			"postgres1.abcde123.eusc-de-east-1.rds.amazonaws.eu, eusc-de-east-1",
			"postgres1.abcde123.us-isob-east-1.rds.sc2s.sgov.gov, us-isob-east-1",
			"postgres1.abcde123.mars-north-1.rds.a-suffix.nobody.knows.yet, mars-north-1" })
	void regionWhenNameIsOfRdsIsFound(String host, String region) {
		assertThat(endpoint(host).region()).contains(region);
		assertThat(endpoint(host).isRds()).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "localhost", "127.0.0.1", "::1", "db.example.com", "rds.example.com", "us-east-1.rds",
			"rds", "my.rds.server.example.com", "gizmos.us-east-1.rds", "gizmos.c0ffee.rds",
			"gizmos.c0ffee.us-east-1.rdsx.amazonaws.com", "gizmos.c0ffee.us-east-1.rds-data.amazonaws.com",
			"rds.us-east-1.amazonaws.com", "", "..." })
	void regionWhenNameIsAnotherIsEmpty(String host) {
		assertThat(endpoint(host).region()).isEmpty();
		assertThat(endpoint(host).isProxy()).isFalse();
		assertThat(endpoint(host).isReader()).isFalse();
	}

	@Test
	void kindWhenNameSaysSoIsProxyOrReader() {
		assertThat(endpoint("proxy1.proxy-c0ffee.us-east-1.rds.amazonaws.com").isProxy()).isTrue();
		assertThat(endpoint("proxy-like.abcde123.us-east-1.rds.amazonaws.com").isReader()).isFalse();
		assertThat(endpoint("aurora.cluster-ro-c0ffee.us-east-1.rds.amazonaws.com").isReader()).isTrue();
		assertThat(endpoint("aurora.cluster-c0ffee.us-east-1.rds.amazonaws.com").isReader()).isFalse();
		assertThat(endpoint("proxy-1.example.com").isProxy()).isFalse();
	}

	@Test
	void proxyWhenItsNameIsOfAnEndpointOrFipsIsOne() {
		assertThat(endpoint("reader.endpoint.proxy-c0ffee.us-east-1.rds.amazonaws.com").isProxy()).isTrue();
		assertThat(endpoint("proxy1.proxy-c0ffee.us-east-1.rds-fips.amazonaws.com").isProxy()).isTrue();
	}

	@Test
	void kindOfEndpointInChinaIsReadFromTheLabelBeforeRds() {
		assertThat(endpoint("gizmos.cluster-c0ffee.rds.cn-north-1.amazonaws.com.cn").isWriter()).isTrue();
		assertThat(endpoint("gizmos.cluster-ro-c0ffee.rds.cn-north-1.amazonaws.com.cn").isReader()).isTrue();
		assertThat(endpoint("gizmos.proxy-c0ffee.rds-fips.cn-north-1.amazonaws.com.cn").isProxy()).isTrue();
		assertThat(endpoint("proxy-gizmos.c0ffee.rds.cn-north-1.amazonaws.com.cn").isProxy()).isFalse();
	}

	@Test
	void instanceWhenItsNameLooksLikeAProxysIsNone() {
		assertThat(endpoint("proxy-db.abcde123.us-east-1.rds.amazonaws.com").isProxy()).isFalse();
		assertThat(endpoint("cluster-ro-db.abcde123.us-east-1.rds.amazonaws.com").isReader()).isFalse();
	}

	@Test
	void globalWriterIsOfRdsAndOfNoRegion() {
		DatabaseEndpoint global = endpoint("gizmos.global-c0ffee.global.rds.amazonaws.com");
		assertThat(global.isRds()).isTrue();
		assertThat(global.isWriter()).isTrue();
		assertThat(global.region()).isEmpty();
		assertThat(global.isReader()).isFalse();
		assertThat(global.isProxy()).isFalse();
		assertThat(endpoint("gizmos.global.rds.amazonaws.com").isRds()).isFalse();
		assertThat(endpoint("global-gizmos.c0ffee.global.rds.amazonaws.com").isRds()).isFalse();
	}

	@ParameterizedTest
	@CsvSource({ "aurora.cluster-c0ffee.us-east-1.rds.amazonaws.com, true",
			"aurora.cluster-c0ffee.us-east-1.rds-fips.amazonaws.com, true",
			"aurora-green-abc123.cluster-c0ffee.us-east-1.rds.amazonaws.com, true",
			"limitless.shardgrp-c0ffee.us-east-1.rds.amazonaws.com, false",
			"aurora.cluster-ro-c0ffee.us-east-1.rds.amazonaws.com, false",
			"some.cluster-custom-c0ffee.us-east-1.rds.amazonaws.com, false",
			"aurora-1.c0ffee.us-east-1.rds.amazonaws.com, false",
			"proxy1.proxy-c0ffee.us-east-1.rds.amazonaws.com, false", "localhost, false" })
	void writerIsTheEndpointOfCluster(String host, boolean writer) {
		assertThat(endpoint(host).isWriter()).isEqualTo(writer);
	}

	@Test
	void endpointWhenPrintedIsServerAndDatabaseWithoutTheUser() {
		assertThat(endpoint("db.example.com")).hasToString("db.example.com:5432/gizmos");
	}

	private static DatabaseEndpoint endpoint(String host) {
		return new DatabaseEndpoint(host, 5432, "gizmos", "jane_doe");
	}

	@ParameterizedTest
	@ValueSource(strings = { "GIZMOS.C0FFEE123456.eu-central-1.RDS.amazonaws.com",
			"gizmos.c0ffee123456.eu-central-1.rds.amazonaws.com." })
	void hostIsKeptInLowerCaseAndWithoutADotAtItsEnd(String host) {
		DatabaseEndpoint endpoint = new DatabaseEndpoint(host, 5432, "Gizmos", "Jane");
		assertThat(endpoint.host()).isEqualTo("gizmos.c0ffee123456.eu-central-1.rds.amazonaws.com");
		assertThat(endpoint.region()).hasValue("eu-central-1");
		assertThat(endpoint).isEqualTo(
				new DatabaseEndpoint("gizmos.c0ffee123456.eu-central-1.rds.amazonaws.com", 5432, "Gizmos", "Jane"));
	}

}
