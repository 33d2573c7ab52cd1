/** The emulator's own clock: every `Date` header, judgement of a time and record is made with it. */
export interface Clock {
  /** Milliseconds since the epoch, the offset included. */
  now(): number;
}

/** What {@link createClock} reads on each call, so that a test may move the clock while the emulator runs. */
export interface ClockSettings {
  /** Added to the base clock, in milliseconds; negative is slow. */
  clockOffsetMs: number;
}

/** A clock that is `base` (default: the machine's) moved by the offset in force at the time of the call. */
export function createClock(settings: ClockSettings, base: () => number = Date.now): Clock {
  return { now: () => base() + settings.clockOffsetMs };
}
