package dev.genesysvault.testing;

import dev.genesysvault.resilience.Locks;

/** A monitor of the product's, but for the way in which tasks wait in it. */
abstract class RealMonitor implements Locks.Monitor {
  private final Locks.Monitor real;

  RealMonitor(Locks.Monitor real) {
    this.real = real;
  }

  @Override
  public final void lock() {
    real.lock();
  }

  @Override
  public final void unlock() {
    real.unlock();
  }

  @Override
  public final void signalAll() {
    real.signalAll();
  }
}
