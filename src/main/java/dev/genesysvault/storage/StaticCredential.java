package dev.genesysvault.storage;

import dev.genesysvault.domain.ClientId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The document of a static role's credential: what it is, and where its rotation stands: one
 * document, so that each phase is one write.
 *
 * @param phase of the rotation
 * @param current the client that readers get; null until the first one is there
 * @param previous the client that they got before, without its secret; null outside of its grace
 * @param next the client that is being made; null outside of that
 * @param run the rotation that is asked for or under way; null for none
 * @param lastRotation when readers began to get the current client
 * @param nextRotation when the next rotation is due; null where none is due before an import
 * @param graceEnd when the previous client goes; null outside of a grace
 * @param original whom the next client copies; null for the present one
 * @param readUntil until when a reader may rely on what it was told before a later edit
 * @param retired former clients that are not gone yet
 * @param releases clients that are to lose this mount's mark
 * @param deliveries what entries of destinations hold, as far as is known
 * @param history the latest rotations, oldest first
 * @param deletion who deleted its role, and when; null for nobody, or for a drain
 * @param unknown members of a later version
 */
public record StaticCredential(
    Phase phase,
    @Nullable StaticClient current,
    @Nullable StaticClient previous,
    @Nullable StaticClient next,
    @Nullable RotationRun run,
    @Nullable Instant lastRotation,
    @Nullable Instant nextRotation,
    @Nullable Instant graceEnd,
    @Nullable ClientId original,
    @Nullable Instant readUntil,
    List<RetiredClient> retired,
    List<Release> releases,
    List<Delivery> deliveries,
    List<PastRotation> history,
    @Nullable RotationAccount deletion,
    Map<String, Object> unknown) {
  /** How many rotations the history keeps. */
  public static final int LONGEST_HISTORY = 10;

  /** Where a rotation stands. What is written is true before anything is done about it. */
  public enum Phase {
    /** Nothing is under way. */
    IDLE,
    /** The next client is announced; nobody knows yet whether it exists. */
    CREATING,
    /** The next client exists, and has yet to show what it can do. */
    CREATED,
    /** Readers get the next client, which is the current one now; the previous one still works. */
    GRACE,
    /** The role is being deleted: its clients go first. */
    DELETING;

    /** Returns the word that paths show. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Copies the lists. */
  public StaticCredential {
    retired = List.copyOf(retired);
    releases = List.copyOf(releases);
    deliveries = List.copyOf(deliveries);
    history =
        List.copyOf(history.subList(Math.max(0, history.size() - LONGEST_HISTORY), history.size()));
  }

  /** Returns the credential of a role that has no client yet. */
  public static StaticCredential empty() {
    return new StaticCredential(
        Phase.IDLE,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        null,
        Map.of());
  }

  /** Returns the ids of its clients that are not handed over to their end: at most three. */
  public List<ClientId> clientIds() {
    return generations().stream()
        .flatMap(generation -> Optional.ofNullable(generation.clientId()).stream())
        .toList();
  }

  /** Returns the ids of the clients that it adopted, as far as its history goes. */
  public List<ClientId> adoptedIds() {
    return history.stream()
        .filter(past -> past.reason().equals(PastRotation.IMPORTED))
        .map(PastRotation::to)
        .toList();
  }

  /** Returns the present generation, the one before and the next one, as far as there are such. */
  public List<StaticClient> generations() {
    return Stream.of(
            Optional.ofNullable(current), Optional.ofNullable(previous), Optional.ofNullable(next))
        .flatMap(Optional::stream)
        .toList();
  }

  /** Whether a rotation is under way since the present client leaked. */
  public boolean emergency() {
    return run != null && run.reason() == RotationRun.Reason.EMERGENCY;
  }

  /** Returns this credential, which is to take its mount's mark off a client. */
  public StaticCredential releasing(Release release) {
    return with(draft -> draft.releases = with(release));
  }

  /** Returns this credential, for which a client needs no release any more. */
  public StaticCredential withoutRelease(ClientId id) {
    return with(draft ->
        draft.releases =
            releases.stream().filter(release -> !release.clientId().equals(id)).toList());
  }

  private List<Release> with(Release release) {
    return Stream.concat(
            releases.stream().filter(other -> !other.clientId().equals(release.clientId())),
            Stream.of(release))
        .toList();
  }

  /** Returns this credential with what is known now of one entry of a destination. */
  public StaticCredential delivering(Delivery delivery) {
    return with(draft -> {
      var others = new ArrayList<>(without(delivery));
      others.add(delivery);
      draft.deliveries = others;
    });
  }

  /** Returns this credential, of which nothing is at that entry any more. */
  public StaticCredential withoutDelivery(Delivery delivery) {
    return with(draft -> draft.deliveries = without(delivery));
  }

  private List<Delivery> without(Delivery delivery) {
    return deliveries.stream()
        .filter(other ->
            !other.destination().equals(delivery.destination())
                || !other.entry().equals(delivery.entry()))
        .toList();
  }

  /** Returns this credential after a change. */
  public StaticCredential with(Consumer<Draft> change) {
    var draft = new Draft(this);
    change.accept(draft);
    return draft.credential();
  }

  /** Returns this credential after two changes. */
  public StaticCredential with(Consumer<Draft> first, Consumer<Draft> second) {
    return with(first.andThen(second));
  }

  /** A copy under change. */
  public static final class Draft {
    /** As {@link StaticCredential#phase()}. */
    public Phase phase;

    /** As {@link StaticCredential#current()}. */
    public @Nullable StaticClient current;

    /** As {@link StaticCredential#previous()}. */
    public @Nullable StaticClient previous;

    /** As {@link StaticCredential#next()}. */
    public @Nullable StaticClient next;

    /** As {@link StaticCredential#run()}. */
    public @Nullable RotationRun run;

    /** As {@link StaticCredential#lastRotation()}. */
    public @Nullable Instant lastRotation;

    /** As {@link StaticCredential#nextRotation()}. */
    public @Nullable Instant nextRotation;

    /** As {@link StaticCredential#graceEnd()}. */
    public @Nullable Instant graceEnd;

    /** As {@link StaticCredential#original()}. */
    public @Nullable ClientId original;

    /** As {@link StaticCredential#readUntil()}. */
    public @Nullable Instant readUntil;

    /** As {@link StaticCredential#retired()}. */
    public List<RetiredClient> retired;

    /** As {@link StaticCredential#releases()}. */
    public List<Release> releases;

    /** As {@link StaticCredential#deliveries()}. */
    public List<Delivery> deliveries;

    /** As {@link StaticCredential#history()}. */
    public List<PastRotation> history;

    /** As {@link StaticCredential#deletion()}. */
    public @Nullable RotationAccount deletion;

    private final Map<String, Object> unknown;

    private Draft(StaticCredential before) {
      this.phase = before.phase;
      this.current = before.current;
      this.previous = before.previous;
      this.next = before.next;
      this.run = before.run;
      this.lastRotation = before.lastRotation;
      this.nextRotation = before.nextRotation;
      this.graceEnd = before.graceEnd;
      this.original = before.original;
      this.readUntil = before.readUntil;
      this.retired = before.retired;
      this.releases = before.releases;
      this.deliveries = before.deliveries;
      this.history = before.history;
      this.deletion = before.deletion;
      this.unknown = before.unknown;
    }

    private StaticCredential credential() {
      return new StaticCredential(
          phase,
          current,
          previous,
          next,
          run,
          lastRotation,
          nextRotation,
          graceEnd,
          original,
          readUntil,
          retired,
          releases,
          deliveries,
          history,
          deletion,
          unknown);
    }
  }

  static final Codec<StaticCredential> CODEC =
      new Codec<>() {
        @Override
        public StaticCredential read(Members members) {
          var original = members.textOr("original", "");
          return new StaticCredential(
              members.choice("phase", text -> Phase.valueOf(text.toUpperCase(Locale.ROOT))),
              members.in("current").map(StaticClient::read).orElse(null),
              members.in("previous").map(StaticClient::read).orElse(null),
              members.in("next").map(StaticClient::read).orElse(null),
              members.in("run").map(RotationRun::read).orElse(null),
              members.instant("last_rotation").orElse(null),
              members.instant("next_rotation").orElse(null),
              members.instant("grace_end").orElse(null),
              original.isEmpty() ? null : new ClientId(original),
              members.instant("read_until").orElse(null),
              members.list("retired", RetiredClient::read),
              members.list("releases", Release::read),
              members.list("deliveries", Delivery::read),
              members.list("history", PastRotation::read),
              members.in("deletion").map(RotationAccount::read).orElse(null),
              members.rest());
        }

        @Override
        public void write(StaticCredential credential, Map<String, Object> members) {
          members.put("phase", credential.phase.word());
          var objects = new LinkedHashMap<String, @Nullable Object>();
          objects.put("current", members(credential.current));
          objects.put("previous", members(credential.previous));
          objects.put("next", members(credential.next));
          objects.put(
              "run", Optional.ofNullable(credential.run).map(RotationRun::members).orElse(null));
          objects.put("last_rotation", text(credential.lastRotation));
          objects.put("next_rotation", text(credential.nextRotation));
          objects.put("grace_end", text(credential.graceEnd));
          objects.put(
              "original",
              Optional.ofNullable(credential.original).map(ClientId::value).orElse(null));
          objects.put("read_until", text(credential.readUntil));
          objects.put(
              "deletion",
              Optional.ofNullable(credential.deletion).map(RotationAccount::members).orElse(null));
          objects.forEach((name, value) -> {
            if (value != null) {
              members.put(name, value);
            }
          });
          members.put("retired", credential.retired.stream().map(RetiredClient::members).toList());
          if (!credential.releases.isEmpty()) {
            members.put("releases", credential.releases.stream().map(Release::members).toList());
          }
          if (!credential.deliveries.isEmpty()) {
            members.put(
                "deliveries", credential.deliveries.stream().map(Delivery::members).toList());
          }
          members.put("history", credential.history.stream().map(PastRotation::members).toList());
          members.putAll(credential.unknown);
        }

        private static @Nullable Map<String, Object> members(@Nullable StaticClient generation) {
          return generation == null ? null : generation.members();
        }

        private static @Nullable String text(@Nullable Instant time) {
          return time == null ? null : time.toString();
        }
      };
}
