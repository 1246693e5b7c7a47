package io.soong.sql;

/**
 * What the reading of some columns takes beside the result.
 *
 * @param json reads json
 * @param domains knows the types of domains
 */
record ReadContext(Json json, DomainTypes domains) {

}
