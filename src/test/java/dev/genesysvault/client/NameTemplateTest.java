package dev.genesysvault.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class NameTemplateTest {
  @Test
  void variables_are_replaced_with_or_without_spaces_around_their_names() {
    assertThat(render("v-{{role_name}}-{{ random }}!", Map.of("role_name", "r", "random", "1")))
        .isEqualTo("v-r-1!");
    assertThat(render("{{mount_path}}", Map.of())).isEmpty();
  }

  @Test
  void a_name_is_never_cut_through_a_character() {
    var name = render("{{display_name}}", Map.of("display_name", "x".repeat(99) + "\uD83D\uDE00y"));

    assertThat(name).isEqualTo("x".repeat(99) + "?");
  }

  @Test
  void a_name_that_is_cut_does_not_end_in_a_space() {
    assertThat(render("{{display_name}}", Map.of("display_name", "x".repeat(99) + " y")))
        .isEqualTo("x".repeat(99));
  }

  @Test
  void what_comes_from_outside_is_kept_as_far_as_genesys_keeps_it() {
    assertThat(render("v-{{display_name}}", Map.of("display_name", " M\u00fcller\t\u65e5\u0000 ")))
        .isEqualTo("v- M\u00fcller ?");
  }

  @Test
  void a_template_that_was_stored_before_the_rule_is_still_rendered() {
    assertThat(render(" caf\u00e9  \uD83D\uDE00 ", Map.of())).isEqualTo("caf\u00e9 ?");
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          'caf\u00e9-\uD83D\uDE00', U+1F600 at position 6
          ' {{role_name}}', begins or ends
          '{{role_name}} ', begins or ends
          'a  {{role_name}}', two spaces
          'a\nb', U+000A
          '{{role_name', counterpart
          'role_name}}', counterpart
          '{{role}}', {{role}}
          '{{}}', unknown variable
          """)
  void a_written_template_that_genesys_may_keep_otherwise_is_refused(String text, String why) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> NameTemplate.written(text.translateEscapes()))
        .withMessageContaining(why);
  }

  @Test
  void a_written_template_of_latin_1_is_taken() {
    assertThat(NameTemplate.written("M\u00fcller {{ display_name }} {{random}}").render(Map.of()))
        .isEqualTo("M\u00fcller");
  }

  private static String render(String template, Map<String, String> values) {
    return NameTemplate.parse(template).render(values);
  }
}
