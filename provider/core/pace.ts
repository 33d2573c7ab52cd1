import { setTimeout as delay } from "node:timers/promises";
import type { Call } from "./call";
import { Flight } from "./flight";

/** Spreads work out in time: each piece begins at least `intervalMs` after the one before. */
export class Pace {
  #next = 0;

  constructor(private readonly intervalMs: number) {}

  /** Waits for this caller's turn. Rejects when the signal aborts. */
  async turn(signal: AbortSignal): Promise<void> {
    const now = performance.now();
    const start = Math.max(now, this.#next);
    this.#next = start + this.intervalMs;
    if (start > now) await delay(Math.ceil(start - now), undefined, { signal });
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
