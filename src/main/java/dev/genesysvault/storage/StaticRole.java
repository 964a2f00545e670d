package dev.genesysvault.storage;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The document of a static role: a credential that stays while its clients change.
 *
 * @param client what its clients look like; without pairs each one is a copy of its predecessor,
 *     the first one of the template client or of an imported one
 * @param timing when they change
 * @param verifies whether a successor has to log in and to see its divisions before the switch
 * @param usageCheck what becomes of a former client that is still used
 * @param onDelete what becomes of its present client when the role is deleted
 * @param destinations where its credential goes beside {@code static-creds/}
 * @param writtenBy who wrote it last; null where that was not kept
 * @param unknown members of a later version
 */
public record StaticRole(
    ClientTemplate client,
    RotationTiming timing,
    boolean verifies,
    UsageCheck usageCheck,
    OnDelete onDelete,
    List<DestinationEntry> destinations,
    @Nullable Asker writtenBy,
    Map<String, Object> unknown) {
  /** Copies the list. */
  public StaticRole {
    destinations = List.copyOf(destinations);
  }

  /** Whether each client is a copy of its predecessor, as Genesys shows that. */
  public boolean copies() {
    return client.roleDivisions().isEmpty();
  }

  /**
   * Returns what becomes of the present client when a role is deleted.
   *
   * @param role empty where its definition is lost: then what holds where nobody wrote anything
   */
  public static OnDelete onDelete(Optional<StaticRole> role) {
    return role.map(StaticRole::onDelete).orElse(OnDelete.AUTO);
  }

  static final Codec<StaticRole> CODEC =
      new Codec<>() {
        @Override
        public StaticRole read(Members members) {
          return new StaticRole(
              ClientTemplate.read(members),
              RotationTiming.read(members),
              members.flag("verify"),
              UsageCheck.valueOf(
                  members.textOr("usage_check", UsageCheck.OFF.word()).toUpperCase(Locale.ROOT)),
              OnDelete.valueOf(
                  members.textOr("on_delete", OnDelete.AUTO.word()).toUpperCase(Locale.ROOT)),
              members.list("destinations", DestinationEntry::read),
              members.in("written_by").map(Asker::read).orElse(null),
              members.rest());
        }

        @Override
        public void write(StaticRole role, Map<String, Object> members) {
          role.client.write(members);
          role.timing.write(members);
          members.put("verify", role.verifies);
          members.put("usage_check", role.usageCheck.word());
          members.put("on_delete", role.onDelete.word());
          if (!role.destinations.isEmpty()) {
            members.put(
                "destinations", role.destinations.stream().map(DestinationEntry::members).toList());
          }
          if (role.writtenBy != null) {
            members.put("written_by", role.writtenBy.members());
          }
          members.putAll(role.unknown);
        }
      };
}
