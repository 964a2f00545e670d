package dev.genesysvault.storage;

import dev.genesysvault.domain.ClientId;
import dev.genesysvault.domain.Credential;
import dev.genesysvault.domain.Endpoint;
import dev.genesysvault.domain.Organization;
import dev.genesysvault.domain.Secret;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The document of a mount's configuration: how it reaches its organisation.
 *
 * @param region AWS region as it was given; empty for none
 * @param domain of the region; empty where only URLs were given
 * @param apiUrl base of the Platform API where a gateway stands before it; empty: the domain's
 * @param loginUrl base of the log-in service where a gateway stands before it; empty: the domain's
 * @param allowInsecureUrl whether plain http to another host is allowed
 * @param credential of the mount's own client
 * @param ttl of a lease where the role gives none; zero: the mount's default
 * @param maxTtl of a lease where the role gives none; zero: the mount's maximum
 * @param namePrefix what names of clients begin with where the role gives no template
 * @param defersRevocation whether a revoke may be left to the background session
 * @param organization as learnt; null until then
 * @param verified whether this credential has shown that it belongs to the organisation
 * @param proven the addresses at which the organisation was last seen to be reached; null for none
 * @param credentialTime when the credential was first written; null where an older version did that
 * @param keeping what is kept for whoever audits
 * @param unknown members of a later version
 */
public record MountConfig(
    String region,
    String domain,
    String apiUrl,
    String loginUrl,
    boolean allowInsecureUrl,
    Credential credential,
    Duration ttl,
    Duration maxTtl,
    String namePrefix,
    boolean defersRevocation,
    @Nullable Organization organization,
    boolean verified,
    @Nullable Endpoint proven,
    @Nullable Instant credentialTime,
    Keeping keeping,
    Map<String, Object> unknown) {

  /** A revoke that cannot be done at once is recorded, and done later. */
  public static final String DEFERRED = "deferred";

  /** A revoke that cannot be done at once fails, and Vault tries again. */
  public static final String STRICT = "strict";

  /** Returns {@link #DEFERRED} or {@link #STRICT}. */
  public String revocation() {
    return defersRevocation ? DEFERRED : STRICT;
  }

  /** Returns where the organisation is reached. */
  public Endpoint endpoint() {
    return endpoint(domain, apiUrl, loginUrl);
  }

  private static Endpoint endpoint(String domain, String apiUrl, String loginUrl) {
    return new Endpoint(
        URI.create(apiUrl.isEmpty() ? "https://api." + domain : apiUrl),
        URI.create(loginUrl.isEmpty() ? "https://login." + domain : loginUrl));
  }

  /** Whether another one says the same, its secret included. */
  public boolean sameAs(MountConfig other) {
    return members(this).equals(members(other));
  }

  private static Map<String, Object> members(MountConfig config) {
    var members = new LinkedHashMap<String, Object>();
    CODEC.write(config, members);
    return members;
  }

  /** Returns the same configuration, for the organisation that its credential was seen to be of. */
  public MountConfig verifiedFor(Organization learnt) {
    return with(learnt, true, endpoint());
  }

  /**
   * Returns the same configuration, whose credential has yet to show that it reaches the
   * organisation of another one.
   */
  public MountConfig unverifiedAfter(MountConfig before) {
    return with(before.organization, false, before.proven);
  }

  private MountConfig with(
      @Nullable Organization newOrganization, boolean newVerified, @Nullable Endpoint newProven) {
    return new MountConfig(
        region,
        domain,
        apiUrl,
        loginUrl,
        allowInsecureUrl,
        credential,
        ttl,
        maxTtl,
        namePrefix,
        defersRevocation,
        newOrganization,
        newVerified,
        newProven,
        credentialTime,
        keeping,
        unknown);
  }

  static final Codec<MountConfig> CODEC =
      new Codec<>() {
        @Override
        public MountConfig read(Members members) {
          var region = members.textOr("region", "");
          var domain = members.textOr("domain", "");
          var apiUrl = members.textOr("api_url", "");
          var loginUrl = members.textOr("login_url", "");
          boolean verified = members.flag("verified");
          var proven = members.endpoint("proven_api_url", "proven_login_url");
          return new MountConfig(
              region,
              domain,
              apiUrl,
              loginUrl,
              members.flag("allow_insecure_url"),
              new Credential(
                  new ClientId(members.text("client_id")),
                  Secret.of(members.text("client_secret"))),
              members.seconds("ttl"),
              members.seconds("max_ttl"),
              members.text("name_prefix"),
              !members.textOr("revocation", DEFERRED).equals(STRICT),
              organization(members),
              verified,
              // Written before this was kept: it was verified at these.
              proven == null && verified ? endpoint(domain, apiUrl, loginUrl) : proven,
              members.instant("credential_time").orElse(null),
              Keeping.read(members),
              members.rest());
        }

        private static @Nullable Organization organization(Members members) {
          var id = members.textOr("organization_id", "");
          var name = members.textOr("organization_name", "");
          return id.isEmpty() ? null : new Organization(id, name);
        }

        @Override
        public void write(MountConfig config, Map<String, Object> members) {
          members.put("region", config.region);
          members.put("domain", config.domain);
          members.put("api_url", config.apiUrl);
          members.put("login_url", config.loginUrl);
          members.put("allow_insecure_url", config.allowInsecureUrl);
          members.put("client_id", config.credential.id().value());
          members.put("client_secret", config.credential.secret().reveal());
          members.put("ttl", config.ttl.toSeconds());
          members.put("max_ttl", config.maxTtl.toSeconds());
          members.put("name_prefix", config.namePrefix);
          members.put("revocation", config.revocation());
          members.put("history_days", config.keeping.days());
          members.put("keep_attribution", config.keeping.attribution());
          if (config.organization != null) {
            members.put("organization_id", config.organization.id());
            members.put("organization_name", config.organization.name());
          }
          members.put("verified", config.verified);
          if (config.proven != null) {
            members.put("proven_api_url", config.proven.api().toString());
            members.put("proven_login_url", config.proven.login().toString());
          }
          if (config.credentialTime != null) {
            members.put("credential_time", config.credentialTime.toString());
          }
          members.putAll(config.unknown);
        }
      };
}
