package dev.genesysvault.engine.request;

import dev.genesysvault.domain.ClientId;
import java.util.function.Function;

/** Turns texts of a request's fields into ids of clients, or says which field is wrong. */
public final class ClientIds {
  private ClientIds() {}

  public static Function<String, ClientId> clientId(String field) {
    return text -> {
      try {
        return new ClientId(text);
      } catch (IllegalArgumentException e) {
        throw RefusedException.badInput(field + ": " + e.getMessage());
      }
    };
  }
}
