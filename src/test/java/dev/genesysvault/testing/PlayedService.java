package dev.genesysvault.testing;

import dev.genesysvault.network.Transport;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A service over HTTP that a test plays: its requests, and the faults that befall them. */
public abstract class PlayedService<S extends PlayedService<S>> implements Transport {
  private final List<Armed> armed = new ArrayList<>();
  private final List<Armed> lasting = new ArrayList<>();
  private final List<Request> requests = new ArrayList<>();

  PlayedService() {}

  private record Armed(String what, Fault fault) {}

  /** What becomes of one request. */
  @FunctionalInterface
  public interface Fault {
    /**
     * Answers in the place of the service, or has it act, or fails as a network does.
     *
     * @param act what it would do else
     */
    Reply meet(Act act) throws FailedException, InterruptedException;
  }

  /** What the service would do. */
  @FunctionalInterface
  public interface Act {
    /** Does it. */
    Reply run();
  }

  abstract S self();

  /** Returns the kind of a request, of which a fault names the beginning. */
  abstract String kindOf(Request request);

  /** Does what a request asks for. */
  abstract Reply act(Request request);

  /** Lets a fault befall the next request of that kind. */
  public final synchronized S once(String what, Fault fault) {
    armed.add(new Armed(what, fault));
    return self();
  }

  /** Lets a fault befall every request of that kind, until {@link #calm}. */
  public final synchronized S always(String what, Fault fault) {
    lasting.add(new Armed(what, fault));
    return self();
  }

  /** Has no request meet a fault any more. */
  public final synchronized void calm() {
    armed.clear();
    lasting.clear();
  }

  /** Never sees the next request of that kind. */
  public final S loseRequest(String what) {
    return once(
        what,
        _ -> {
          throw new FailedException("no connection: told so", false);
        });
  }

  /** Acts upon the next request of that kind, and nobody hears of it. */
  public final S loseAnswer(String what) {
    return once(
        what,
        act -> {
          act.run();
          throw new FailedException("the connection broke: told so", true);
        });
  }

  /** Has somebody do something before the next request of that kind. */
  public final S before(String what, Runnable meanwhile) {
    return once(
        what,
        act -> {
          meanwhile.run();
          return act.run();
        });
  }

  /** Returns every request so far, in order. */
  public final synchronized List<Request> requests() {
    return List.copyOf(requests);
  }

  /** Forgets which requests there were. */
  public final synchronized void forgetRequests() {
    requests.clear();
  }

  @Override
  public final void exchange(Request request, Receiver receiver)
      throws FailedException, InterruptedException {
    var fault = fault(request);
    Delivery.whole(fault == null ? act(request) : fault.meet(() -> act(request)), receiver);
  }

  private synchronized @Nullable Fault fault(Request request) {
    requests.add(request);
    for (var each : armed) {
      if (kindOf(request).startsWith(each.what())) {
        armed.remove(each);
        return each.fault();
      }
    }
    for (var each : lasting) {
      if (kindOf(request).startsWith(each.what())) {
        return each.fault();
      }
    }
    return null;
  }
}
