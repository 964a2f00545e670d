package dev.genesysvault.storage;

import dev.genesysvault.domain.ClientKey;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Part of a static credential's document: what an entry of a destination holds, as far as is known.
 *
 * @param destination its name in {@code destinations/}
 * @param entry what the destination calls it
 * @param client whose credential was sent last; null for none so far
 * @param revision of the destination's configuration and of the template with which it was sent;
 *     empty for none so far
 * @param version what the destination called what it confirmed last; empty for none
 * @param at when the state was written
 * @param former versions before that one which readers may still reach, oldest first; none of kinds
 *     that keep none
 * @param unknown members of a later version
 */
public record Delivery(
    String destination,
    String entry,
    State state,
    @Nullable ClientKey client,
    String revision,
    String version,
    Instant at,
    List<Former> former,
    Map<String, Object> unknown) {
  /** Of more, the oldest are forgotten: as many as a service that fails for a year may leave. */
  static final int MOST_FORMER = 20;

  /** Copies the list. */
  public Delivery {
    former = List.copyOf(former.subList(Math.max(0, former.size() - MOST_FORMER), former.size()));
  }

  /**
   * A version that the entry held before.
   *
   * @param client whose credential it is
   */
  public record Former(ClientKey client, String version) {
    static Former read(Members members) {
      return new Former(new ClientKey(members.text("client")), members.text("version"));
    }

    Map<String, Object> members() {
      return Map.of("client", client.value(), "version", version);
    }
  }

  /** What is known of it. What is written is true before anything is done about it. */
  public enum State {
    /** The present credential is to be sent, whatever the entry holds. */
    WANTED,
    /** It is being sent: the entry may hold it, or what was there before. */
    SENDING,
    /** The entry held it when it was read back. */
    CONFIRMED,
    /** Somebody else has overwritten or deleted it since. */
    DRIFTED;

    /** Returns the word that documents hold. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Returns one of an entry to which nothing was sent yet. */
  public static Delivery wanted(DestinationEntry place, Instant now) {
    return new Delivery(
        place.destination(), place.entry(), State.WANTED, null, "", "", now, List.of(), Map.of());
  }

  /** Returns this one, which is to be sent again. */
  public Delivery wantedAgain(Instant now) {
    return new Delivery(
        destination, entry, State.WANTED, client, revision, version, now, former, unknown);
  }

  /** Returns this one, of which nothing is known: the destination leads elsewhere by now. */
  public Delivery elsewhere() {
    return new Delivery(destination, entry, State.WANTED, null, "", "", at, List.of(), unknown);
  }

  /**
   * Returns this one while a client's credential is being sent in that way.
   *
   * @param keeps whether readers may reach the version before the next one, too
   */
  public Delivery sending(ClientKey sent, String way, boolean keeps, Instant now) {
    return new Delivery(
        destination,
        entry,
        State.SENDING,
        sent,
        way,
        version,
        now,
        keeps ? formerWithPresent() : List.of(),
        unknown);
  }

  /** A version that is there already is that of the client with which it came. */
  private List<Former> formerWithPresent() {
    var owner = client;
    if (owner == null
        || version.isEmpty()
        || former.stream().anyMatch(it -> it.version().equals(version))) {
      return former;
    }
    return Stream.concat(former.stream(), Stream.of(new Former(owner, version))).toList();
  }

  /** Returns this one once it was read back. */
  public Delivery confirmed(String itsVersion, Instant now) {
    return new Delivery(
        destination,
        entry,
        State.CONFIRMED,
        client,
        revision,
        itsVersion,
        now,
        former.stream().filter(it -> !it.version().equals(itsVersion)).toList(),
        unknown);
  }

  /** Returns this one once it was seen to hold something else. */
  public Delivery drifted(Instant now) {
    return new Delivery(
        destination, entry, State.DRIFTED, client, revision, version, now, former, unknown);
  }

  /** Returns this one once readers reach none of some former versions any more. */
  public Delivery without(List<Former> retired) {
    return new Delivery(
        destination,
        entry,
        state,
        client,
        revision,
        version,
        at,
        former.stream().filter(it -> !retired.contains(it)).toList(),
        unknown);
  }

  /** Whether the entry holds a client's credential, as far as is known. */
  public boolean holds(ClientKey key) {
    return state == State.CONFIRMED && key.equals(client);
  }

  static Delivery read(Members members) {
    var client = members.textOr("client", "");
    return new Delivery(
        members.text("destination"),
        members.text("name"),
        members.choice("state", text -> State.valueOf(text.toUpperCase(Locale.ROOT))),
        client.isEmpty() ? null : new ClientKey(client),
        members.textOr("revision", ""),
        members.textOr("version", ""),
        members.instant("at").orElse(Instant.EPOCH),
        members.list("former", Former::read),
        members.rest());
  }

  Map<String, Object> members() {
    var members = new LinkedHashMap<String, Object>();
    members.put("destination", destination);
    members.put("name", entry);
    members.put("state", state.word());
    Optional.ofNullable(client).ifPresent(key -> members.put("client", key.value()));
    members.put("revision", revision);
    members.put("version", version);
    members.put("at", at.toString());
    if (!former.isEmpty()) {
      members.put("former", former.stream().map(Former::members).toList());
    }
    members.putAll(unknown);
    return members;
  }
}
