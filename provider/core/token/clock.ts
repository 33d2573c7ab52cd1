/** Milliseconds from any start, which never jump. Node would load `performance` at its first use, and take 2 ms of a start. */
export function steadyNow(): number {
  return process.uptime() * 1000;
}

/** `Date` has whole seconds and was on its way for a while: the server's time is what it says, or so much later. */
const SLACK_MS = 2000;
/** A clock that has to be put right by so much was wrong. */
const NOTABLE_MS = 5000;
/**
 * A host's clock counts whole milliseconds and the steady clock parts of them. A difference of less than this is no
 * clock that was set back: to make up for it at each look would let time run faster for a program that looks often.
 */
const GRAIN_MS = 100;

/**
 * The server's time, learnt from the `Date` header of its replies. Expiry and assertions are judged by it, so a host
 * whose clock is wrong still works. Between two replies it never goes back: a host clock that is set back cannot bring a
 * dead token to life.
 */
export class ServerClock {
  private offset = 0;
  private isMeasured = false;
  private latest: { readonly time: number; readonly at: number };

  /**
   * @param hostNow the host's wall clock, in milliseconds since the epoch
   * @param monotonic milliseconds that never jump, from any start
   */
  constructor(
    private readonly hostNow: () => number,
    private readonly monotonic: () => number = steadyNow,
  ) {
    this.latest = { time: hostNow(), at: monotonic() };
  }

  /** Milliseconds since the epoch, as the server would say. */
  now(): number {
    const wall = this.hostNow() + this.offset;
    const at = this.monotonic();
    const least = this.latest.time + at - this.latest.at;
    // The host's clock was set back by this much, so the server is that much further ahead of it from now on.
    if (least - wall > GRAIN_MS) this.offset += least - wall;
    const time = Math.max(wall, least);
    this.latest = { time, at };
    return time;
  }

  /** How far the server is ahead of this host, in milliseconds. */
  get offsetMs(): number {
    return this.offset;
  }

  /** Whether this host's clock is wrong by more than a few seconds. */
  get isHostWrong(): boolean {
    return Math.abs(this.offset) >= NOTABLE_MS;
  }

  /**
   * Takes over what another process measured, until a reply says better. Only a server that is ahead counts: the other
   * way round, a wrong guess would make a dead token look alive.
   */
  presume(offsetMs: number): void {
    if (!this.isMeasured) this.offset = Math.max(this.offset, offsetMs);
  }

  /**
   * Learns from a reply's `Date`, which is `ageMs` old by now. The clock is moved as little as makes it agree.
   * @returns whether it was wrong by more than a few seconds until now
   */
  observe(date: number | undefined, ageMs = 0): boolean {
    if (date === undefined) return false;
    const [earliest, latest] = [date + ageMs, date + ageMs + SLACK_MS];
    const wall = this.hostNow() + this.offset;
    const time = Math.min(Math.max(wall, earliest), latest);
    this.isMeasured = true;
    this.offset += time - wall;
    this.latest = { time, at: this.monotonic() };
    return Math.abs(time - wall) >= NOTABLE_MS;
  }
}
