/** Things by name, of which those that were not asked for the longest are dropped. */
export class Recent<T> {
  private readonly things = new Map<string, T>();

  /** @param limit how many are kept */
  constructor(private readonly limit: number) {}

  /** What is kept under this name; it counts as asked for. */
  get(name: string): T | undefined {
    const thing = this.things.get(name);
    // A map keeps the order in which things were put in.
    if (thing !== undefined && this.things.delete(name)) this.things.set(name, thing);
    return thing;
  }

  /** Keeps a thing under this name, and returns it. */
  add(name: string, thing: T): T {
    if (this.things.size >= this.limit) this.things.delete(this.things.keys().next().value as string);
    this.things.set(name, thing);
    return thing;
  }

  /** All that is kept. */
  values(): Iterable<T> {
    return this.things.values();
  }
}
