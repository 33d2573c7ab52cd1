import { type IncomingHttpHeaders } from "node:http";
import { type Fault } from "./faults";

/** A request as a route sees it. */
export interface Call {
  readonly method: string;
  /** Path without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** The fault injected for this call, for the few that a route itself must act on (a short life). */
  readonly fault: Fault | undefined;
}

/** What a route answers. An object becomes JSON; text is sent as it is. */
export interface Reply {
  readonly status: number;
  readonly body: unknown;
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One row of the routing table. */
export interface Route<Name extends string = string> {
  /** Key in `counts`, and the name by which a fault is aimed. */
  readonly name: Name;
  readonly method: string;
  /** The whole path, or a pattern that it must match. */
  readonly path: string | RegExp;
  /** Throws ApiError to answer with an error. */
  readonly handle: (call: Call) => Reply | Promise<Reply>;
}

/** What a request line asks for. */
export interface Target {
  /** Path without the query. */
  readonly path: string;
  /** The query as sent, without `?`. */
  readonly query: string;
}

/** Reads the target of a request line, which may be any text; one with a scheme and a host is taken too (RFC 9112, 3.2.2). */
export function readTarget(text: string): Target {
  const [path = "", ...query] = text.replace(/^https?:\/\/[^/?]*/i, "").split("?");
  return { path, query: query.join("?") };
}

/** The route for this method and path, if there is one. */
export function findRoute<Name extends string>(
  routes: readonly Route<Name>[],
  method: string,
  path: string,
): Route<Name> | undefined {
  return routes.find(
    (route) =>
      route.method === method &&
      (typeof route.path === "string" ? route.path === path : route.path.test(path)),
  );
}

/** The credential of an `Authorization: Bearer` header, or undefined when there is none. */
export function bearerOf(headers: IncomingHttpHeaders): string | undefined {
  return /^Bearer ([^\s]+)$/i.exec(headers.authorization ?? "")?.[1];
}
