package dev.genesysvault.storage;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;

/**
 * Knows which document some bytes hold. What it knows is true whoever writes meanwhile, since it
 * goes by the bytes alone, as they were read just now.
 */
final class RememberingCodec<T> implements Codec<T> {
  private static final int MOST_DOCUMENTS = 256;

  /** Longer ones are read anew, so that all of them together stay below some megabytes. */
  private static final int LARGEST_BYTES = 16 * 1024;

  /** A secret that was replaced is nobody's any more. */
  private static final Duration UNUSED = Duration.ofMinutes(10);

  private final Codec<T> codec;

  /** Makes room in the task of whoever reads, which came through the door of tasks. */
  private final Cache<Bytes, T> known =
      Caffeine.newBuilder()
          .maximumSize(MOST_DOCUMENTS)
          .expireAfterAccess(UNUSED)
          .executor(Runnable::run)
          .build();

  RememberingCodec(Codec<T> codec) {
    this.codec = codec;
  }

  /** Bytes that may hold secrets. */
  @SuppressWarnings("ArrayRecordComponent") // Compared by what they are.
  private record Bytes(byte[] bytes) {
    @Override
    public boolean equals(Object other) {
      return other instanceof Bytes(var others) && Arrays.equals(bytes, others);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
      return "Bytes[%d]".formatted(bytes.length);
    }
  }

  @Override
  public T read(Members members) {
    return codec.read(members);
  }

  @Override
  public void write(T document, Map<String, Object> members) {
    codec.write(document, members);
  }

  @Override
  public T decode(String key, byte[] bytes) {
    if (bytes.length > LARGEST_BYTES) {
      return codec.decode(key, bytes);
    }
    var read = new Bytes(bytes);
    var document = known.getIfPresent(read);
    if (document == null) {
      document = codec.decode(key, bytes);
      known.put(read, document);
    }
    return document;
  }
}
