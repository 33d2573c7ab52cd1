import type { AddressInfo } from "node:net";
import type { Log } from "../core/context";
import { createGrpcServer, type GrpcServer, type ServerLog } from "../grpc/server";
import { once } from "../grpc/once";
import type { Method } from "../grpc/service";
import { Code, StatusError } from "../grpc/status";

/** The largest message, in bytes, as Pulumi itself sets it. Source: pulumi sdk/go/common/util/rpcutil. */
const MAX_MESSAGE_BYTES = 400 * 1024 * 1024;

/** The call by which an engine cancels all others. */
const CANCEL = "/pulumirpc.ResourceProvider/Cancel";

/** A running plugin. */
export interface Running {
  /** The port on 127.0.0.1. */
  readonly port: number;
  /** Makes the methods, if no call has asked for one. */
  readonly load: () => void;
  /** Aborts what is in flight, which is answered so, and stops listening. */
  readonly close: () => Promise<void>;
}

/**
 * Serves the plugin on a free port of 127.0.0.1.
 *
 * @param make makes the methods, by path. It is asked once.
 * @param flush waits until what was logged has reached the engine, which drops what it hears of a call after the answer
 */
export async function serve(
  make: (abortCalls: () => void) => ReadonlyMap<string, Method>,
  log: Log,
  flush: () => Promise<void>,
): Promise<Running> {
  const methods = once(() => make(abortCalls));
  const grpc = createGrpcServer({
    routes: { unary: { get: (path) => methods().get(path) }, held: new Set() },
    log: toServerLog(log),
    maxMessageBytes: MAX_MESSAGE_BYTES,
    beforeAnswer: flush,
  });
  const abortCalls = () =>
    grpc.abortCalls(new StatusError(Code.CANCELLED, "the operation was cancelled"), CANCEL);
  const port = await listen(grpc);
  return {
    port,
    load: methods,
    close: () => {
      abortCalls();
      return grpc.end();
    },
  };
}

function listen({ server }: GrpcServer): Promise<number> {
  return new Promise((done, fail) => {
    server.once("error", fail);
    server.listen(0, "127.0.0.1", () => done((server.address() as AddressInfo).port));
  });
}

function toServerLog(log: Log): ServerLog {
  const tell: ServerLog["debug"] = (message, { error }) => log.debug(message, { error: error.message });
  const warn: ServerLog["error"] = (message, { error }) => log.warn(`${message}: ${error.message}`);
  return { debug: tell, warn: tell, error: warn };
}
