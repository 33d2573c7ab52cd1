import {
  createSecureServer,
  createServer,
  type Http2Server,
  type IncomingHttpHeaders,
  type SecureServerOptions,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from "node:http2";
import { type Logger } from "../log";
import { answer, hold, refuse } from "./call";
import { MAX_MESSAGE_BYTES } from "./framing";
import { type Routes } from "./service";
import { Code, StatusError } from "./status";

/** What a gRPC server needs. */
export interface GrpcServerOptions {
  readonly routes: Routes;
  readonly log: Logger;
  /** TLS options; plain HTTP/2 without them. */
  readonly tls?: SecureServerOptions | undefined;
  /** Largest message in bytes, both ways. Default {@link MAX_MESSAGE_BYTES}. */
  readonly maxMessageBytes?: number;
}

/**
 * A gRPC server on node:http2 for unary calls. It is our own, since grpc-js costs more, and a host starts the plugin up
 * to four times in one run. Measured, ours against grpc-js: 270 ms of CPU until the schema is answered against 300, and
 * a bundle of 1.2 MB against 2.1, not minified. node:http2 also tells when a session ends, and so when the host is gone.
 */
export interface GrpcServer {
  /** To listen with, and for its "session" event. */
  readonly server: Http2Server;
  /** Ends all calls under way with this status. Later calls are served. */
  abortCalls(status: StatusError): void;
  /** Takes no further call and drops every connection. */
  close(): void;
}

/** Builds the server; it does not listen yet. */
export function createGrpcServer(options: GrpcServerOptions): GrpcServer {
  const { routes, log, tls, maxMessageBytes } = options;
  // Without this, http2 refuses streams once a session holds 10 MB.
  const settings = { maxSessionMemory: (2 * MAX_MESSAGE_BYTES) / 1e6 };
  const server = tls ? createSecureServer({ ...tls, ...settings }) : createServer(settings);
  const sessions = new Set<ServerHttp2Session>();
  const calls = new Set<AbortController>();

  track(server, sessions);
  logFailures(server, log);
  server.on("stream", (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => {
    stream.on("error", (error) => log.debug("a call's stream failed", { error }));
    const method = routes.unary.get(headers[":path"] ?? "");
    if (!method || !isGrpc(headers)) return otherwise(stream, headers, routes);
    const controller = new AbortController();
    calls.add(controller);
    void answer(stream, headers, method, controller, maxMessageBytes).finally(() => calls.delete(controller));
  });

  return {
    server,
    abortCalls(status) {
      for (const call of calls) call.abort(status);
    },
    close() {
      server.close();
      for (const session of sessions) session.destroy();
    },
  };
}

function isGrpc(headers: IncomingHttpHeaders): boolean {
  return headers["content-type"]?.startsWith("application/grpc") ?? false;
}

function otherwise(stream: ServerHttp2Stream, headers: IncomingHttpHeaders, routes: Routes): void {
  const path = headers[":path"] ?? "";
  if (!isGrpc(headers)) {
    stream.respond({ ":status": 415 }, { endStream: true });
  } else if (routes.held.has(path)) {
    hold(stream);
  } else {
    refuse(stream, new StatusError(Code.UNIMPLEMENTED, `unknown method ${path}`));
  }
}

function track(server: Http2Server, sessions: Set<ServerHttp2Session>): void {
  server.on("session", (session: ServerHttp2Session) => {
    sessions.add(session);
    session.on("close", () => sessions.delete(session));
  });
}

/** A refused client must leave a trace, and an "error" event without a listener ends the process. */
function logFailures(server: Http2Server, log: Logger): void {
  server.on("sessionError", (error: Error) => log.debug("a connection failed", { error }));
  server.on("tlsClientError", (error: Error) =>
    log.warn("a client was refused: TLS handshake failed", { error }),
  );
  server.on("error", (error: Error) => log.error("the server failed", { error }));
}
