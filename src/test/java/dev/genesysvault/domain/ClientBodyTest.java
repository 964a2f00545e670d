package dev.genesysvault.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** In what a client differs from what was asked for. */
final class ClientBodyTest {
  private static final ClientBody WANTED = body("role-1:div-a", "role-2:*");

  private static ClientBody body(String... pairs) {
    var set = new TreeSet<RoleDivision>();
    for (var pair : pairs) {
      int colon = pair.indexOf(':');
      set.add(new RoleDivision(pair.substring(0, colon), pair.substring(colon + 1)));
    }
    return ClientBody.of(
        new ClientName("vault-x-1"),
        "made by Vault",
        Duration.ofHours(1),
        set,
        Map.of("ipAllowlist", List.of("192.0.2.0/24")));
  }

  private static ClientBody with(String member, Object value) {
    var members = new LinkedHashMap<>(WANTED.members());
    members.put(member, value);
    return new ClientBody(members);
  }

  private static List<Object> pairs() {
    return new ArrayList<>((List<?>) WANTED.members().get("roleDivisions"));
  }

  @Test
  void the_same_differs_in_nothing() {
    assertThat(WANTED.differences(WANTED)).isEmpty();
    assertThat(WANTED.showsEffect()).isTrue();
  }

  @Test
  void order_repetition_and_case_of_pairs_do_not_count() {
    var pairs = pairs().reversed();
    pairs.addAll(pairs());
    assertThat(WANTED.differences(with("roleDivisions", pairs))).isEmpty();

    var upper =
        pairs().stream()
            .map(pair -> {
              var members = (Map<?, ?>) pair;
              return Map.of(
                  "roleId", String.valueOf(members.get("roleId")).toUpperCase(Locale.ROOT),
                  "divisionId", String.valueOf(members.get("divisionId")).toUpperCase(Locale.ROOT));
            })
            .toList();
    assertThat(WANTED.differences(with("roleDivisions", upper))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          r:a,r:b | r:a         | lacks [r:b]
          r:a     | r:a,r:b     | has [r:b] beside
          r:a     | r:*         | has [r:*] beside
          r:*     | r:a         | lacks [r:*]
          r:a     | s:a         | lacks [r:a]
          r:a     | s:a         | has [s:a] beside
          """)
  void less_and_more_and_other_pairs_are_told(String wanted, String made, String told) {
    assertThat(body(wanted.split(",", -1)).differences(body(made.split(",", -1))))
        .anySatisfy(difference -> assertThat(difference).contains(told));
  }

  @Test
  void a_role_in_all_divisions_is_the_same_as_in_all_and_in_some() {
    assertThat(body("r:*", "r:a").differences(body("r:*"))).isEmpty();
    assertThat(body("r:*").differences(body("r:*", "r:a"))).isEmpty();
  }

  @Test
  void a_pair_that_is_none_is_told() {
    var pairs = pairs();
    pairs.add(Map.of("roleId", "role-9"));

    assertThat(WANTED.differences(with("roleDivisions", pairs)))
        .singleElement()
        .asString()
        .contains("role-9", "no pair");
  }

  @Test
  void what_decides_is_told_and_texts_are_not() {
    for (var member : Set.of("state", "authorizedGrantType", "accessTokenValiditySeconds")) {
      assertThat(WANTED.differencesInEffect(with(member, "other"))).as(member).hasSize(1);
    }
    assertThat(WANTED.differencesInEffect(with("ipAllowlist", List.of()))).hasSize(1);
    assertThat(WANTED.differencesInEffect(with("name", "x"))).isEmpty();
    assertThat(WANTED.differencesInEffect(with("description", "x"))).isEmpty();
    assertThat(WANTED.differences(with("description", "x"))).hasSize(1);
    assertThat(WANTED.differences(with("description", " MADE  by vault "))).isEmpty();
  }

  @Test
  void a_difference_is_cut_to_a_size() {
    assertThat(WANTED.differences(with("ipAllowlist", "9".repeat(100_000))))
        .allSatisfy(difference -> assertThat(difference).hasSizeLessThan(600));
  }

  @Test
  void a_body_without_what_decides_shows_too_little() {
    var members = new LinkedHashMap<>(WANTED.members());
    members.remove("roleDivisions");

    assertThat(new ClientBody(members).showsEffect()).isFalse();
  }
}
