package dev.genesysvault.destination.integration;

import dev.genesysvault.destination.Destination;
import dev.genesysvault.destination.DestinationKind;
import dev.genesysvault.domain.Texts;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The kind {@code integration_credential}: credentials of the type {@code pureCloudOAuthClient} in
 * the mount's own organisation. An entry is a credential's id; log-in and addresses are the
 * mount's.
 */
public final class IntegrationCredentialKind implements DestinationKind {
  private static final int LONGEST_SHOWN = 100;
  private static final List<Integer> LENGTHS = List.of(8, 4, 4, 4, 12);

  /** Makes it. */
  public IntegrationCredentialKind() {}

  @Override
  public String name() {
    return "integration_credential";
  }

  @Override
  public List<Setting> settings() {
    return List.of();
  }

  @Override
  public List<String> addresses() {
    return List.of();
  }

  @Override
  public Destination open(Map<String, String> settings) {
    return new IntegrationCredentialEntries();
  }

  /** The mount has one organisation. */
  @Override
  public String place(Map<String, String> settings) {
    return "";
  }

  @Override
  public void checkEntry(String entry) {
    var unfit = unfit(entry);
    if (unfit.isPresent()) {
      throw new IllegalArgumentException(unfit.get());
    }
  }

  /** Returns why an entry cannot be the id of a credential; empty where it can. */
  static Optional<String> unfit(String entry) {
    return isId(entry) && entry.equals(entry.toLowerCase(Locale.ROOT))
        ? Optional.empty()
        : Optional.of(
            "\"%s\" is no id of an integration's credential; must be a UUID in lower case: give it as the entry's name"
                .formatted(Texts.printable(entry, LONGEST_SHOWN)));
  }

  /** Whether a text is a UUID. */
  static boolean isId(String text) {
    var parts = Texts.split(text, '-', LENGTHS.size() + 1);
    return parts.stream().map(String::length).toList().equals(LENGTHS)
        && parts.stream().allMatch(IntegrationCredentialKind::isHexadecimal);
  }

  private static boolean isHexadecimal(String text) {
    return Texts.consistsOf(text, 1, text.length(), c -> c < 128 && Character.digit(c, 16) >= 0);
  }

  /** What an integration logs in with has two fields, and they have their names. */
  @Override
  public boolean takesTemplates() {
    return false;
  }

  /** The integration would be without. */
  @Override
  public boolean removes() {
    return false;
  }

  @Override
  public boolean readsBack() {
    return false;
  }
}
