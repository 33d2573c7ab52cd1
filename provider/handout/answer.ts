/** A request to a server on this machine, as much of it as counts. Names of headers are in small letters. */
export interface Asked {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
}

/** What is answered. */
export interface Answer {
  /** HTTP status. */
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Answers a request; never rejects. */
export type Answering = (asked: Asked) => Promise<Answer>;

/** An answer of one line. */
export function text(status: number, line: string): Answer {
  return { status, headers: { "content-type": "text/plain; charset=utf-8" }, body: `${line}\n` };
}

/** An answer for programs, which nobody between must keep. */
export function json(body: Readonly<Record<string, string | number>>): Answer {
  const headers = { "content-type": "application/json", "cache-control": "no-store" };
  return { status: 200, headers, body: JSON.stringify(body) };
}
