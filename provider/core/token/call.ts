import { ServiceError } from "../words/errors";
import { option, say } from "../words/message";

/** One caller's request: how it is cancelled, and how much time is left of its budget. */
export interface Call {
  readonly signal: AbortSignal;
  /** Milliseconds left; never negative. Measured by a monotonic clock, so a jump of the wall clock is no matter. */
  readonly remaining: () => number;
}

/** As far as Node's timers count: beyond it they fire at once. Milliseconds, more than 24 days. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** Starts a budget of `timeoutMs` milliseconds for one call. */
export function startCall(signal: AbortSignal, timeoutMs: number): Call {
  const end = performance.now() + Math.min(timeoutMs, MAX_TIMER_MS);
  return { signal, remaining: () => Math.max(0, end - performance.now()) };
}

/** The same call with so many milliseconds taken off its time. */
export function shortened(call: Call, ms: number): Call {
  return { signal: call.signal, remaining: () => Math.max(0, call.remaining() - ms) };
}

/** Work ends this much before the one who waits for it, so that its own error, which says more, is seen. Milliseconds. */
const SOONER_MS = 50;

/** The call as work is given it that somebody waits for with the whole time. */
export function sooner(call: Call): Call {
  return shortened(call, Math.min(SOONER_MS, call.remaining() / 2));
}

/**
 * The promise, or the caller's end, whichever is first: the abort reason, or a `ServiceError` when the time is up.
 * The work itself may go on for others.
 */
export async function within<T>(call: Call, work: Promise<T>): Promise<T> {
  call.signal.throwIfAborted();
  let settle = (): void => undefined;
  const ended = new Promise<never>((_, reject) => {
    const timer = setTimeout(() => reject(timeoutError()), Math.ceil(call.remaining()));
    const leave = () => reject(call.signal.reason as Error);
    call.signal.addEventListener("abort", leave, { once: true });
    settle = () => {
      clearTimeout(timer);
      call.signal.removeEventListener("abort", leave);
    };
  });
  try {
    return await Promise.race([work, ended]);
  } finally {
    settle();
  }
}

function timeoutError(): ServiceError {
  return new ServiceError(
    say`no token within the time allowed. Raise ${option("timeout")} if the service is just slow.`,
    "timeout",
  );
}
