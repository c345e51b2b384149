package org.quadrille.federated.simulation;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Optional;

/**
 * What clients remember between rounds. Clients never visited have nothing here and cost nothing.
 *
 * <p><b>Thread safety</b>: {@link #get} may be called by several threads while nobody calls another
 * method.
 */
public interface ClientStates extends AutoCloseable {

  /** What a client remembers; empty if nothing was put. */
  Optional<StateArrays> get(int client);

  /**
   * Remembers. A store of single precision rounds the numbers, so {@link #get} gives what a client
   * really has.
   *
   * @param state of the same names and lengths for all clients
   */
  void put(int client, StateArrays state);

  /** The clients that have something, ascending. */
  int[] visited();

  /** Writes all that a checkpoint needs. */
  void save(DataOutput out) throws IOException;

  /** Goes back to what {@link #save} wrote. */
  void load(DataInput in) throws IOException;

  /** Called when a checkpoint that holds the last {@link #save} is safely on the disk. */
  default void saved() throws IOException {}

  @Override
  default void close() throws IOException {}
}
