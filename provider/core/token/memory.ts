/**
 * What one process remembers between calls. A host makes one at its start and hands it to every app, so that many
 * calls with the same credential share one token source.
 */
export class Memory {
  readonly #slots = new Map<string, unknown>();
  readonly #limit: number;

  /** `limit` bounds the number of things remembered; what was not asked for the longest goes first. */
  constructor(limit = 1000) {
    this.#limit = limit;
  }

  /** What is remembered under `kind` and `key`, made now if it is new. */
  recall<T>(kind: string, key: string, create: () => T): T {
    const name = `${kind}\n${key}`;
    const thing = (this.#slots.get(name) as T | undefined) ?? create();
    // A map keeps the order in which things were put in. A clock and the pace of a service must outlive many tokens.
    this.#slots.delete(name);
    if (this.#slots.size >= this.#limit) this.#slots.delete(this.#slots.keys().next().value as string);
    this.#slots.set(name, thing);
    return thing;
  }
}
