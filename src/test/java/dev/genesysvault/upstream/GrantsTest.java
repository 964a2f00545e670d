package dev.genesysvault.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genesysvault.domain.RoleDivision;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a subject may hand on. */
final class GrantsTest {
  private final Grants grants =
      new Grants(
          Set.of(new RoleDivision("role-1", "div-1"), new RoleDivision("ROLE-2", "*")), List.of());

  @Test
  void ids_agree_without_regard_to_case() {
    assertThat(
            grants.lacks(
                Set.of(new RoleDivision("ROLE-1", "DIV-1"), new RoleDivision("role-2", "div-9"))))
        .isEmpty();
  }

  @Test
  void a_role_in_one_division_is_not_held_in_another() {
    var other = new RoleDivision("role-1", "div-2");

    assertThat(grants.lacks(Set.of(other))).containsExactly(other);
  }
}
