import type { AddressInfo } from "node:net";
import type { Log } from "../core/context";
import { createGrpcServer, type GrpcServer, type ServerLog } from "../grpc/server";
import { type Method, once } from "../grpc/service";
import { Code, StatusError } from "../grpc/status";

/** The largest message, in bytes, as Pulumi itself sets it. Source: pulumi sdk/go/common/util/rpcutil. */
const MAX_MESSAGE_BYTES = 400 * 1024 * 1024;

/** Ends all calls under way as cancelled, but for the one of this signal. */
export type AbortCalls = (except?: AbortSignal) => void;

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
 */
export async function serve(
  make: (abortCalls: AbortCalls) => ReadonlyMap<string, Method>,
  log: Log,
): Promise<Running> {
  const methods = once(() => make(abortCalls));
  const grpc = createGrpcServer({
    routes: { unary: { get: (path) => methods().get(path) }, held: new Set() },
    log: toServerLog(log),
    maxMessageBytes: MAX_MESSAGE_BYTES,
  });
  const abortCalls: AbortCalls = (except) =>
    grpc.abortCalls(new StatusError(Code.CANCELLED, "the operation was cancelled"), except);
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
  return { debug: tell, warn: tell, error: tell };
}
