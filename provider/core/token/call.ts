import { ServiceError } from "../words/errors";
import { option, say } from "../words/message";
import { steadyNow } from "./clock";

/** One caller's request: how it is cancelled, how much time is left of its budget, and how often to try again. */
export interface Call {
  readonly signal: AbortSignal;
  /** Milliseconds left; never negative. Measured by a monotonic clock, so a jump of the wall clock is no matter. */
  readonly remaining: () => number;
  /** Attempts after the first, for each request. */
  readonly retries: number;
}

/** As far as Node's timers count: beyond it they fire at once. Milliseconds, more than 24 days. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** Starts a budget of `timeoutMs` milliseconds for one call. */
export function startCall(signal: AbortSignal, timeoutMs: number, retries = 0): Call {
  const end = steadyNow() + Math.min(timeoutMs, MAX_TIMER_MS);
  return { signal, retries, remaining: () => Math.max(0, end - steadyNow()) };
}

/**
 * The promise, or the caller's end, whichever is first: the abort reason, or a `ServiceError` when the time is up.
 * The work itself may go on for others.
 */
export async function within<T>(call: Call, work: Promise<T>): Promise<T> {
  if (call.signal.aborted) {
    // Nobody hears how the work ends.
    work.catch(() => undefined);
    throw call.signal.reason;
  }
  let settle = (): void => undefined;
  const ended = new Promise<never>((_, reject) => {
    const timer = setTimeout(() => reject(timeoutError()), Math.ceil(call.remaining()));
    const stay = onAbort(call.signal, reject);
    settle = () => {
      clearTimeout(timer);
      stay();
    };
  });
  try {
    return await Promise.race([work, ended]);
  } finally {
    settle();
  }
}

type Leave = (reason: unknown) => void;

/** All who wait by one signal, and its only listener of ours. */
interface Waiting {
  readonly leaves: Set<Leave>;
  readonly listener: () => void;
}

const waiting = new WeakMap<AbortSignal, Waiting>();

/**
 * Calls `leave` with the reason when the signal is aborted, until what it returns is called. All who wait by a signal
 * share one listener: Node compares each new one with all before it, and warns of more than ten.
 */
function onAbort(signal: AbortSignal, leave: Leave): () => void {
  let all = waiting.get(signal);
  if (all === undefined) {
    const leaves = new Set<Leave>();
    const listener = () => leaves.forEach((each) => each(signal.reason));
    waiting.set(signal, (all = { leaves, listener }));
    signal.addEventListener("abort", listener, { once: true });
  }
  const { leaves, listener } = all;
  leaves.add(leave);
  return () => {
    leaves.delete(leave);
    if (leaves.size > 0) return;
    // Node keeps a signal that is listened to, even when nobody else has it any more.
    waiting.delete(signal);
    signal.removeEventListener("abort", listener);
  };
}

function timeoutError(): ServiceError {
  return new ServiceError(
    say`no token came within the time allowed. Raise ${option("timeout")} if the service is just slow.`,
    "timeout",
  );
}
