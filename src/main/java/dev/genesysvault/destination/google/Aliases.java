package dev.genesysvault.destination.google;

import com.google.cloud.secretmanager.v1.Secret;
import dev.genesysvault.destination.NotDoneException;
import dev.genesysvault.resilience.Deadline;
import java.util.HashMap;
import java.util.Map;

/** The alias by which readers name the present version; what other aliases name stays. */
final class Aliases {
  private final Secrets secrets;
  private final String alias;

  Aliases(Secrets secrets, String alias) {
    this.secrets = secrets;
    this.alias = alias;
  }

  /** Has it name a version, whatever it named. */
  void point(String entry, long number, Deadline deadline)
      throws NotDoneException, InterruptedException {
    var seen = secrets.secret(entry, deadline).must();
    if (named(seen) != number) {
      var aliases = new HashMap<>(seen.getVersionAliasesMap());
      aliases.put(alias, number);
      var written = written(entry, seen, aliases, deadline);
      if (named(written) != number) {
        throw new NotDoneException(
            secrets
                .failures()
                .ofEntry(
                    entry,
                    "took the alias %s for version %d, and does not show it: tried again"
                        .formatted(alias, number)));
      }
    }
  }

  /** Takes it off the version that it names. */
  void drop(String entry, Secret seen, Deadline deadline)
      throws NotDoneException, InterruptedException {
    var aliases = new HashMap<>(seen.getVersionAliasesMap());
    aliases.remove(alias);
    written(entry, seen, aliases, deadline);
  }

  private Secret written(String entry, Secret seen, Map<String, Long> aliases, Deadline deadline)
      throws NotDoneException, InterruptedException {
    var written = secrets.alias(entry, seen, aliases, deadline);
    if (written.unfit()) {
      throw new NotDoneException(
          secrets
              .failures()
              .ofEntry(
                  entry,
                  "was changed by somebody else at the same moment, so that its alias %s stays where it was: tried again"
                      .formatted(alias)));
    }
    return written.must();
  }

  /** Returns the number of the version that it names; 0 for none. */
  long named(Secret secret) {
    return secret.getVersionAliasesMap().getOrDefault(alias, 0L);
  }
}
