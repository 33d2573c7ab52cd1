import type { ClientRequest } from "node:http";
import type { Socket } from "node:net";
import { steadyNow } from "../core/token/clock";

/** What is known of one attempt of a request. */
export interface Attempt {
  /** Whether there was a connection to the service; one that was kept alive counts. */
  isConnected: boolean;
  /** When the headers of its reply came; until then, when it began. Milliseconds of the steady clock. */
  headersAt: number;
}

/** Watches an attempt that begins now. */
export function watchAttempt(sent: ClientRequest): Attempt {
  const attempt: Attempt = { isConnected: false, headersAt: steadyNow() };
  const connected = () => void (attempt.isConnected = true);
  const watch = (socket: Socket) => (socket.connecting ? socket.once("connect", connected) : connected());
  if (sent.socket === null) sent.once("socket", watch);
  else watch(sent.socket);
  // got's own event comes only when the whole body is there.
  sent.once("response", () => void (attempt.headersAt = steadyNow()));
  return attempt;
}

/**
 * Since Node 24.20 the callback of `end` is told of a failure too, before anybody else is. got takes that for the end of
 * all its attempts (sindresorhus/got 2469), so it is told of success alone, as before.
 */
export function tellEndOfSuccess(sent: ClientRequest): void {
  const end = sent.end.bind(sent) as (...args: unknown[]) => ClientRequest;
  sent.end = (...args: unknown[]) => {
    const done = args.at(-1);
    if (typeof done !== "function") return end(...args);
    const tell = (error?: Error | null) => void (error ?? (done as () => void)());
    return end(...args.slice(0, -1), tell);
  };
}

/** How old the headers are, by a clock that never jumps. Milliseconds, in whole seconds as the header `Date` is. */
export function ageOf(attempt: Attempt | undefined): number {
  if (attempt === undefined) return 0;
  return Math.floor((steadyNow() - attempt.headersAt) / 1000) * 1000;
}
