package dev.genesysvault.engine.mount;

import dev.genesysvault.domain.ClientId;
import dev.genesysvault.domain.Credential;
import dev.genesysvault.domain.Endpoint;
import dev.genesysvault.domain.Region;
import dev.genesysvault.domain.Secret;
import dev.genesysvault.domain.Texts;
import dev.genesysvault.engine.request.ClientIds;
import dev.genesysvault.engine.request.Durations;
import dev.genesysvault.engine.request.Fields;
import dev.genesysvault.engine.request.RefusedException;
import dev.genesysvault.storage.Keeping;
import dev.genesysvault.storage.MountConfig;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Turns what a caller wrote to {@code config} into a configuration, over the one before. */
final class ConfigFields {
  private static final int LONGEST_HOST = 253;
  private static final int LONGEST_LABEL = 63;
  private static final int LONGEST_PREFIX = 32;

  private final Fields fields;
  private final Optional<MountConfig> before;
  private final Instant now;

  ConfigFields(Fields fields, Optional<MountConfig> before, Instant now) {
    this.fields = fields;
    this.before = before;
    this.now = now;
  }

  /** Returns the configuration that the write means; not yet verified. */
  MountConfig merged() {
    var region = region();
    var domain = domain(region);
    boolean insecure =
        fields
            .flag("allow_insecure_url")
            .or(() -> before.map(MountConfig::allowInsecureUrl))
            .orElse(fields.flagDefault("allow_insecure_url"));
    var apiUrl = url("api_url", written(MountConfig::apiUrl, Endpoint::api), insecure);
    var loginUrl = url("login_url", written(MountConfig::loginUrl, Endpoint::login), insecure);
    refuseStanding("api_url", apiUrl, domain);
    refuseStanding("login_url", loginUrl, domain);
    if (domain.isEmpty() && (apiUrl.isEmpty() || loginUrl.isEmpty())) {
      throw RefusedException.badInput(
          "neither region nor domain is given: write region (such as eu-central-1) or domain (such"
              + " as mypurecloud.de), or both api_url and login_url");
    }
    var ttl = duration("ttl", before.map(MountConfig::ttl));
    var maxTtl = duration("max_ttl", before.map(MountConfig::maxTtl));
    Durations.checkOrder(ttl, maxTtl);
    boolean sameAddress =
        before.isPresent()
            && before.get().domain().equals(domain)
            && before.get().apiUrl().equals(apiUrl)
            && before.get().loginUrl().equals(loginUrl);
    var credential = credential(sameAddress);
    return new MountConfig(
        region,
        domain,
        apiUrl,
        loginUrl,
        insecure,
        credential,
        ttl,
        maxTtl,
        namePrefix(),
        defersRevocation(),
        null,
        false,
        null,
        credentialTime(credential),
        keeping(),
        before.map(MountConfig::unknown).orElse(Map.of()));
  }

  /** A credential that is written again is as old as it was. */
  private @Nullable Instant credentialTime(Credential credential) {
    var same =
        before.filter(it ->
            it.credential().id().equals(credential.id())
                && it.credential().secret().sameAs(credential.secret()));
    return same.isPresent() ? same.get().credentialTime() : now;
  }

  /** Returns a former address that somebody wrote; empty where it is that of the domain anyway. */
  private Optional<String> written(
      Function<MountConfig, String> text, Function<Endpoint, URI> derived) {
    return before
        .filter(config -> config.domain().isEmpty() || !isDerived(config, derived))
        .map(text);
  }

  private static boolean isDerived(MountConfig config, Function<Endpoint, URI> address) {
    return address.apply(config.endpoint()).equals(address.apply(Endpoint.of(config.domain())));
  }

  /** An address of the former region would get the secret of the new one. */
  private void refuseStanding(String name, String url, String domain) {
    boolean moves =
        !domain.isEmpty() && before.filter(it -> !it.domain().equals(domain)).isPresent();
    if (moves && !url.isEmpty() && !fields.has(name)) {
      throw RefusedException.badInput(
          "%s becomes %s, and %s=%s was written for the former one and would stay: write %s as well, or %s=\"\" for that of the domain"
              .formatted(
                  fields.has("region") ? "region" : "domain",
                  fields.text(fields.has("region") ? "region" : "domain").orElse(domain),
                  name,
                  url,
                  name,
                  name));
    }
  }

  private String region() {
    if (fields.has("region") && fields.has("domain")) {
      throw RefusedException.badInput("region and domain are both given; give one of them");
    }
    if (fields.has("domain")) {
      return "";
    }
    var region = fields.text("region").or(() -> before.map(MountConfig::region)).orElse("");
    if (!region.isEmpty() && Region.domainOf(region).isEmpty()) {
      throw RefusedException.badInput(
          "region is \"%s\"; known are %s: for another one, write its domain instead"
              .formatted(region, Region.known()));
    }
    return region;
  }

  private String domain(String region) {
    if (!region.isEmpty()) {
      return Region.domainOf(region).orElseThrow();
    }
    if (fields.has("region")) {
      return "";
    }
    var domain =
        fields
            .text("domain")
            .or(() -> before.map(MountConfig::domain))
            .orElse("")
            .toLowerCase(Locale.ROOT);
    if (!domain.isEmpty() && !isHost(domain)) {
      throw RefusedException.badInput(
          "domain is \"%s\"; must be a host name such as mypurecloud.de".formatted(domain));
    }
    return domain;
  }

  /** Whether it is a host name of several labels, in lower case. */
  private static boolean isHost(String text) {
    var labels =
        text.length() > LONGEST_HOST ? List.<String>of() : Texts.split(text, '.', LONGEST_HOST);
    return labels.size() > 1 && labels.stream().allMatch(ConfigFields::isLabel);
  }

  private static boolean isLabel(String text) {
    return Texts.consistsOf(
            text, 1, LONGEST_LABEL, c -> (c >= 'a' && c <= 'z') || Texts.isDigit(c) || c == '-')
        && text.charAt(0) != '-'
        && text.charAt(text.length() - 1) != '-';
  }

  private static boolean isLoopback(String host) {
    var parts = Texts.split(host, '.', 5);
    return host.equals("localhost")
        || host.equals("[::1]")
        || (parts.size() == 4
            && parts.getFirst().equals("127")
            && parts.stream().allMatch(part -> Texts.consistsOf(part, 1, 3, Texts::isDigit)));
  }

  private String url(String name, Optional<String> former, boolean insecure) {
    var text = fields.text(name).or(() -> former).orElse("");
    if (text.isEmpty()) {
      return text;
    }
    var trimmed = Texts.withoutTrailingSlashes(text);
    try {
      var url = new URI(trimmed);
      var host = url.getHost();
      if (host == null || url.getRawUserInfo() != null) {
        throw badUrl(name);
      }
      if (url.getRawQuery() != null || url.getRawFragment() != null) {
        throw badUrl(name);
      }
      var scheme = String.valueOf(url.getScheme()).toLowerCase(Locale.ROOT);
      boolean plain = scheme.equals("http");
      if (!plain && !scheme.equals("https")) {
        throw badUrl(name);
      }
      if (plain && !insecure && !isLoopback(host)) {
        throw RefusedException.badInput(
            "%s is plain http to %s: client secrets would cross the network unencrypted; use https, or set allow_insecure_url=true"
                .formatted(name, host));
      }
      return trimmed;
    } catch (URISyntaxException e) {
      throw badUrl(name);
    }
  }

  /** Names no value: a mistyped URL may hold a password. */
  private static RefusedException badUrl(String name) {
    return RefusedException.badInput(
        name + " must be an http or https URL without user, query or fragment");
  }

  private Credential credential(boolean sameAddress) {
    var former = before.map(MountConfig::credential);
    var id =
        fields
            .text("client_id")
            .map(ClientIds.clientId("client_id"))
            .or(() -> former.map(Credential::id))
            .orElseThrow(() -> missing("client_id"));
    var secret =
        fields
            .rawText("client_secret")
            // A secret that came from a file or a pipe often brings the line's end along.
            .map(text -> Texts.withoutTrailing(text, c -> c == '\r' || c == '\n'))
            .filter(text -> !text.isBlank())
            .map(Secret::of)
            .or(() -> formerSecret(id, sameAddress))
            .orElseThrow(() -> missing("client_secret"));
    return new Credential(id, secret);
  }

  /** A stored secret goes to the address that it was written for, and to no other. */
  private Optional<Secret> formerSecret(ClientId id, boolean sameAddress) {
    return before
        .filter(_ -> sameAddress)
        .map(MountConfig::credential)
        .filter(former -> former.id().equals(id))
        .map(Credential::secret);
  }

  private static RefusedException missing(String name) {
    return RefusedException.badInput(
        name
            + " is missing: write id and secret of an OAuth client (client credentials grant); the"
            + " secret is needed again with another client_id, region, domain or URL");
  }

  private Duration duration(String name, Optional<Duration> former) {
    return fields.seconds(name).or(() -> former).orElse(Duration.ZERO);
  }

  private boolean defersRevocation() {
    var revocation =
        fields
            .text("revocation")
            .or(() -> before.map(MountConfig::revocation))
            .orElse(fields.textDefault("revocation"));
    return switch (revocation) {
      case MountConfig.DEFERRED -> true;
      case MountConfig.STRICT -> false;
      default ->
          throw RefusedException.badInput(
              "revocation is \"%s\"; must be deferred (what cannot be revoked at once is done later) or strict (Vault keeps the lease until the client is gone)"
                  .formatted(revocation));
    };
  }

  private Keeping keeping() {
    var former = before.map(MountConfig::keeping);
    long days =
        fields
            .wholeNumber("history_days")
            .or(() -> former.map(it -> (long) it.days()))
            .orElse((long) Keeping.DEFAULT_DAYS);
    if (days < 0 || days > Keeping.MOST_DAYS) {
      throw RefusedException.badInput(
          "history_days is %d; must be 0 (nothing is kept below history/ and decommissioned/) to %d"
              .formatted(days, Keeping.MOST_DAYS));
    }
    boolean attribution =
        fields
            .flag("keep_attribution")
            .or(() -> former.map(Keeping::attribution))
            .orElse(fields.flagDefault("keep_attribution"));
    return new Keeping((int) days, attribution);
  }

  private String namePrefix() {
    var prefix =
        fields
            .text("name_prefix")
            .or(() -> before.map(MountConfig::namePrefix))
            .orElse(fields.textDefault("name_prefix"));
    if (!Texts.consistsOf(
        prefix,
        1,
        LONGEST_PREFIX,
        c -> Texts.isLetterOrDigit(c) || c == '.' || c == '_' || c == '-')) {
      throw RefusedException.badInput(
          "name_prefix is \"%s\"; must be 1 to 32 letters, digits, dots, dashes or underscores"
              .formatted(prefix));
    }
    return prefix;
  }
}
