import type { ServerClock } from "./clock";
import { Flight } from "./flight";
import type { Unavailable } from "../chain/resolver";
import type { CachedToken } from "./stored-token";
import { isPlausible, outlives } from "./token-life";

/** What an attempt to get a token came to. */
export type Renewal = Unavailable | { readonly entry: CachedToken; readonly minted: boolean };

/**
 * After a failed renewal the old token is served for this long before the next attempt, so that an outage does not
 * slow every call down. Milliseconds.
 */
const RENEWAL_PAUSE_MS = 15_000;
/** That nobody answers is remembered this long: many calls in a row must not each wait for a probe. Milliseconds. */
const ABSENCE_MS = 1000;

/** What is remembered of one credential in this process. */
export class TokenState {
  entry: CachedToken | undefined;
  readonly flight = new Flight<Renewal>();
  #pausedAt = -Infinity;
  #absent: { readonly answer: Unavailable; readonly at: number } | undefined;

  constructor(private readonly clock: ServerClock) {}

  /**
   * Keeps the better one and returns it: neither a late answer nor a token that dies sooner replaces a good one. Which
   * of its tokens a service gives is its own affair; one that was asked counts as asked, or it would be at every call.
   */
  keep(entry: CachedToken): CachedToken {
    const old = this.entry;
    if (old === undefined || !isPlausible(old, this.clock)) return (this.entry = entry);
    // A clock that was ahead when the old one came, and was put right, must not make it the newer one for hours.
    if (entry.obtainedAt < Math.min(old.obtainedAt, this.clock.now())) return old;
    return (this.entry = outlives(old, entry) ? { ...old, obtainedAt: entry.obtainedAt } : entry);
  }

  /** Whether a renewal failed a moment ago. */
  get isPausing(): boolean {
    return this.#isWithin(RENEWAL_PAUSE_MS, this.#pausedAt);
  }

  /** Begins a pause; false when there is one already. */
  pause(): boolean {
    if (this.isPausing) return false;
    this.#pausedAt = this.clock.now();
    return true;
  }

  /** The last answer, if it was that there is no credential, and that a moment ago. */
  get absent(): Unavailable | undefined {
    return this.#isWithin(ABSENCE_MS, this.#absent?.at ?? -Infinity) ? this.#absent?.answer : undefined;
  }

  set absent(answer: Unavailable | undefined) {
    this.#absent = answer && { answer, at: this.clock.now() };
  }

  // A clock that was set back must not make a pause of seconds one of hours.
  #isWithin(ms: number, since: number): boolean {
    const passed = this.clock.now() - since;
    return passed >= 0 && passed < ms;
  }
}
