package dev.genesysvault.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genesysvault.engine.EngineDescriptor;
import dev.genesysvault.engine.request.Instance;
import dev.genesysvault.proto.v1.HelloReply;
import dev.genesysvault.testing.FakeTime;
import dev.genesysvault.testing.InlineTasks;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class HandshakeTest {
  private final Handshake handshake =
      new Handshake(
          new Instance("instance-1", "v9.9.9", FakeTime.START),
          List.of(EngineDescriptor.current()));
  private final List<String> heard = new ArrayList<>();

  private final StreamObserver<HelloReply> caller =
      new StreamObserver<>() {
        @Override
        public void onNext(HelloReply reply) {
          heard.add(reply.getInstanceId());
        }

        @Override
        public void onError(Throwable cause) {
          heard.add("error");
        }

        @Override
        public void onCompleted() {
          heard.add("over");
        }
      };

  @Test
  void says_who_is_there() {
    handshake.greet(caller, new InlineTasks());

    assertThat(heard).containsExactly("instance-1", "over");
  }

  @Test
  void says_nothing_where_no_task_runs_any_more() {
    handshake.greet(caller, (_, _) -> () -> {});

    assertThat(heard).isEmpty();
  }
}
