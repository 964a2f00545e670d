package dev.genesysvault.resilience;

/** Each task is a virtual thread. */
public final class VirtualThreadTasks implements Tasks {
  @Override
  public Task start(String name, Runnable body) {
    return Thread.ofVirtual().name(name).start(body)::interrupt;
  }
}
