package dev.genesysvault.simulation;

import dev.genesysvault.resilience.Tasks;
import java.util.ArrayList;
import java.util.List;

/** Tasks that live in one process and die with it. */
final class SimulatedProcess implements Tasks {
  private final Scheduler scheduler;
  private final String name;
  private final List<Runnable> lastWords = new ArrayList<>();
  private boolean dead;

  SimulatedProcess(Scheduler scheduler, String name) {
    this.scheduler = scheduler;
    this.name = name;
  }

  @Override
  public Task start(String taskName, Runnable body) {
    var task = scheduler.start(this, taskName, body);
    return () -> scheduler.interrupt(task);
  }

  /** Has others take note, in the order of asking, that it has died. */
  void whenDead(Runnable note) {
    lastWords.add(note);
  }

  /** Lets who asked go without the note. */
  void forget(Runnable note) {
    lastWords.remove(note);
  }

  /** Ends every task of it at its next door; nothing of what they would do happens any more. */
  void kill() {
    if (dead) {
      return;
    }
    dead = true;
    scheduler.trace("kill", name);
    scheduler.killTasksOf(this);
    List.copyOf(lastWords).forEach(Runnable::run);
  }

  boolean dead() {
    return dead;
  }

  String name() {
    return name;
  }
}
