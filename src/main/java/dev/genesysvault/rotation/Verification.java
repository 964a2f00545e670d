package dev.genesysvault.rotation;

import dev.genesysvault.domain.ClientBody;
import dev.genesysvault.domain.ClientId;
import dev.genesysvault.domain.Credential;
import dev.genesysvault.domain.Mark;
import dev.genesysvault.domain.Outcome;
import dev.genesysvault.domain.Outcome.Failed;
import dev.genesysvault.domain.Outcome.Ok;
import dev.genesysvault.domain.Pairs;
import dev.genesysvault.domain.RoleDivision;
import dev.genesysvault.domain.Texts;
import dev.genesysvault.domain.Trouble;
import dev.genesysvault.domain.UpstreamFailure;
import dev.genesysvault.domain.UpstreamFailure.Refused;
import dev.genesysvault.resilience.CallContext;
import dev.genesysvault.rotation.RoleSnapshot.Check;
import dev.genesysvault.storage.StaticClient;
import dev.genesysvault.upstream.Directory;
import dev.genesysvault.upstream.Directory.DivisionsPage;
import dev.genesysvault.upstream.FoundClient;
import dev.genesysvault.upstream.Genesys;
import dev.genesysvault.upstream.Grants;
import dev.genesysvault.upstream.MadeClient;
import dev.genesysvault.upstream.TokenOwner;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a successor has to show before anybody gets it. Asks as the mount, then as the successor.
 */
final class Verification {
  /** Why a successor is not even asked: its secret goes to no others. */
  static final String ELSEWHERE =
      "config has other addresses than those under which the next client was made. Another client is made";

  private static final int MOST_PAGES = 100;
  private static final String READ_BACK = "read_back";
  private static final String LOG_IN = "log_in";
  private static final String GRANTS = "grants";
  private static final String DIVISIONS = "divisions";

  /** A client whose create was lost is given up, so that there is no second attempt. */
  private static final int FIRST_ATTEMPT = 1;

  private final Genesys genesys;
  private final Mark mark;
  private final CallContext context;
  private final List<Check> checks = new ArrayList<>();

  Verification(Genesys genesys, Mark mark, CallContext context) {
    this.genesys = genesys;
    this.mark = mark;
    this.context = context;
  }

  /** What came of it. */
  sealed interface Verdict {
    /** It is what was asked for, and does what it shall. */
    record Passed() implements Verdict {}

    /**
     * It does not show all of it; looking again later may help.
     *
     * @param why one sentence
     */
    record NotYet(Trouble why) implements Verdict {}

    /**
     * It is not what was asked for, and never will be.
     *
     * @param why one sentence
     * @param shown what it is
     */
    record Wrong(String why, ClientBody shown) implements Verdict {}

    /** Genesys could not be asked. */
    record Unanswered(UpstreamFailure failure) implements Verdict {}
  }

  /** Returns what was looked at so far. */
  List<Check> checks() {
    return List.copyOf(checks);
  }

  /** Compares what Genesys keeps of the client with what was asked for. */
  Verdict readBack(StaticClient next, ClientId id) throws InterruptedException {
    return switch (genesys.clients().get(id, context)) {
      case Ok<FoundClient>(var found) when !found.deleted() -> {
        var differences =
            MadeClient.differences(next.body(), found.body(), mark, next.key(), FIRST_ATTEMPT);
        checks.add(
            new Check(
                READ_BACK,
                differences.isEmpty(),
                differences.isEmpty() ? "as asked for" : String.join("; ", differences)));
        yield differences.isEmpty()
            ? new Verdict.Passed()
            : new Verdict.Wrong(
                "Genesys made client %s otherwise than asked: %s. Look whether each role and division still exists and the mount's client holds it, and what else Genesys refuses."
                    .formatted(id, String.join("; ", differences)),
                found.body());
      }
      case Ok<FoundClient> _ ->
          new Verdict.Wrong(
              "client %s was deleted meanwhile, by somebody else.".formatted(id), next.body());
      case Failed<FoundClient>(Refused refused) when refused.notFound() ->
          new Verdict.NotYet(Trouble.of("Genesys does not show client %s yet.".formatted(id)));
      case Failed<FoundClient>(var failure) -> new Verdict.Unanswered(failure);
    };
  }

  /** Logs in as the client, and compares what it sees with what it shall see. */
  Verdict logIn(StaticClient next, Credential credential) throws InterruptedException {
    var directory = genesys.as(credential).directory();
    var owner = owner(directory, credential.id());
    if (!(owner instanceof Verdict.Passed)) {
      return owner;
    }
    var pairs = next.body().roleDivisions();
    var grants = grants(directory, pairs);
    return grants instanceof Verdict.Passed ? divisions(directory, pairs) : grants;
  }

  private Verdict owner(Directory directory, ClientId id) throws InterruptedException {
    return switch (directory.tokenOwner(context)) {
      case Ok<TokenOwner>(var owner) when owner.id().equals(id) -> passed(LOG_IN, "token of " + id);
      case Ok<TokenOwner>(var owner) ->
          notYet(LOG_IN, Trouble.of("its token belongs to client %s".formatted(owner.id())));
      case Failed<TokenOwner>(var failure) -> notYet(LOG_IN, failure.trouble());
    };
  }

  private Verdict grants(Directory directory, Set<RoleDivision> wanted)
      throws InterruptedException {
    return switch (directory.ownGrants(context)) {
      case Ok<Grants>(var grants) -> {
        var missing = Pairs.missing(wanted, grants.pairs());
        var surplus = Pairs.missing(grants.pairs(), wanted);
        yield missing.isEmpty() && surplus.isEmpty()
            ? passed(GRANTS, "exactly the pairs of role and division asked for: " + wanted.size())
            : notYet(GRANTS, Trouble.of(differences(missing, surplus)));
      }
      case Failed<Grants>(var failure) -> notYet(GRANTS, failure.trouble());
    };
  }

  private static String differences(Set<RoleDivision> missing, Set<RoleDivision> surplus) {
    var lacks = missing.isEmpty() ? "" : "it lacks " + Texts.some(missing);
    var has = surplus.isEmpty() ? "" : "it has %s beside".formatted(Texts.some(surplus));
    return lacks.isEmpty() || has.isEmpty() ? lacks + has : lacks + ", and " + has;
  }

  private Verdict divisions(Directory directory, Set<RoleDivision> pairs)
      throws InterruptedException {
    // Ids are UUIDs, whose letters Genesys need not show in the case that was asked for.
    var missing = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    pairs.stream()
        .filter(pair -> !pair.inAllDivisions())
        .map(RoleDivision::divisionId)
        .forEach(missing::add);
    int wanted = missing.size();
    int pages = 1;
    for (int number = 1; number <= Math.min(pages, MOST_PAGES); number++) {
      Outcome<DivisionsPage> outcome = directory.divisions(number, context);
      switch (outcome) {
        case Ok<DivisionsPage>(var page) -> {
          pages = page.pageCount();
          page.ids().forEach(missing::remove);
        }
        case Failed<DivisionsPage>(var failure) -> {
          return notYet(DIVISIONS, failure.trouble());
        }
      }
    }
    return missing.isEmpty()
        ? passed(DIVISIONS, "divisions listed of those that it has grants in: " + wanted)
        : notYet(
            DIVISIONS, Trouble.of("Genesys does not list divisions %s to it".formatted(missing)));
  }

  private Verdict passed(String check, String detail) {
    checks.add(new Check(check, true, detail));
    return new Verdict.Passed();
  }

  private static String remedy(String check) {
    return switch (check) {
      case LOG_IN ->
          "If that stays, look in Genesys what keeps clients of this organisation from logging in, such as an IP allowlist.";
      case GRANTS ->
          "If that stays, look in Genesys who changes the client's roles; where Genesys is only slow, give the sidecar a longer --propagation-delay.";
      default ->
          "If that stays, look in Genesys whether each of these divisions still exists; where Genesys is only slow, give the sidecar a longer --propagation-delay.";
    };
  }

  private Verdict notYet(String check, Trouble detail) {
    checks.add(new Check(check, false, detail.text()));
    return new Verdict.NotYet(
        detail
            .after("the next client does not show yet what it shall (%s): ".formatted(check))
            .then(". " + remedy(check)));
  }
}
