package dev.genesysvault.storage;

import java.util.Locale;
import java.util.Map;

/**
 * A credential that stays while its clients change.
 *
 * @param client what its clients look like; without pairs each one is a copy of its predecessor,
 *     the first one of the template client or of an imported one
 * @param timing when they change
 * @param verifies whether a successor has to log in and to see its divisions before the switch
 * @param usageCheck what becomes of a former client that is still used
 * @param decommissionsOnDelete whether its clients go with the role
 * @param unknown members of a later version
 */
public record StaticRole(
    ClientTemplate client,
    RotationTiming timing,
    boolean verifies,
    UsageCheck usageCheck,
    boolean decommissionsOnDelete,
    Map<String, Object> unknown) {
  /** On deletion the role's clients are deactivated and deleted. */
  public static final String DECOMMISSION = "decommission";

  /** On deletion the role's clients are left as they are. */
  public static final String RELEASE = "release";

  /** Whether each client is a copy of its predecessor, as Genesys shows that. */
  public boolean copies() {
    return client.roleDivisions().isEmpty();
  }

  /** Returns {@link #DECOMMISSION} or {@link #RELEASE}. */
  public String onDelete() {
    return decommissionsOnDelete ? DECOMMISSION : RELEASE;
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
              members
                  .textOr("on_delete", DECOMMISSION)
                  .toLowerCase(Locale.ROOT)
                  .equals(DECOMMISSION),
              members.rest());
        }

        @Override
        public void write(StaticRole role, Map<String, Object> members) {
          role.client.write(members);
          role.timing.write(members);
          members.put("verify", role.verifies);
          members.put("usage_check", role.usageCheck.word());
          members.put("on_delete", role.onDelete());
          members.putAll(role.unknown);
        }
      };
}
