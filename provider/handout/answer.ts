import { ServiceError } from "../core/words/errors";

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

/** What is answered at each path. */
export type Paths = Readonly<Record<string, (asked: Asked) => Promise<Answer> | Answer>>;

/** The word that metadata services know each other by: in their header Metadata-Flavor. */
export const FLAVOR = "Google";

/** An answer of one line. */
export function text(status: number, line: string): Answer {
  return { status, headers: { "content-type": "text/plain; charset=utf-8" }, body: `${line}\n` };
}

/** An answer for programs, which nobody on its way must keep. */
export function json(body: string): Answer {
  return { status: 200, headers: { "content-type": "application/json", "cache-control": "no-store" }, body };
}

/**
 * An answer made from a token or a key, or from why there is none.
 * @param describe tells that with no secret in it
 */
export async function jsonOf<T>(
  asked: Promise<T>,
  toText: (result: T) => string,
  describe: (error: unknown) => string,
): Promise<Answer> {
  try {
    return json(toText(await asked));
  } catch (error) {
    return text(error instanceof ServiceError ? 503 : 500, describe(error));
  }
}

/**
 * Answers at these paths whoever may ask, as a metadata service: some clients look for its header at any path.
 * @param open what has no secret: a load balancer, too, may ask for that, by any name
 */
export function answering(paths: Paths, open: Paths = {}): Answering {
  return async (asked) => {
    if (/^(?:GET|HEAD)$/.test(asked.method) && Object.hasOwn(open, asked.path))
      return (await open[asked.path]?.(asked)) ?? text(404, "");
    const path = Object.hasOwn(paths, asked.path) ? paths[asked.path] : undefined;
    const nothing = text(404, "There is nothing at this path.");
    const { headers, ...rest } = refusal(asked) ?? (await path?.(asked)) ?? nothing;
    return { ...rest, headers: { ...headers, "metadata-flavor": FLAVOR } };
  };
}

/**
 * A browser of the same user must get nothing for a page. One whose name was made to lead here (DNS rebinding) is told by
 * that name: an address is no name, and one without a dot is nobody else's. What a proxy sends on is somebody else's.
 */
function refusal({ method, headers }: Asked): Answer | undefined {
  if (method !== "GET") return text(405, "Only GET is answered.");
  if (headers.origin !== undefined || headers["x-forwarded-for"] !== undefined)
    return text(403, "Pages and proxies are not answered.");
  return isAddressOrLabel(String(headers.host))
    ? undefined
    : text(403, "Ask for this server by its address.");
}

function isAddressOrLabel(host: string): boolean {
  return /^(?:\[[\da-f:.]+\]|\d{1,3}(?:\.\d{1,3}){3}|[a-z][a-z\d_-]*)(?::\d{1,5})?$/i.test(host);
}
