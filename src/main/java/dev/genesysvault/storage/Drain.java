package dev.genesysvault.storage;

import java.time.Instant;
import java.util.Map;

/**
 * The document that says that everything which a mount hands out has to end. As long as this is
 * there, it makes no client.
 *
 * @param begun when somebody asked for it
 * @param by who did, as Vault shows them
 * @param unknown members of a later version
 */
public record Drain(Instant begun, String by, Map<String, Object> unknown) {
  static final Codec<Drain> CODEC =
      new Codec<>() {
        @Override
        public Drain read(Members members) {
          return new Drain(
              members.instant("begun").orElse(Instant.EPOCH),
              members.textOr("by", ""),
              members.rest());
        }

        @Override
        public void write(Drain drain, Map<String, Object> members) {
          members.put("begun", drain.begun.toString());
          members.put("by", drain.by);
          members.putAll(drain.unknown);
        }
      };
}
