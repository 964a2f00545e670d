package dev.genesysvault.destination.integration;

import dev.genesysvault.destination.DestinationFailure;
import dev.genesysvault.destination.DestinationFailure.Extent;
import dev.genesysvault.destination.NotDoneException;
import dev.genesysvault.domain.IntegrationCredential;
import dev.genesysvault.domain.Texts;
import dev.genesysvault.domain.Trouble;
import dev.genesysvault.domain.UpstreamFailure;
import dev.genesysvault.domain.UpstreamFailure.Limited;
import dev.genesysvault.domain.UpstreamFailure.Refused;
import dev.genesysvault.domain.UpstreamFailure.Unavailable;
import dev.genesysvault.domain.UpstreamFailure.Unknown;
import dev.genesysvault.domain.UpstreamFailure.Unproven;
import java.time.Duration;

/** Says what it means that Genesys did not do what it was asked, and what to do. */
final class Failures {
  static final String VIEW = "integrations:integration:view";
  static final String EDIT = "integrations:integration:edit";

  private static final int FORBIDDEN = 403;
  private static final int LONGEST_SHOWN = 100;

  private Failures() {}

  /** Returns what keeps this entry alone from being done. */
  static NotDoneException ofEntry(String text) {
    return ofEntry(Trouble.of(text));
  }

  private static NotDoneException ofEntry(Trouble why) {
    return new NotDoneException(new DestinationFailure(why, Extent.ENTRY, Duration.ZERO));
  }

  private static NotDoneException ofAll(Trouble why, Duration retryAfter) {
    return new NotDoneException(new DestinationFailure(why, Extent.DESTINATION, retryAfter));
  }

  /** Returns what a failure of Genesys means, where that permission was needed. */
  static NotDoneException of(UpstreamFailure failure, String entry, String permission) {
    return switch (failure) {
      case Limited limited -> ofAll(failure.trouble(), limited.retryAfter());
      case Refused refused when refused.ofCaller() -> ofAll(failure.trouble(), Duration.ZERO);
      case Refused refused when refused.notFound() ->
          ofEntry(
              "there is no integration credential %s in the mount's organisation: have the static role's destinations name one that there is"
                  .formatted(entry));
      case Refused refused when refused.status() == FORBIDDEN ->
          ofEntry(failure.trouble().then(". " + lacks(permission)));
      case Refused _ -> ofEntry(failure.trouble());
      case Unavailable _, Unproven _, Unknown _ -> ofAll(failure.trouble(), Duration.ZERO);
    };
  }

  /** Says that a permission is missing, and what to do. */
  static String lacks(String permissions) {
    return "The mount's client lacks %s: add it to one of its roles in Genesys (Integrations > Integration)"
        .formatted(permissions);
  }

  static NotDoneException wrongType(String entry, IntegrationCredential shown, String wanted) {
    return ofEntry(
        "integration credential %s, \"%s\", is of the type %s; must be %s: have the static role's destinations name one of that type"
            .formatted(entry, name(shown), Texts.printable(shown.type(), LONGEST_SHOWN), wanted));
  }

  /** Returns a credential's name, for people. */
  static String name(IntegrationCredential shown) {
    return Texts.printable(shown.name(), LONGEST_SHOWN);
  }
}
