package dev.genesysvault.network;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.hc.client5.http.DnsResolver;

/**
 * Looks names up in threads of the operating system: a lookup that hangs would hold one of the few
 * that all virtual threads run on.
 */
final class NameLookup implements DnsResolver {
  private final Duration patience;

  /** Who asks for a name that is being looked up waits for the same answer. */
  private final ConcurrentMap<String, CompletableFuture<InetAddress[]>> underWay =
      new ConcurrentHashMap<>();

  private final ExecutorService threads =
      Executors.newCachedThreadPool(Thread.ofPlatform().daemon().name("names-", 0).factory());

  /**
   * Makes one.
   *
   * @param patience how long a lookup may take
   */
  NameLookup(Duration patience) {
    this.patience = patience;
  }

  @Override
  public InetAddress[] resolve(String host) throws UnknownHostException {
    var lookup =
        underWay.computeIfAbsent(
            host, name -> CompletableFuture.supplyAsync(() -> addresses(name), threads));
    var _ = lookup.whenComplete((_, _) -> underWay.remove(host, lookup));
    try {
      return lookup.get(patience.toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof UnknownHostException unknown ? unknown : noAnswer(host);
    } catch (TimeoutException _) {
      throw noAnswer(host);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw noAnswer(host);
    }
  }

  private static InetAddress[] addresses(String name) {
    try {
      return InetAddress.getAllByName(name);
    } catch (UnknownHostException e) {
      throw new CompletionException(e);
    }
  }

  private static UnknownHostException noAnswer(String host) {
    return new UnknownHostException("nobody said in time which address %s has".formatted(host));
  }

  @Override
  public String resolveCanonicalHostname(String host) {
    return host;
  }
}
