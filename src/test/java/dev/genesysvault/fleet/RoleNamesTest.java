package dev.genesysvault.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RoleNamesTest {
  private static final String ID = "5bf46959-0000-4000-8000-000000000000";

  @ParameterizedTest
  @CsvSource({
    "CRM Connector, crm-connector",
    "' Wallboard (Süd) ', wallboard-sud",
    "a.b_c-d, a.b_c-d",
    "../../sys/mounts, sys-mounts",
    "Ærø 東京 7, r-7",
    "'-- x --', x"
  })
  void a_name_is_made_of_what_the_client_is_called(String clientName, String role) {
    assertThat(new RoleNames("{{client_name}}").name(ID, clientName)).isEqualTo(role);
    assertThat(RoleNames.valid(role)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "東京", "...", "   "})
  void where_nothing_is_left_of_it_the_id_takes_its_place(String clientName) {
    assertThat(new RoleNames("{{client_name}}").name(ID, clientName)).isEqualTo(ID);
  }

  @Test
  void a_template_has_text_around_it() {
    var names = new RoleNames("old-{{client_id}}.v1");

    assertThat(names.name(ID, "")).isEqualTo("old-" + ID + ".v1");
    assertThat(names.needsClientName()).isFalse();
    assertThat(new RoleNames("{{client_name}}-{{client_id}}").needsClientName()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "crm",
        "{{name}}",
        "{{client_name}}/x",
        "{{client_id}",
        "-{{client_id}}",
        "{{client_id}} x"
      })
  void a_template_that_makes_no_names_is_refused(String template) {
    assertThatThrownBy(() -> new RoleNames(template))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("--name-template is \"" + template + "\"")
        .hasMessageContaining("{{client_name}}");
  }

  @Test
  void a_name_is_what_vault_takes() {
    assertThat(RoleNames.valid("_a.b-c_")).isTrue();
    assertThat(RoleNames.valid("x".repeat(512))).isTrue();
    assertThat(RoleNames.valid("x".repeat(513))).isFalse();
    assertThat(RoleNames.valid("-a")).isFalse();
    assertThat(RoleNames.valid("a.")).isFalse();
    assertThat(RoleNames.valid("a/b")).isFalse();
    assertThat(RoleNames.valid("é")).isFalse();
  }
}
