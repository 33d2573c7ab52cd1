import { setTimeout as delay } from "node:timers/promises";
import type { Call } from "./call";
import { Flight } from "./flight";

/** Spreads work out in time: each piece begins at least `intervalMs` after the one before. */
export class Pace {
  #next = 0;
  #queue: Promise<void> = Promise.resolve();

  constructor(private readonly intervalMs: number) {}

  /** Waits for this caller's turn. Rejects when the signal aborts; a turn that is given up costs the others no time. */
  turn(signal: AbortSignal): Promise<void> {
    const mine = this.#queue.then(() => this.#begin(signal));
    this.#queue = mine.catch(() => undefined);
    return mine;
  }

  async #begin(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const left = this.#next - performance.now();
    if (left > 0) await delay(Math.ceil(left), undefined, { signal });
    this.#next = performance.now() + this.intervalMs;
  }
}

/** Requests of a service that counts them: equal ones at the same time are one, and all keep a pace. */
export class Gate<T> {
  readonly #flights = new Map<string, Flight<T>>();
  readonly #pace: Pace;

  /** @param intervalMs least time between the beginnings of two requests */
  constructor(intervalMs: number) {
    this.#pace = new Pace(intervalMs);
  }

  /** The answer to the request called `name`, asked now or already on its way. */
  async pass(name: string, call: Call, ask: (shared: Call) => Promise<T>): Promise<T> {
    const flight = this.#flights.get(name) ?? new Flight<T>();
    this.#flights.set(name, flight);
    return flight.join(call, async (shared) => {
      await this.#pace.turn(shared.signal);
      return ask(shared);
    });
  }
}
