package dev.genesysvault.rotation;

import dev.genesysvault.destination.Value;
import dev.genesysvault.domain.Endpoint;
import dev.genesysvault.domain.Trouble;
import dev.genesysvault.rotation.OpenDestinations.Opened;
import dev.genesysvault.storage.DestinationConfig;
import dev.genesysvault.storage.DestinationEntry;
import dev.genesysvault.storage.StaticClient;
import dev.genesysvault.storage.StorageException;
import java.util.Optional;

/** Where credentials go, as it is configured now, and what is to be there. */
final class DeliveryPlaces {
  private final StaticRoleStore credentials;

  DeliveryPlaces(StaticRoleStore credentials) {
    this.credentials = credentials;
  }

  /** Where a destination stands. */
  sealed interface Place {
    /** Returns why nothing goes there, though nobody has been asked. */
    default Trouble whyNot(String role) {
      return switch (this) {
        case Open _ ->
            Trouble.of(
                "under which addresses the credential was made is not known: write rotate-role/%s"
                    .formatted(role));
        case Closed(var why, var _) -> why;
        case Missing(var why) -> why;
      };
    }

    /** Whether rotations wait for it, as far as is known. */
    default boolean required() {
      return switch (this) {
        case Open(var opened) -> opened.config().required();
        case Closed(var _, var waited) -> waited;
        case Missing _ -> true;
      };
    }

    /** It can be asked. */
    record Open(Opened opened) implements Place {}

    /** It is configured, and cannot be asked. */
    record Closed(Trouble why, boolean waitedFor) implements Place {}

    /** Nobody knows of it. */
    record Missing(Trouble why) implements Place {}
  }

  /** Returns a destination. One read of storage. */
  Place open(String name) throws InterruptedException {
    Optional<DestinationConfig> config;
    try {
      config = credentials.storage().destinations().entry(name).get();
    } catch (StorageException e) {
      if (e.kind() != StorageException.Kind.UNREADABLE) {
        throw e;
      }
      return new Place.Closed(Trouble.of(String.valueOf(e.getMessage())), true);
    }
    if (config.isEmpty()) {
      return new Place.Missing(
          Trouble.of(
              "destinations/%s is missing in storage: write it again, or take it off the role"
                  .formatted(name)));
    }
    try {
      return new Place.Open(credentials.destinations().open(name, config.get()));
    } catch (IllegalArgumentException e) {
      return new Place.Closed(Trouble.of(String.valueOf(e.getMessage())), config.get().required());
    }
  }

  /** Returns what an entry is to hold of a client; empty where it has no credential to hold. */
  Optional<Value> value(DestinationEntry entry, StaticClient client) throws InterruptedException {
    var login = client.credential();
    var endpoint =
        login.isEmpty() ? Optional.<Endpoint>empty() : credentials.storage().endpointOf(client);
    return endpoint.map(it -> new CredentialValue(login.orElseThrow(), it).as(entry.template()));
  }
}
