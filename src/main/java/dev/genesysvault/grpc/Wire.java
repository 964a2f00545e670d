package dev.genesysvault.grpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import dev.genesysvault.domain.Texts;
import dev.genesysvault.engine.EngineDescriptor;
import dev.genesysvault.engine.request.Lease;
import dev.genesysvault.engine.request.Mount;
import dev.genesysvault.engine.request.Operation;
import dev.genesysvault.engine.request.RefusedException;
import dev.genesysvault.engine.request.Reply;
import dev.genesysvault.engine.request.Request;
import dev.genesysvault.proto.v1.Call;
import dev.genesysvault.proto.v1.Error;
import dev.genesysvault.proto.v1.IssuedSecret;
import dev.genesysvault.proto.v1.LeasedSecret;
import dev.genesysvault.proto.v1.MountFacts;
import dev.genesysvault.proto.v1.Response;
import dev.genesysvault.proto.v1.Result;
import dev.genesysvault.resilience.Deadline;
import dev.genesysvault.storage.Json;
import dev.genesysvault.storage.MountStorage;
import dev.genesysvault.storage.Storage;
import dev.genesysvault.upstream.Events;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Turns the contract's messages into words of the engine, and back. */
final class Wire {
  /** As the plugin cuts them. */
  private static final int LONGEST_DISPLAY_NAME = 512;

  private static final int LONGEST_ENTITY_ID = 128;

  private Wire() {}

  /**
   * Returns the request that a call makes.
   *
   * @throws IllegalArgumentException if the call breaks the contract
   * @throws RefusedException if a caller sent more than the descriptor allows
   */
  static Request request(
      Call call, EngineDescriptor descriptor, Storage storage, Events events, Deadline deadline) {
    var prefetched = new HashMap<String, Optional<byte[]>>();
    var seen = new HashMap<String, Storage.Seen>();
    for (var entry : call.getPrefetchedList()) {
      if (entry.hasTag()) {
        seen.put(entry.getKey(), new Storage.Seen(entry.getKey(), entry.getTag()));
      }
      prefetched.put(
          entry.getKey(),
          entry.hasValue() ? Optional.of(entry.getValue().toByteArray()) : Optional.empty());
    }
    return new Request(
        mount(call.getMount()),
        operation(call),
        call.getPathId(),
        call.getRequestId(),
        call.getCapturesMap(),
        descriptor.fields(
            call.getPathId(), call.getCapturesMap(), call.getFieldsJson().toByteArray()),
        Texts.cut(call.getDisplayName(), LONGEST_DISPLAY_NAME),
        Texts.cut(call.getEntityId(), LONGEST_ENTITY_ID),
        call.hasSecret() ? Optional.of(lease(call.getSecret())) : Optional.empty(),
        new MountStorage(storage),
        Request.snapshot(prefetched, seen, storage),
        events,
        deadline,
        call.getShimVersion());
  }

  /** Returns the mount that a call is about. */
  static Mount mount(MountFacts facts) {
    if (facts.getUuid().isEmpty()) {
      throw new IllegalArgumentException("the call names no mount");
    }
    return new Mount(
        facts.getUuid(),
        facts.getPath(),
        facts.getWritable(),
        facts.hasDefaultLeaseTtl()
            ? Optional.of(duration(facts.getDefaultLeaseTtl()))
            : Optional.empty(),
        facts.hasMaxLeaseTtl() ? Optional.of(duration(facts.getMaxLeaseTtl())) : Optional.empty(),
        facts.hasTainted() ? Optional.of(facts.getTainted()) : Optional.empty());
  }

  private static Operation operation(Call call) {
    return switch (call.getOperation()) {
      case OPERATION_CREATE -> Operation.CREATE;
      case OPERATION_READ -> Operation.READ;
      case OPERATION_UPDATE -> Operation.UPDATE;
      case OPERATION_DELETE -> Operation.DELETE;
      case OPERATION_LIST -> Operation.LIST;
      case OPERATION_RENEW -> Operation.RENEW;
      case OPERATION_REVOKE -> Operation.REVOKE;
      case OPERATION_ROLLBACK -> Operation.ROLLBACK;
      case OPERATION_ATTEND, OPERATION_UNSPECIFIED, UNRECOGNIZED ->
          throw new IllegalArgumentException(
              "the call's operation is %s, which Serve does not know"
                  .formatted(call.getOperation()));
    };
  }

  private static Lease lease(LeasedSecret secret) {
    return new Lease(
        secret.getSecretType(),
        object(secret.getInternalDataJson()),
        duration(secret.getMaxTtl()),
        duration(secret.getIncrement()),
        instant(secret.getIssueTime()));
  }

  private static Map<String, Object> object(ByteString json) {
    return json.isEmpty() ? Map.of() : Json.read(json.toByteArray());
  }

  private static Duration duration(com.google.protobuf.Duration duration) {
    return Duration.ofSeconds(duration.getSeconds(), duration.getNanos());
  }

  private static Instant instant(Timestamp timestamp) {
    return Instant.ofEpochSecond(timestamp.getSeconds(), timestamp.getNanos());
  }

  /** Returns the result that carries a reply. */
  static Result result(Reply reply) {
    return switch (reply) {
      case Reply.Content content -> Result.newBuilder().setResponse(response(content)).build();
      case Reply.Nothing _ ->
          Result.newBuilder().setNothing(Result.Nothing.getDefaultInstance()).build();
      case Reply.Refusal(var status, var message) when status == 400 ->
          error(Error.newBuilder().setKind(Error.Kind.KIND_USER).setMessage(message));
      case Reply.Refusal(var status, var message) ->
          error(
              Error.newBuilder()
                  .setKind(Error.Kind.KIND_CODED)
                  .setHttpStatus(status)
                  .setMessage(message));
      case Reply.ReadOnly _ -> error(Error.newBuilder().setKind(Error.Kind.KIND_READ_ONLY));
      case Reply.UnsupportedOperation _ ->
          error(Error.newBuilder().setKind(Error.Kind.KIND_UNSUPPORTED_OPERATION));
    };
  }

  private static Result error(Error.Builder error) {
    return Result.newBuilder().setError(error).build();
  }

  private static Response response(Reply.Content content) {
    var response = Response.newBuilder().addAllWarnings(content.warnings());
    if (!content.data().isEmpty()) {
      response.setDataJson(ByteString.copyFrom(Json.write(content.data())));
    }
    content.secret().ifPresent(secret -> response.setSecret(secret(secret)));
    return response.build();
  }

  private static IssuedSecret secret(Reply.LeasedSecret secret) {
    var issued =
        IssuedSecret.newBuilder()
            .setSecretType(secret.type())
            .setTtl(duration(secret.ttl()))
            .setMaxTtl(duration(secret.maxTtl()));
    if (!secret.internalData().isEmpty()) {
      issued.setInternalDataJson(ByteString.copyFrom(Json.write(secret.internalData())));
    }
    return issued.build();
  }

  private static com.google.protobuf.Duration duration(Duration duration) {
    return com.google.protobuf.Duration.newBuilder()
        .setSeconds(duration.getSeconds())
        .setNanos(duration.getNano())
        .build();
  }
}
