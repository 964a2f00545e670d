package dev.genesysvault.domain;

import java.net.URI;

/**
 * Where one Genesys Cloud region, or a gateway before it, is reached. Both are absolute http or
 * https URLs without a trailing slash, query or fragment.
 *
 * @param api base of the Platform API, such as {@code https://api.mypurecloud.de}
 * @param login base of the log-in service, such as {@code https://login.mypurecloud.de}
 */
public record Endpoint(URI api, URI login) {}
