package dev.genesysvault;

import dev.genesysvault.config.NetworkSettings;
import dev.genesysvault.domain.Texts;
import dev.genesysvault.network.CaFile;
import dev.genesysvault.network.Network;
import dev.genesysvault.network.ProxyCredentialsFile;
import dev.genesysvault.network.ProxyLogIn;
import dev.genesysvault.network.ProxyRules;
import dev.genesysvault.network.ProxyUrl;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A step of the start of the process: reads the files that say how other hosts are reached. */
final class WayOut {
  private static final Logger LOG = LoggerFactory.getLogger(WayOut.class);

  private static final int LONGEST_TOLD = 100;

  private WayOut() {}

  /**
   * Opens it.
   *
   * @throws IOException if a file or the JVM does not allow it; its message says why and what to do
   */
  static Network open(NetworkSettings settings) throws IOException {
    var trusted =
        settings.caFile().isPresent()
            ? CaFile.read("--ca-file", settings.caFile().get())
            : List.<X509Certificate>of();
    if (settings.rules().isEmpty()) {
      if (!trusted.isEmpty()) {
        tell("as the JVM's settings say", Optional.empty(), trusted);
      }
      return Network.ofJvm(trusted);
    }
    var rules = settings.rules().get();
    var logIn = logIn(settings, rules);
    var first = logIn.get();
    var ignored = rules.except().notUnderstood();
    if (!ignored.isEmpty()) {
      LOG.atWarn()
          .addKeyValue("first", Texts.cut(ignored.getFirst(), LONGEST_TOLD))
          .addKeyValue("count", ignored.size())
          .log("NO_PROXY has entries that mean nothing here: the proxy is used for them");
    }
    tell(rules.proxy().map(ProxyUrl::toString).orElse("none"), first, trusted);
    return Network.of(rules, logIn, trusted);
  }

  private static Supplier<Optional<ProxyLogIn>> logIn(NetworkSettings settings, ProxyRules rules)
      throws IOException {
    if (settings.credentialsFile().isPresent()) {
      return ProxyCredentialsFile.open(settings.credentialsFile().get());
    }
    var ofUrl = rules.proxy().flatMap(ProxyUrl::logIn);
    return () -> ofUrl;
  }

  private static void tell(
      String proxy, Optional<ProxyLogIn> logIn, List<X509Certificate> trusted) {
    LOG.atInfo()
        .addKeyValue("proxy", proxy)
        .addKeyValue("user", logIn.map(ProxyLogIn::user).orElse("none"))
        .addKeyValue("own_authorities", trusted.size())
        .log("other hosts are reached");
  }
}
