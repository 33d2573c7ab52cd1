/** Differences under this many milliseconds are noise: `Date` has whole seconds and travels for a while. */
const NOISE_MS = 5000;
/**
 * A host clock that is behind by less was not set back: it counts whole milliseconds, the steady one parts of them.
 * To make up for that at each look would let time run twice as fast for a program that looks often.
 */
const GRAIN_MS = 100;

/**
 * The server's time, learnt from the `Date` header of its replies. Expiry and assertions are judged by it, so a host
 * whose clock is wrong still works. Between two replies it never goes back, nor slower than time passes: a host clock
 * that is set back cannot bring a dead token to life.
 */
export class ServerClock {
  #offsetMs = 0;
  #latest: { readonly time: number; readonly at: number };
  #isMeasured = false;

  /**
   * @param hostNow the host's wall clock, in milliseconds since the epoch
   * @param monotonic milliseconds that never jump, from any start
   */
  constructor(
    private readonly hostNow: () => number,
    private readonly monotonic: () => number = () => performance.now(),
  ) {
    this.#latest = { time: hostNow(), at: monotonic() };
  }

  /** Milliseconds since the epoch, as the server would say. */
  now(): number {
    const wall = this.hostNow() + this.#offsetMs;
    const at = this.monotonic();
    const least = this.#latest.time + at - this.#latest.at;
    // The host's clock was set back, by this much: from now on the server is that much more ahead of it.
    if (least - wall > GRAIN_MS) this.#offsetMs += least - wall;
    const time = Math.max(wall, least);
    this.#latest = { time, at };
    return time;
  }

  /** How far the server is ahead of this host, in milliseconds; differences of a few seconds count as none. */
  get offsetMs(): number {
    return this.#offsetMs;
  }

  /**
   * Takes over a correction that another process measured, until a reply says better. Only a server that is ahead
   * counts: the other way round, the guess could make a dead token look alive.
   */
  presume(offsetMs: number): void {
    if (!this.#isMeasured) this.#offsetMs = Math.max(this.#offsetMs, offsetMs);
  }

  /** Learns from a reply's `Date`, which is `ageMs` old by now; returns whether the correction changed by more than noise. */
  observe(date: number | undefined, ageMs = 0): boolean {
    if (date === undefined) return false;
    const serverTime = date + ageMs;
    this.#isMeasured = true;
    this.#latest = { time: serverTime, at: this.monotonic() };
    const measured = serverTime - this.hostNow();
    const corrected = Math.abs(measured) < NOISE_MS ? 0 : measured;
    const changed = Math.abs(corrected - this.#offsetMs) >= NOISE_MS;
    if (changed) this.#offsetMs = corrected;
    return changed;
  }
}
