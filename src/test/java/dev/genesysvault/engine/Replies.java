package dev.genesysvault.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genesysvault.engine.request.Reply;
import java.util.List;
import java.util.Map;

/** Takes replies apart, and fails where they are of another kind. */
final class Replies {
  private Replies() {}

  static Reply.Content content(Reply reply) {
    assertThat(reply).isInstanceOf(Reply.Content.class);
    return (Reply.Content) reply;
  }

  static Map<String, ?> data(Reply reply) {
    return content(reply).data();
  }

  static List<String> warnings(Reply reply) {
    return content(reply).warnings();
  }

  static Reply.LeasedSecret secret(Reply reply) {
    return content(reply).secret().orElseThrow();
  }

  static String refusal(Reply reply, int httpStatus) {
    assertThat(reply).isInstanceOf(Reply.Refusal.class);
    var refusal = (Reply.Refusal) reply;
    assertThat(refusal.httpStatus()).as(refusal.message()).isEqualTo(httpStatus);
    return refusal.message();
  }
}
