package dev.genesysvault.engine.request;

import dev.genesysvault.domain.ClientId;
import java.util.function.Function;

/** Turns texts of callers into words of the field, or says which field is wrong. */
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
