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
 * This relies on the stream that every host holds open: without a call, grpc-go drops a connection after 30 minutes,
 * though the host is still there.
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

/** Ends the process. Nothing is left to do then, and what listens for "exit" still runs. */
export function leave(log: Logger, why: string, exitCode: number): void {
  log.debug("ending", { why });
  process.exit(exitCode);
}
