package dev.genesysvault.genesys;

import dev.genesysvault.domain.ClientId;
import dev.genesysvault.domain.Done;
import dev.genesysvault.domain.Outcome;
import dev.genesysvault.domain.Outcome.Failed;
import dev.genesysvault.domain.Texts;
import dev.genesysvault.domain.UpstreamFailure;
import dev.genesysvault.domain.UpstreamFailure.Limited;
import dev.genesysvault.resilience.CallContext;
import dev.genesysvault.resilience.Deadline;
import dev.genesysvault.resilience.Lane;
import dev.genesysvault.resilience.MemoryBudget;
import dev.genesysvault.resilience.Time;
import dev.genesysvault.upstream.ClientListHealth;
import dev.genesysvault.upstream.ListedClient;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The organisation's list of clients, gone through from one end to the other while it arrives, page
 * after page. The API documents no paging for it, nor excludes it: what it says of itself is
 * compared with what it shows.
 */
final class ClientList {
  /** A list that goes on is read on, however long it is. */
  static final Duration SILENCE = Duration.ofSeconds(10);

  /** For a token, and a place in the budget. */
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  /** A list that has begun waits this long where the request limit is reached. */
  private static final Duration LONGEST_LIMIT = Duration.ofMinutes(5);

  /** Of an id in a text, in UTF-16 units. */
  private static final int LONGEST_ID = 64;

  private static final Logger LOG = LoggerFactory.getLogger(ClientList.class);

  private final PlatformApi api;
  private final URI base;
  private final MemoryBudget memory;
  private final Time time;

  /** What was told last; one list at a time reads and writes it. */
  private Optional<Doubt> told = Optional.empty();

  private volatile Optional<ClientListHealth> health = Optional.empty();

  ClientList(PlatformApi api, URI base, MemoryBudget memory, Time time) {
    this.api = api;
    this.base = base;
    this.memory = memory;
    this.time = time;
  }

  /**
   * What came of it.
   *
   * @param begun when its first page was asked for
   * @param doubt why nothing follows from what it does not show; empty where it does
   */
  record Whole(Instant begun, String doubt) {}

  /** Why nothing follows from what a list does not show. */
  private enum Doubt {
    REPEATED("it shows %1$d clients, and some of them twice: %3$s"),
    FEWER("it shows %d clients and says that there are %d"),
    NO_NEXT("it shows %d clients, and does not say where its next page is"),
    ELSEWHERE("it shows %d clients, and its next page is not at this API's own address"),
    TOO_MANY("after %d clients there is no memory to tell more of them apart");

    private final String text;

    Doubt(String text) {
      this.text = text;
    }
  }

  /** Returns whether the lists read last were whole; empty where none was read to its end. */
  Optional<ClientListHealth> health() {
    return health;
  }

  /**
   * Goes through it.
   *
   * @param begins told when its first byte has come
   * @param each shown every client, once
   */
  Outcome<Whole> read(Lane lane, Runnable begins, Consumer<ListedClient> each)
      throws InterruptedException {
    try (var ids = new IdSet(memory.open())) {
      return new Reading(lane, begins, each, ids).run();
    }
  }

  private final class Reading {
    private final Lane lane;
    private final Runnable begins;
    private final Consumer<ListedClient> each;
    private final IdSet ids;
    private Instant asked = Instant.MAX;
    private boolean begun;
    private @Nullable ClientId repeated;
    private boolean tooMany;
    private long total = -1;

    Reading(Lane lane, Runnable begins, Consumer<ListedClient> each, IdSet ids) {
      this.lane = lane;
      this.begins = begins;
      this.each = each;
      this.ids = ids;
    }

    Outcome<Whole> run() throws InterruptedException {
      var call = ApiCall.listClients();
      for (int number = 1; ; number++) {
        int before = ids.size();
        var page = new ClientListPage(this::listed);
        if (page(call, page) instanceof Failed<Done>(var failure)) {
          return Outcome.failed(failure);
        }
        total = Math.max(total, page.total());
        if (page.nextUri().isEmpty()) {
          return over(page.pageCount() > number ? Optional.of(Doubt.NO_NEXT) : Optional.empty());
        }
        var next = NextPage.query(page.nextUri(), base, call.path());
        if (next.isEmpty()) {
          return over(Optional.of(Doubt.ELSEWHERE));
        }
        // A page that brings nothing new would be followed by more of its kind.
        if (ids.size() == before && !tooMany) {
          return over(total < 0 ? Optional.of(Doubt.NO_NEXT) : Optional.empty());
        }
        call = ApiCall.listClients(next.get());
      }
    }

    /** A list that has begun goes on when the request limit allows it again. */
    private Outcome<Done> page(ApiCall call, ClientListPage page) throws InterruptedException {
      var wait = PATIENCE;
      while (true) {
        var outcome =
            api.stream(
                call,
                new CallContext(lane, Deadline.in(wait, time)),
                new PlatformApi.Streaming(
                    this::ask, this::answered, page::read, page::readable, Optional.of(SILENCE)));
        if (!begun
            || !(outcome instanceof Failed<Done>(Limited limited))
            || limited.retryAfter().compareTo(LONGEST_LIMIT) > 0) {
          return outcome;
        }
        wait = PATIENCE.plus(limited.retryAfter());
      }
    }

    private void ask() {
      if (!begun) {
        asked = time.now();
      }
    }

    private void answered() {
      if (!begun) {
        begun = true;
        begins.run();
      }
    }

    private void listed(Optional<ListedClient> client) throws IOException {
      if (client.isEmpty()) {
        return;
      }
      boolean first = true;
      if (!tooMany) {
        try {
          first = ids.add(client.get().id().value());
        } catch (IdSet.FullException _) {
          tooMany = true;
        }
      }
      if (first) {
        each.accept(client.get());
      } else if (repeated == null) {
        repeated = client.get().id();
      }
    }

    private Outcome<Whole> over(Optional<Doubt> ofPages) {
      var doubt = ofPages.or(this::ofClients);
      var text = doubt.map(why -> why.text.formatted(ids.size(), total, repeatedText())).orElse("");
      if (!doubt.equals(told) && doubt.isPresent()) {
        LOG.atWarn()
            .addKeyValue("reason", text)
            .log(
                "Genesys' list of OAuth clients is not whole: nothing is taken for gone that it does not show");
      }
      told = doubt;
      if (!doubt.equals(Optional.of(Doubt.TOO_MANY))) {
        // That one is this process's own, and says nothing of Genesys.
        health = Optional.of(after(text));
      }
      return Outcome.ok(
          new Whole(asked, text.isEmpty() ? "" : "Genesys' list of clients is not whole: " + text));
    }

    private ClientListHealth after(String text) {
      var before = health.filter(it -> it.doubtful() > 0 && it.isOf(asked));
      return text.isEmpty()
          ? new ClientListHealth(0, asked, asked, "")
          : new ClientListHealth(
              before.map(ClientListHealth::doubtful).orElse(0) + 1,
              before.map(ClientListHealth::since).orElse(asked),
              asked,
              text);
    }

    private String repeatedText() {
      if (repeated == null) {
        return "";
      }
      var said = total < 0 ? "" : "; it says that there are " + total;
      return Texts.cut(repeated.value(), LONGEST_ID) + said;
    }

    private Optional<Doubt> ofClients() {
      if (tooMany) {
        return Optional.of(Doubt.TOO_MANY);
      }
      if (repeated != null) {
        return Optional.of(Doubt.REPEATED);
      }
      return ids.size() < total ? Optional.of(Doubt.FEWER) : Optional.empty();
    }
  }

  /** Returns what it is called that somebody no longer waits for it. */
  static UpstreamFailure unfinished(String why) {
    return new UpstreamFailure.Unavailable(
        ApiCall.listClients().template(), why, UpstreamFailure.NO_CORRELATION_ID);
  }
}
