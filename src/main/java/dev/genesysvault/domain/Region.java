package dev.genesysvault.domain;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Names of the AWS regions of Genesys Cloud and their domains, as Genesys' SDKs and Terraform
 * provider list them. An alias only: Genesys opens regions faster than this list grows, so a domain
 * always does.
 */
public final class Region {
  private static final Map<String, String> DOMAINS =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("us-east-1", "mypurecloud.com"),
              Map.entry("us-east-2", "use2.us-gov-pure.cloud"),
              Map.entry("us-west-2", "usw2.pure.cloud"),
              Map.entry("ca-central-1", "cac1.pure.cloud"),
              Map.entry("sa-east-1", "sae1.pure.cloud"),
              Map.entry("mx-central-1", "mxc1.pure.cloud"),
              Map.entry("eu-west-1", "mypurecloud.ie"),
              Map.entry("eu-west-2", "euw2.pure.cloud"),
              Map.entry("eu-central-1", "mypurecloud.de"),
              Map.entry("eu-central-2", "euc2.pure.cloud"),
              Map.entry("me-central-1", "mec1.pure.cloud"),
              Map.entry("ap-southeast-1", "apse1.pure.cloud"),
              Map.entry("ap-southeast-2", "mypurecloud.com.au"),
              Map.entry("ap-northeast-1", "mypurecloud.jp"),
              Map.entry("ap-northeast-2", "apne2.pure.cloud"),
              Map.entry("ap-northeast-3", "apne3.pure.cloud"),
              Map.entry("ap-south-1", "aps1.pure.cloud"),
              Map.entry("eusc-de-east-1", "edee1.eusc-pure.cloud")));

  private Region() {}

  /** Returns the domain of a region that is known here. */
  public static Optional<String> domainOf(String region) {
    return Optional.ofNullable(DOMAINS.get(region));
  }

  /** Returns the domains of the regions that are known here. */
  static Collection<String> domains() {
    return DOMAINS.values();
  }

  /** Returns the regions that are known here, sorted. */
  public static Set<String> known() {
    return DOMAINS.keySet();
  }
}
