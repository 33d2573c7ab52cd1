import {
  createSecureServer,
  createServer,
  type Http2Server,
  type IncomingHttpHeaders,
  type SecureServerOptions,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from "node:http2";
import { setTimeout as delay } from "node:timers/promises";
import { answer, type AnswerOptions, hold, refuse } from "./call";
import { MAX_MESSAGE_BYTES } from "./framing";
import { type Method, type Routes } from "./service";
import { Code, StatusError, toStatus } from "./status";

/** Where a server tells what went wrong outside of a call's answer. */
export type ServerLog = Readonly<
  Record<"debug" | "warn" | "error", (message: string, fields: { readonly error: Error }) => void>
>;

/** How long the answers under way may take when the server ends, in milliseconds. */
const ANSWERS_MS = 500;

/** What a gRPC server needs. */
export interface GrpcServerOptions extends AnswerOptions {
  readonly routes: Routes;
  readonly log: ServerLog;
  /** TLS options; plain HTTP/2 without them. */
  readonly tls?: SecureServerOptions | undefined;
}

/**
 * A gRPC server on node:http2 for unary calls. It is our own, since grpc-js costs more, and a host starts the plugin four
 * times in one run. The Pulumi plugin answers first after 46 ms with this one and messages of our own, after 71 with
 * grpc-js and Pulumi's, and its bundle has a fourth of the size. node:http2 also tells when a session ends, and so when the
 * host is gone.
 */
export interface GrpcServer {
  /** To listen with, and for its "session" event. */
  readonly server: Http2Server;
  /** Ends all calls under way with this status, but for those of the method with this path. Later calls are served. */
  abortCalls(status: StatusError, exceptPath?: string): void;
  /** Takes no further call, waits a moment for the answers under way, and drops every connection. */
  end(): Promise<void>;
  /** Takes no further call and drops every connection. */
  close(): void;
}

/** Builds the server; it does not listen yet. */
export function createGrpcServer(options: GrpcServerOptions): GrpcServer {
  const { routes, log, tls, maxMessageBytes = MAX_MESSAGE_BYTES } = options;
  // Without this, http2 refuses streams once a session holds 10 MB.
  const settings = { maxSessionMemory: (2 * maxMessageBytes) / 1e6 };
  const server = tls ? createSecureServer({ ...tls, ...settings }) : createServer(settings);
  const sessions = new Set<ServerHttp2Session>();
  const calls = new Map<AbortController, string>();

  // Methods may be loaded here. What that throws is the answer, since nobody else could give one.
  const find = (path: string): Method | undefined => {
    try {
      return routes.unary.get(path);
    } catch (error) {
      const status = toStatus(error);
      return () => Promise.reject(status);
    }
  };

  track(server, sessions);
  logFailures(server, log);
  server.on("stream", (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => {
    stream.on("error", (error) => log.debug("a call's stream failed", { error }));
    const path = headers[":path"] ?? "";
    const method = find(path);
    if (!method || !isGrpc(headers)) return otherwise(stream, headers, routes);
    const controller = new AbortController();
    calls.set(controller, path);
    void answer(stream, headers, method, controller, options).finally(() => calls.delete(controller));
  });

  const close = () => {
    server.close();
    for (const session of sessions) session.destroy();
  };
  return {
    server,
    abortCalls(status, exceptPath) {
      for (const [call, path] of calls) if (path !== exceptPath) call.abort(status);
    },
    async end() {
      server.close();
      // By the event: one that is closing already forgets a callback given to `close`.
      const closed = Array.from(
        sessions,
        (session) => new Promise<void>((done) => session.once("close", done)),
      );
      for (const session of sessions) session.close();
      await Promise.race([Promise.all(closed), delay(ANSWERS_MS)]);
      close();
    },
    close,
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
function logFailures(server: Http2Server, log: ServerLog): void {
  server.on("sessionError", (error: Error) => log.debug("a connection failed", { error }));
  server.on("tlsClientError", (error: Error) =>
    log.warn("a client was refused: TLS handshake failed", { error }),
  );
  server.on("error", (error: Error) => log.error("the server failed", { error }));
}
