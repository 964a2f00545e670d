package dev.genesysvault.config;

import dev.genesysvault.domain.Texts;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What the page of the management address shows, and to whom.
 *
 * @param names whether it names roles and clients' keys
 * @param hosts names by which browsers may ask for it beside the address itself, in lower case
 */
public record PageSettings(boolean names, List<String> hosts) {
  /** Names nobody, and is asked for by its address. */
  public static final PageSettings DEFAULT = new PageSettings(false, List.of());

  private static final int MOST_HOSTS = 20;
  private static final int LONGEST_HOST = 253;

  /** Copies the list. */
  public PageSettings {
    hosts = List.copyOf(hosts);
  }

  static PageSettings parse(List<String> problems, String names, String hosts) {
    boolean named =
        Settings.parse(problems, names, text -> Settings.flag("--page-names", text)).orElse(false);
    return new PageSettings(named, hosts(problems, hosts.strip()));
  }

  private static List<String> hosts(List<String> problems, String text) {
    var hosts = new ArrayList<String>();
    for (var part : Texts.split(text, ',', MOST_HOSTS + 1)) {
      var host = part.strip().toLowerCase(Locale.ROOT);
      if (Texts.consistsOf(
          host, 1, LONGEST_HOST, c -> Texts.isLetterOrDigit(c) || c == '.' || c == '-')) {
        hosts.add(host);
      } else if (!text.isEmpty()) {
        problems.add(
            "--page-hosts has \"%s\"; must be names of hosts without ports, at most %d with commas between, such as vault-1.example"
                .formatted(Texts.printable(host, LONGEST_HOST), MOST_HOSTS));
      }
    }
    return hosts;
  }
}
