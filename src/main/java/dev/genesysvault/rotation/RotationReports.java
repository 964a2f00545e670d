package dev.genesysvault.rotation;

import dev.genesysvault.domain.ClientId;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What operators are told of rotations, without being asked. */
final class RotationReports {
  private static final Logger LOG = LoggerFactory.getLogger(RotationReports.class);

  private final String mountUuid;

  RotationReports(String mountUuid) {
    this.mountUuid = mountUuid;
  }

  /** Readers get another client since. */
  void rotated(String role, String reason, @Nullable ClientId from, @Nullable ClientId to) {
    LOG.atInfo()
        .addKeyValue("mount", mountUuid)
        .addKeyValue("static_role", role)
        .addKeyValue("reason", reason)
        .addKeyValue("from", from)
        .addKeyValue("to", to)
        .log("a static credential was rotated");
  }

  /** A former client is gone. */
  void decommissioned(String role, ClientId id) {
    LOG.atInfo()
        .addKeyValue("mount", mountUuid)
        .addKeyValue("static_role", role)
        .addKeyValue("client_id", id)
        .log("the former client of a static credential is gone");
  }

  /** A step failed, in another way than before. */
  void failed(String role, String error) {
    LOG.atWarn()
        .addKeyValue("mount", mountUuid)
        .addKeyValue("static_role", role)
        .addKeyValue("reason", error)
        .log("a rotation does not go on; the present credential stays as it is");
  }

  /** A rotation has not reached its end by the time that it should have. */
  void overdue(String role, String what) {
    LOG.atError()
        .addKeyValue("mount", mountUuid)
        .addKeyValue("static_role", role)
        .addKeyValue("reason", what)
        .log("a rotation is overdue");
  }

  /** What cannot be read stays as it is. */
  void unreadable(String role, String why) {
    LOG.atError()
        .addKeyValue("mount", mountUuid)
        .addKeyValue("static_role", role)
        .addKeyValue("reason", why)
        .log("a static credential cannot be read, so nobody rotates it");
  }
}
