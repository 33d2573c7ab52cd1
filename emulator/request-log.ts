import { type IncomingMessage } from "node:http";
import { type Target } from "./http";

/** A request that came in. It never holds a header's value that could be a secret. */
export interface RequestRecord<Name extends string = string> {
  readonly route: Name;
  readonly method: string;
  /** Path without the query. */
  readonly path: string;
  /** The query as sent, without `?`. */
  readonly query: string;
  /** Emulator time, in milliseconds since the epoch. */
  readonly time: number;
  /** Lower-case names of all headers. */
  readonly headerNames: readonly string[];
  /** Scheme of the Authorization header ("Bearer"), or undefined when there was none. */
  readonly authorization: string | undefined;
  readonly userAgent: string | undefined;
  /** The id answered in `x-request-id`. */
  readonly requestId: string;
  /** HTTP status sent, or over gRPC the one that fits the code; undefined while unanswered, or when the connection was cut before a status. */
  status: number | undefined;
  /** Bytes of body handed to the socket. */
  bytesSent: number;
  /** Body as sent, of a gRPC message its JSON; only with `recordBodies`. */
  body: string | undefined;
  /** The emulator's own failure, when a route threw something unforeseen. */
  failure: unknown;
}

/** What the one who answers a request knows of it. */
type Known<Name extends string> = Pick<RequestRecord<Name>, "route" | "requestId" | "time">;

/** Number of calls, by route. */
export type Counts<Name extends string> = Record<Name, number>;

/** Requests and their counts (`Extra`: things counted besides routes). Both objects keep their identity when reset. */
export class RequestLog<Name extends string, Extra extends string = never> {
  readonly requests: RequestRecord<Name>[] = [];
  readonly counts: Counts<Name | Extra>;

  constructor(names: readonly (Name | Extra)[]) {
    this.counts = Object.fromEntries(names.map((name) => [name, 0])) as Counts<Name | Extra>;
  }

  /** Notes a request that has just come in. */
  add(
    request: Pick<IncomingMessage, "method" | "headers">,
    target: Target,
    known: Known<Name>,
  ): RequestRecord<Name> {
    const record: RequestRecord<Name> = {
      ...known,
      ...target,
      method: request.method ?? "",
      headerNames: Object.keys(request.headers),
      authorization: request.headers.authorization?.split(" ")[0],
      userAgent: request.headers["user-agent"],
      status: undefined,
      bytesSent: 0,
      body: undefined,
      failure: undefined,
    };
    this.requests.push(record);
    this.count(known.route);
    return record;
  }

  /** Adds one to a count. */
  count(name: Name | Extra): void {
    this.counts[name] += 1;
  }

  /** Forgets all requests and sets every count to 0. */
  reset(): void {
    this.requests.length = 0;
    for (const name of Object.keys(this.counts) as (Name | Extra)[]) this.counts[name] = 0;
  }
}
