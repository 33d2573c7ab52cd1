import { type Answer, type Asked, FLAVOR, jsonOf, type Paths, text } from "./answer";
import type { Desk } from "./desk";

/** What answers are made from. */
export interface Served {
  readonly desk: Desk;
  /** What went wrong, with no secret in it: it is sent to whoever asked. */
  readonly describe: (error: unknown) => string;
}

const ACCOUNTS = "/computeMetadata/v1/instance/service-accounts";

/** The protocol has no way to say that a life is not known: who is told so little asks again soon. Seconds. */
const UNKNOWN_LIFE_S = 60;

/**
 * What the metadata service of a VM answers: the token of the account `default`, and the list of accounts. A page in a
 * browser can send the header that is asked for to its own host alone. Source: iam-facts, 5.1.
 */
export function metadataPaths({ desk, describe }: Served): Paths {
  const token = () =>
    jsonOf(desk.token(), (result) => tokenText(result.token.reveal(), lifeOf(result)), describe);
  const lifeOf = ({ expiresAt }: { readonly expiresAt?: string }) =>
    expiresAt === undefined ? UNKNOWN_LIFE_S : Math.floor((Date.parse(expiresAt) - desk.now()) / 1000);
  const noFlavor = text(403, `Send the header Metadata-Flavor: ${FLAVOR}.`);
  const withFlavor =
    (answer: () => Promise<Answer> | Answer) =>
    ({ headers }: Asked) =>
      headers["metadata-flavor"] === FLAVOR ? answer() : noFlavor;
  const accounts = withFlavor(() => text(200, "default/"));
  return {
    [`${ACCOUNTS}/default/token`]: withFlavor(token),
    [`${ACCOUNTS}/`]: accounts,
    [ACCOUNTS]: accounts,
  };
}

function tokenText(token: string, expiresIn: number): string {
  return JSON.stringify({ access_token: token, expires_in: expiresIn, token_type: "Bearer" });
}

/** Nothing secret: at `/healthz` that the server runs, at `/readyz` whether a token can be had. */
export function healthPaths(desk: Desk): Paths {
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
