package dev.genesysvault.genesys;

import dev.genesysvault.domain.Outcome;
import dev.genesysvault.domain.Outcome.Failed;
import dev.genesysvault.domain.Outcome.Ok;
import dev.genesysvault.resilience.CallContext;
import dev.genesysvault.resilience.Fatal;
import dev.genesysvault.resilience.Lane;
import dev.genesysvault.resilience.Locks;
import dev.genesysvault.resilience.LogContext;
import dev.genesysvault.resilience.Tasks;
import dev.genesysvault.upstream.ListedClient;
import dev.genesysvault.upstream.Searched;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One list of clients at a time, read in a task of its own for all who asked before its first byte
 * came. Who comes later waits for the next one: what he asks for may have been passed already. A
 * list that nobody waits for any more is given up. What is logged of a list names its mount, and no
 * request: it is read for several; who is told is told in his own name.
 */
final class SharedList {
  /** One question has as many records behind it at the most. */
  private static final int MOST_FOUND = 10_000;

  private static final Logger LOG = LoggerFactory.getLogger(SharedList.class);

  private final ClientList list;
  private final Tasks tasks;
  private final Locks.Monitor monitor;
  private @Nullable Round running;
  private @Nullable Round next;

  SharedList(ClientList list, Tasks tasks, Locks locks) {
    this.list = list;
    this.tasks = tasks;
    this.monitor = locks.monitor();
  }

  /** What somebody looks for. */
  private static final class Question {
    private final Predicate<ListedClient> wanted;
    private final Lane lane;
    private final Consumer<Outcome<Searched>> whenDone;
    private final LogContext asker = LogContext.caller();
    private final List<ListedClient> found = new ArrayList<>();
    private boolean tooMany;
    private boolean left;
    private @Nullable Outcome<Searched> answer;

    Question(Predicate<ListedClient> wanted, Lane lane, Consumer<Outcome<Searched>> whenDone) {
      this.wanted = wanted;
      this.lane = lane;
      this.whenDone = whenDone;
    }

    void look(ListedClient client) {
      if (wanted.test(client)) {
        if (found.size() < MOST_FOUND) {
          found.add(client);
        } else {
          tooMany = true;
        }
      }
    }

    Outcome<Searched> answered(Outcome<ClientList.Whole> outcome) {
      return switch (outcome) {
        case Failed<ClientList.Whole>(var failure) -> Outcome.failed(failure);
        case Ok<ClientList.Whole>(var whole) ->
            Outcome.ok(
                new Searched(
                    whole.begun(),
                    found,
                    tooMany
                        ? "more than %d clients were found at once".formatted(MOST_FOUND)
                        : whole.doubt()));
      };
    }
  }

  /** One list, and who asked for it. */
  private static final class Round {
    private final List<Question> questions = new ArrayList<>();

    /** Nobody joins any more: its first byte has come, or it was given up. */
    private boolean closed;

    private Tasks.@Nullable Task task;
  }

  /** Looks for clients, and waits until the context's deadline. */
  Outcome<Searched> search(Predicate<ListedClient> wanted, CallContext context)
      throws InterruptedException {
    var question = new Question(wanted, context.lane(), _ -> {});
    monitor.lock();
    try {
      ask(question);
      while (true) {
        var answer = question.answer;
        if (answer != null) {
          return answer;
        }
        if (context.deadline().over()) {
          leave(question);
          return Outcome.failed(ClientList.unfinished("no time was left to wait for the list"));
        }
        monitor.await(context.deadline().left());
      }
    } catch (InterruptedException e) {
      leave(question);
      throw e;
    } finally {
      monitor.unlock();
    }
  }

  /** Looks for clients, and tells when it is done. */
  Tasks.Task search(
      Predicate<ListedClient> wanted, Lane lane, Consumer<Outcome<Searched>> whenDone) {
    var question = new Question(wanted, lane, whenDone);
    locked(() -> ask(question));
    return () -> locked(() -> leave(question));
  }

  private void locked(Runnable change) {
    monitor.lock();
    try {
      change.run();
    } finally {
      monitor.unlock();
    }
  }

  private void ask(Question question) {
    var present = running;
    if (present == null) {
      present = new Round();
      present.questions.add(question);
      begin(present);
    } else if (!present.closed) {
      present.questions.add(question);
    } else {
      var following = next == null ? new Round() : next;
      following.questions.add(question);
      next = following;
    }
  }

  /** The task that begins it may be that of the list before, and works for others than asked. */
  private void begin(Round round) {
    running = round;
    var asker = round.questions.getFirst().asker.shared();
    round.task = tasks.start("list of clients", () -> asker.run(() -> read(round)));
  }

  private void leave(Question question) {
    question.left = true;
    if (next != null && next.questions.remove(question) && next.questions.isEmpty()) {
      next = null;
    }
    var present = running;
    if (present != null
        && present.task != null
        && present.questions.stream().allMatch(other -> other.left)) {
      present.closed = true;
      present.task.interrupt();
    }
  }

  private void read(Round round) {
    Outcome<ClientList.Whole> outcome = Outcome.failed(ClientList.unfinished("it was given up"));
    try {
      outcome = list.read(lane(round), () -> close(round), client -> look(round, client));
    } catch (InterruptedException _) {
      // Nobody waits for it any more.
    } catch (RuntimeException | Error e) {
      // Nobody is told of an end that is the process's: this is what it was in the midst of.
      Fatal.check(e);
      LOG.atError().setCause(e).log("reading Genesys' list of OAuth clients met a bug");
      outcome = Outcome.failed(ClientList.unfinished("internal error in the sidecar: see its log"));
    }
    end(round, outcome);
  }

  /** Whoever asked first, the most urgent one of them counts. */
  private Lane lane(Round round) {
    monitor.lock();
    try {
      return round.questions.stream()
          .map(question -> question.lane)
          .min(Lane::compareTo)
          .orElse(Lane.LOOK);
    } finally {
      monitor.unlock();
    }
  }

  private void close(Round round) {
    locked(() -> round.closed = true);
  }

  /** Nobody joins any more by now. */
  private static void look(Round round, ListedClient client) {
    for (var question : round.questions) {
      question.look(client);
    }
  }

  private void end(Round round, Outcome<ClientList.Whole> outcome) {
    var told = new ArrayList<Question>();
    locked(() -> {
      for (var question : round.questions) {
        question.answer = question.answered(outcome);
        if (!question.left) {
          told.add(question);
        }
      }
      running = null;
      var following = Optional.ofNullable(next);
      next = null;
      following.ifPresent(this::begin);
      monitor.signalAll();
    });
    for (var question : told) {
      var answer = question.answer;
      if (answer != null) {
        question.asker.run(() -> question.whenDone.accept(answer));
      }
    }
  }
}
