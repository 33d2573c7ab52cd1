import { describeDefect } from "../../core/words/defect";
import { type Http2Server, type ServerHttp2Session } from "node:http2";
import { type Logger } from "./log";

/** How long to wait for a host, in milliseconds. */
export interface Patience {
  /** Until the first connection. A host gives a plugin 60 s to answer, then connects at once. */
  readonly firstMs: number;
  /** After the last connection has closed: a host that lives dials again. */
  readonly goneMs: number;
}

/** What go-plugin's own timings ask for. */
export const PATIENCE: Patience = { firstMs: 90_000, goneMs: 3_000 };

/**
 * Calls back when no host is left: a killed host cannot send Shutdown, and its plugin would stay for ever.
 *
 * Relies on the host's held streams: without a call under way, grpc-go drops a connection idle for 30 minutes,
 * though its host is still there.
 */
export function watchHost(server: Http2Server, patience: Patience, onGone: () => void): void {
  let open = 0;
  let timer = setTimeout(onGone, patience.firstMs);
  server.on("session", (session: ServerHttp2Session) => {
    open++;
    clearTimeout(timer);
    session.once("close", () => {
      open--;
      if (open === 0) timer = setTimeout(onGone, patience.goneMs);
    });
  });
}

/** The two ways into the end of the process; each does its part once, however often it is called. */
export interface Ending {
  /** Does the last work. Resolves when it is done, failed, or out of time. */
  readonly stopped: () => Promise<void>;
  /** Does the last work, and exits. */
  readonly leave: (why: string, exitCode: number) => void;
}

/** The last work. The signal aborts when a fifth of its time is left: to say what was not done. */
export type LastWork = (signal: AbortSignal) => Promise<void>;

/**
 * Joins the ends: Shutdown, a signal, a host that is gone.
 *
 * @param stop the last work
 * @param limitMs how long it may take
 */
export function createEnding(stop: LastWork, limitMs: number, log: Logger): Ending {
  let work: Promise<void> | undefined;
  let left = false;
  const stopped = () => (work ??= lastWork(stop, limitMs, log));
  return {
    stopped,
    leave(why, exitCode) {
      if (left) return;
      left = true;
      log.debug("ending", { why });
      void stopped().then(() => process.exit(exitCode));
    },
  };
}

async function lastWork(stop: LastWork, limitMs: number, log: Logger): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(() => {
      log.warn("the last work took too long and was given up", { limit_ms: limitMs });
      resolve();
    }, limitMs);
  });
  try {
    await Promise.race([stop(AbortSignal.timeout(Math.floor(limitMs * 0.8))), late]);
  } catch (error) {
    log.error("the last work failed", { error: describeDefect(error) });
  } finally {
    clearTimeout(timer);
  }
}
