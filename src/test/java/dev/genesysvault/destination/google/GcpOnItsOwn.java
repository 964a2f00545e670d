package dev.genesysvault.destination.google;

import dev.genesysvault.destination.Errand;
import dev.genesysvault.destination.Forms;
import dev.genesysvault.destination.OwnOrganization.Found;
import dev.genesysvault.destination.Value;
import dev.genesysvault.network.CaFile;
import dev.genesysvault.network.HttpTransport;
import dev.genesysvault.network.Network;
import dev.genesysvault.network.NoProxy;
import dev.genesysvault.network.ProxyRules;
import dev.genesysvault.network.ProxyUrl;
import dev.genesysvault.resilience.Deadline;
import dev.genesysvault.resilience.SystemLocks;
import dev.genesysvault.resilience.SystemTime;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Does all that is asked of a destination, in a process of its own, with what the distribution has
 * and nothing that tests have.
 */
final class GcpOnItsOwn {
  private GcpOnItsOwn() {}

  /** Takes the proxy's URL, the file of authorities, the file of settings, and an entry. */
  public static void main(String[] arguments) throws Exception {
    var time = new SystemTime();
    var rules = new ProxyRules(Optional.of(ProxyUrl.parse(arguments[0])), false, NoProxy.NONE);
    var network =
        Network.of(rules, Optional::empty, CaFile.read("--ca-file", Path.of(arguments[1])));
    var kind =
        new GcpSecretManagerKind(network, new HttpTransport(time, network), new SystemLocks());
    var entry = arguments[3];
    var errand =
        new Errand(
            Errand.id("test"),
            Deadline.in(Duration.ofMinutes(1), time),
            () -> new Found.Not("there is none"));
    long begin = time.nanos();
    var destination = kind.open(Forms.pairs(Files.readString(Path.of(arguments[2]))));
    long opened = time.nanos();
    System.out.println(destination.check(entry, false, errand));
    long first = time.nanos();
    System.out.println(destination.send(entry, new Value(Map.of("a", "1")), errand));
    System.out.println(destination.send(entry, new Value(Map.of("a", "2")), errand));
    System.out.println(destination.retire(entry, "2", List.of("1"), errand));
    System.out.println(destination.look(entry, "2", new Value(Map.of("a", "2")), errand));
    System.out.println(destination.remove(entry, "2", errand));
    System.out.println(destination.look(entry, "2", new Value(Map.of("a", "2")), errand));
    System.out.printf(
        "opened in %d ms, asked first in %d ms%n",
        Duration.ofNanos(opened - begin).toMillis(), Duration.ofNanos(first - opened).toMillis());
    Thread.getAllStackTraces().keySet().forEach(it -> System.out.println("thread " + it.getName()));
  }
}
