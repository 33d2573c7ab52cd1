/**
 * What the provider was configured with, for each connection of a host. A plugin that a host started has one
 * configuration. A plugin that runs for debugging serves all aliases and all runs, and each must keep its own identity.
 */
export class Configurations<C> {
  readonly #byConnection = new WeakMap<object, { readonly made: C }>();
  #only: { readonly made: C } | undefined;
  #count = 0;

  /** Keeps the configuration of the host on this connection. */
  set(connection: object, made: C): void {
    this.#byConnection.set(connection, { made });
    this.#only = { made };
    this.#count++;
  }

  /**
   * The configuration for a connection; undefined where there is none. A host may dial again without configuring again.
   * It then gets the only configuration there is; if there are several, nobody can tell which one is its own.
   */
  find(connection: object): { readonly made: C } | undefined {
    return this.#byConnection.get(connection) ?? (this.#count === 1 ? this.#only : undefined);
  }
}
