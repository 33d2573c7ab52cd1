import { ServiceError } from "../core/words/errors";
import { type Answer, type Answering, type Asked, json, text } from "./answer";
import type { Desk } from "./desk";

/** What an answer is made from. */
export interface Served {
  readonly desk: Desk;
  /** What went wrong, with no secret in it: it is sent to whoever asked. */
  readonly describe: (error: unknown) => string;
}

const ACCOUNTS = "/computeMetadata/v1/instance/service-accounts/";
const FLAVOR = "Google";

/** The protocol has no way to say that a life is not known: who is told so little asks again soon. Seconds. */
const UNKNOWN_LIFE_S = 60;

type Paths = Readonly<Record<string, (asked: Asked) => Promise<Answer> | Answer>>;

/**
 * Answers as the metadata service of a VM does: the token of the account `default`, and the list of accounts; and what
 * {@link healthServer} answers. Source: iam-facts, 5.1.
 */
export function metadataServer(served: Served): Answering {
  return answering({
    [`${ACCOUNTS}default/token`]: flavored(() => tokenAnswer(served)),
    [ACCOUNTS]: flavored(() => text(200, "default/")),
    ...healthPaths(served.desk),
  });
}

/** Answers with nothing secret: at `/healthz` that it runs, at `/readyz` whether a token can be had. */
export function healthServer(desk: Desk): Answering {
  return answering(healthPaths(desk));
}

function healthPaths(desk: Desk): Paths {
  const [ready, notReady] = [text(200, "ok"), text(503, "no token can be had")];
  return {
    "/healthz": () => ready,
    "/readyz": () =>
      desk.token().then(
        () => ready,
        () => notReady,
      ),
  };
}

function answering(paths: Paths): Answering {
  return async (asked) => {
    const path = Object.hasOwn(paths, asked.path) ? paths[asked.path] : undefined;
    const { headers, ...rest } =
      refusal(asked) ?? (await path?.(asked)) ?? text(404, "There is nothing at this path.");
    return { ...rest, headers: { ...headers, "metadata-flavor": FLAVOR } };
  };
}

/** A page in a browser can send a header of its own only to its own host, or after a question that is not answered here. */
function flavored(answer: () => Promise<Answer> | Answer): (asked: Asked) => Promise<Answer> | Answer {
  return ({ headers }) =>
    headers["metadata-flavor"] === FLAVOR
      ? answer()
      : text(403, `Send the header Metadata-Flavor: ${FLAVOR}.`);
}

/**
 * A browser of the same user must get nothing for a page. One whose name was made to lead here (DNS rebinding) is told by
 * that name: no name of somebody else's has no dot, and an address is no name. A request that a proxy sends on is
 * somebody else's.
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
  return /^(?:\[[\da-f:.]+\]|\d{1,3}(?:\.\d{1,3}){3}|[a-z][a-z\d-]*)(?::\d{1,5})?$/i.test(host);
}

async function tokenAnswer({ desk, describe }: Served): Promise<Answer> {
  try {
    const { token, expiresAt } = await desk.token();
    const left = expiresAt === undefined ? UNKNOWN_LIFE_S : (Date.parse(expiresAt) - desk.now()) / 1000;
    return json({ access_token: token.reveal(), expires_in: Math.floor(left), token_type: "Bearer" });
  } catch (error) {
    return text(error instanceof ServiceError ? 503 : 500, describe(error));
  }
}
