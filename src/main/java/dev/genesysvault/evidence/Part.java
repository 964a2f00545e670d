package dev.genesysvault.evidence;

import java.io.IOException;
import java.util.List;

/** What takes the parts of a report, in the order in which they are read. */
interface Part {
  /** Takes the rotations of one static role in the span, the oldest first; may be none. */
  void role(String role, List<Rotation> rotations) throws IOException;

  /** Takes one dynamic client that is gone. */
  void client(DynamicClient client) throws IOException;
}
