/**
 * What providers were configured with, by the connection of their host. A process started by a host has one; for
 * debugging, all aliases and all runs share a process, and each must keep to its own identity.
 */
export class Configurations<C> {
  readonly #byConnection = new WeakMap<object, { readonly made: C }>();
  #only: { readonly made: C } | undefined;
  #count = 0;

  /** Keeps what the host of this connection is to be served with. */
  set(connection: object, made: C): void {
    this.#byConnection.set(connection, { made });
    this.#only = { made };
    this.#count++;
  }

  /** Undefined for a host that configured nothing. One that dialled again finds its own, where there was no other. */
  find(connection: object): { readonly made: C } | undefined {
    return this.#byConnection.get(connection) ?? (this.#count === 1 ? this.#only : undefined);
  }
}
