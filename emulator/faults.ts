/**
 * Something that goes wrong with the next matching calls. An empty fault lets that many calls pass unharmed.
 *
 * Calls of gRPC are hit too: an error is told by its code, `headers` are trailers too, and every delay is one before the answer.
 * What only HTTP/1.1 has (`redirect`, `hugeBody`, `contentType`) makes no sense there.
 */
export interface Fault<Name extends string = string> {
  /** Only calls of this route (a key of `counts`); any when absent. */
  route?: Name;
  /** How many matching calls it spoils; default 1, Infinity for all. */
  times?: number;
  /** HTTP status of an error sent in place of the real answer. */
  status?: number;
  /** google.rpc.Code of that error; by default the one that fits the status. */
  code?: number;
  /** Text of that error. */
  message?: string;
  /** Cuts the connection: before anything is read, in the middle of the headers, or in the middle of the body. */
  reset?: "before" | "headers" | "body";
  /** Wait before the request is handled, in milliseconds. */
  delayMs?: number;
  /** Wait, after the request was handled, before the headers are sent, in milliseconds. */
  headersDelayMs?: number;
  /** Wait between the first and the second half of the body, in milliseconds. */
  bodyDelayMs?: number;
  /** Ends the body early, cleanly and with a matching Content-Length: true for half of it, or so many bytes. */
  truncate?: boolean | number;
  /** Streams this many bytes of JSON in place of the answer (it stops when the client goes away). */
  hugeBody?: number;
  /** Sent in place of the answer: text as it is, anything else as JSON. The status is 200 unless given. */
  body?: unknown;
  /** Content type of the answer, whatever it is. */
  contentType?: string;
  /** Answers with a redirect (307 unless a status is given) to this URL. */
  redirect?: string;
  /** `Retry-After`: seconds, or an HTTP date. The status is 429 unless given. */
  retryAfter?: number | string;
  /** More headers of the answer; null removes one (`date`, `x-request-id`). */
  headers?: Record<string, string | null>;
  /** Mints a token that lives only so long, in milliseconds. */
  shortLifeMs?: number;
  /** Literal `expiresAt` of the answer, whatever the token's true life; null leaves it out. */
  expiresAt?: unknown;
  /** The same for `expires_in` (metadata and /oauth/token). */
  expiresIn?: unknown;
}

/** Faults waiting for their calls, in order: each call takes the first one that matches its route. */
export class FaultQueue<Name extends string = string> {
  readonly #queue: { fault: Fault<Name>; left: number }[] = [];

  /** Adds one to the end of the queue. */
  inject(fault: Fault<Name>): void {
    this.#queue.push({ fault, left: fault.times ?? 1 });
  }

  /** How many entries still wait. */
  get pending(): number {
    return this.#queue.length;
  }

  /** Drops all that wait. */
  clear(): void {
    this.#queue.length = 0;
  }

  /** The fault for a call of this route, used up by one. */
  take(route: Name): Fault<Name> | undefined {
    const index = this.#queue.findIndex(({ fault, left }) => left > 0 && (fault.route ?? route) === route);
    const entry = this.#queue[index];
    if (entry === undefined) return undefined;
    entry.left -= 1;
    if (entry.left <= 0) this.#queue.splice(index, 1);
    return entry.fault;
  }
}
