package dev.genesysvault.storage;

import java.time.Instant;
import java.util.Map;

/**
 * The document of a revoke that the sidecar did not answer, as the plugin stores it. The plugin
 * writes it, whatever it tells Vault, and the background session takes it over.
 *
 * @param internalData of the lease
 * @param issued when Vault issued the lease
 * @param unknown members of a later version
 */
public record JournalEntry(
    Map<String, Object> internalData, Instant issued, Map<String, Object> unknown) {
  static final Codec<JournalEntry> CODEC =
      new Codec<>() {
        @Override
        public JournalEntry read(Members members) {
          var internalData = members.object("internal_data");
          var journaled = members.instant("journaled_time");
          var issued =
              members
                  .instant("issue_time")
                  .or(() -> journaled)
                  .orElseThrow(() -> new IllegalArgumentException("issue_time is missing"));
          return new JournalEntry(internalData, issued, members.rest());
        }

        @Override
        public void write(JournalEntry entry, Map<String, Object> members) {
          members.put("internal_data", entry.internalData);
          members.put("issue_time", entry.issued.toString());
          members.putAll(entry.unknown);
        }
      };
}
