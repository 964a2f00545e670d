package dev.genesysvault.alert;

import java.util.List;
import java.util.Optional;

/** The kinds of receivers that this sidecar has. */
public record ReceiverKinds(List<ReceiverKind> all) {
  /** Nobody is told of anything. */
  public static final ReceiverKinds NONE = new ReceiverKinds(List.of());

  /** Copies the list. */
  public ReceiverKinds {
    all = List.copyOf(all);
  }

  /** Returns the kind of that name. */
  public Optional<ReceiverKind> of(String name) {
    return all.stream().filter(kind -> kind.name().equals(name)).findFirst();
  }

  /** Returns the names of all, in their order. */
  public List<String> names() {
    return all.stream().map(ReceiverKind::name).toList();
  }
}
