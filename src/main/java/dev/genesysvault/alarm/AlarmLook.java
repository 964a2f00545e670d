package dev.genesysvault.alarm;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What one look at a mount has found: which causes stand, and of which others nobody can say yet
 * whether they do, since who would know has only just started.
 */
public final class AlarmLook {
  private static final Comparator<Alarm> WORST_FIRST =
      Comparator.comparing((Alarm alarm) -> alarm.kind().severity())
          .thenComparing(alarm -> !alarm.ofMount())
          .thenComparing(Alarm::since)
          .thenComparing(Alarm::kind)
          .thenComparing(Alarm::subject);

  private final List<Alarm> alarms;
  private final int more;
  private final Map<AlarmKind, Doubt> doubts;

  private AlarmLook(List<Alarm> alarms, int more, Map<AlarmKind, Doubt> doubts) {
    this.alarms = List.copyOf(alarms);
    this.more = more;
    this.doubts = Map.copyOf(doubts);
  }

  /** Says of a cause that does not stand whether it is known that it does not. */
  @FunctionalInterface
  public interface Doubt {
    /**
     * Whether nobody can say.
     *
     * @param subject what it is about
     * @param since when it was seen to begin, when it was
     */
    boolean about(String subject, Instant since);
  }

  /**
   * Returns those that stand: the worst first, of these what is about the whole mount, then the
   * oldest.
   */
  public List<Alarm> alarms() {
    return alarms;
  }

  /** Returns how many more stand than are listed. */
  public int more() {
    return more;
  }

  /** Whether a cause that is not listed may stand all the same. */
  public boolean mayStand(AlarmKind kind, String subject, Instant since) {
    return Optional.ofNullable(doubts.get(kind))
        .filter(doubt -> doubt.about(subject, since))
        .isPresent();
  }

  /** Puts a look together, in one task. */
  public static final class Builder {
    private final List<Alarm> alarms = new ArrayList<>();
    private final Map<AlarmKind, Doubt> doubts = new HashMap<>();
    private int more;

    /** Says that a cause stands. */
    public void stands(Alarm alarm) {
      alarms.add(alarm);
    }

    /** Says that a cause of the mount as a whole stands. */
    public void stands(AlarmKind kind, Instant since, String detail) {
      stands(new Alarm(kind, "", since, detail));
    }

    /** Says of which causes of a kind nobody can say whether they stand. */
    public void doubts(AlarmKind kind, Doubt doubt) {
      doubts.merge(
          kind,
          doubt,
          (one, other) ->
              (subject, since) -> one.about(subject, since) || other.about(subject, since));
    }

    /** Whether somebody has said that of some cause of a kind. */
    public boolean doubted(AlarmKind kind) {
      return doubts.containsKey(kind);
    }

    /** Says that nobody can say anything about a kind. */
    public void unknown(AlarmKind kind) {
      doubts(kind, (_, _) -> true);
    }

    /** Says that more stand, of some kinds, of which nothing is said here. */
    public void more(int number, AlarmKind... kinds) {
      if (number > 0) {
        more += number;
        List.of(kinds).forEach(this::unknown);
      }
    }

    /** Returns how many more stand of which nothing is said; they count as said from now on. */
    public int takeMore() {
      int taken = more;
      more = 0;
      return taken;
    }

    /** Returns those that were said to stand so far, in that order. */
    public List<Alarm> alarms() {
      return List.copyOf(alarms);
    }

    /** Has other ones stand instead. */
    public void replace(List<Alarm> others) {
      alarms.clear();
      alarms.addAll(others);
    }

    /**
     * Returns the look.
     *
     * @param most alarms of single things that are listed, beside those of the whole mount; that
     *     there are more is an alarm itself
     */
    public AlarmLook build(int most, Instant now) {
      var byCause = new LinkedHashMap<Map.Entry<AlarmKind, String>, Alarm>();
      alarms.forEach(alarm -> byCause.putIfAbsent(Map.entry(alarm.kind(), alarm.subject()), alarm));
      var sorted = byCause.values().stream().sorted(WORST_FIRST).toList();
      var singles = sorted.stream().filter(alarm -> !alarm.ofMount()).toList();
      int cut = Math.min(most, singles.size());
      int unlisted = more + singles.size() - cut;
      if (unlisted == 0) {
        return new AlarmLook(sorted, 0, doubts);
      }
      singles.subList(cut, singles.size()).forEach(alarm -> unknown(alarm.kind()));
      var listed = new ArrayList<>(singles.subList(0, cut));
      sorted.stream().filter(Alarm::ofMount).forEach(listed::add);
      listed.add(new Alarm(AlarmKind.TOO_MANY_ALARMS, "", now, "%,d more".formatted(unlisted)));
      return new AlarmLook(listed.stream().sorted(WORST_FIRST).toList(), unlisted, doubts);
    }
  }
}
