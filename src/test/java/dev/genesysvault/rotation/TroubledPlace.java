package dev.genesysvault.rotation;

import dev.genesysvault.destination.DestinationKind;
import dev.genesysvault.testing.FakeTime;
import java.util.List;
import java.util.Map;

/** A destination of one kind over a service that a test plays, and what may befall that. */
interface TroubledPlace {
  /** Ends what it has started. */
  default void end() throws Exception {}

  /** Makes the kind, where the harness does not have it. */
  List<DestinationKind> kinds(FakeTime time);

  /** Makes what has to be there before anything is sent, once the kind was made. */
  default void furnish(RotationHarness it) throws Exception {}

  String kind();

  Map<String, String> settings();

  String entry();

  /** Returns the client whose credential readers get there; empty for none. */
  String client();

  /** Nobody answers; returns some of what is told of that. */
  String away();

  /** It says that it was asked too much; returns some of what is told of that. */
  String throttle();

  /** It lets nobody write; returns the permission that is to be named. */
  String forbid();

  /** It does well again. */
  void well();

  /** Somebody else deletes what is there. */
  void delete();

  /**
   * Somebody else has it deleted later on.
   *
   * @return whether there is such a thing
   */
  default boolean deleteLater() {
    return false;
  }

  /** Somebody else writes there. */
  void overwrite();

  /** Whether what was deleted is made anew when it is sent to. */
  default boolean makesAnew() {
    return true;
  }
}
