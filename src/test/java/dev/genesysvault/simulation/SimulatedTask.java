package dev.genesysvault.simulation;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A task of a schedule: a virtual thread that runs only while it holds the baton. */
final class SimulatedTask implements Step {
  final int id;
  final String name;
  final SimulatedProcess process;
  private final String text;
  private final Thread thread;
  private volatile boolean baton;
  private boolean started;

  /** Whether it is among those that could go on. */
  boolean ready;

  /** Whether an interruption ends its present wait. */
  boolean interruptible;

  boolean interrupted;
  boolean killed;

  /** What it waits for; null while it does not wait. */
  @Nullable String waitingFor;

  SimulatedTask(int id, String name, SimulatedProcess process, Runnable body) {
    this.id = id;
    this.name = name;
    this.process = process;
    this.text = process.name() + "/" + name + "#" + id;
    this.thread = Thread.ofVirtual().name(name).unstarted(body);
  }

  /** Gives it the baton; the caller must not go on as if it still had it. */
  void handBaton() {
    baton = true;
    if (started) {
      LockSupport.unpark(thread);
    } else {
      started = true;
      thread.start();
    }
  }

  /** Waits, in the task's own thread, until the baton is handed to it. */
  void awaitBaton() {
    while (!baton) {
      LockSupport.park(this);
    }
    baton = false;
  }

  boolean started() {
    return started;
  }

  boolean runs(Thread candidate) {
    return thread == candidate;
  }

  /** Returns where it stands, innermost first, in the code of this product alone. */
  String stack() {
    var text = new StringBuilder();
    for (var frame : thread.getStackTrace()) {
      if (frame.getClassName().startsWith("dev.genesysvault")
          && !frame.getClassName().startsWith("dev.genesysvault.simulation.S")) {
        text.append("\n      at ").append(frame);
      }
    }
    return text.toString();
  }

  @Override
  public String toString() {
    return text;
  }
}
