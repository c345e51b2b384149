package org.quadrille.federated.simulation;

import java.util.List;
import java.util.function.ToLongFunction;

/**
 * Where clients come from. What a client holds is opened only when it is asked, so a hundred
 * thousand clients need not lie in memory.
 *
 * <p><b>Thread safety</b>: {@link #open} is called by several threads at once.
 *
 * @param <D> what a client holds
 */
public interface ClientSource<D> {

  /** How many clients there are; they have the numbers from 0. */
  int clients();

  /** How many examples a client has; 0 is legal and means that it never contributes. */
  long points(int client);

  /** What a client holds. */
  D open(int client);

  /** Examples of all clients together. */
  default long points() {
    long sum = 0;
    for (int client = 0; client < clients(); client++) {
      sum += points(client);
    }
    return sum;
  }

  /** Clients that lie in memory. */
  static <D> ClientSource<D> of(List<? extends D> clients, ToLongFunction<? super D> points) {
    List<D> held = List.copyOf(clients);
    return new ClientSource<>() {
      @Override
      public int clients() {
        return held.size();
      }

      @Override
      public long points(int client) {
        return points.applyAsLong(held.get(client));
      }

      @Override
      public D open(int client) {
        return held.get(client);
      }
    };
  }
}
