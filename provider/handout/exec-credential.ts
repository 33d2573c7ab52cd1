import { OptionError } from "../core/words/errors";
import { tryParseObject } from "../core/words/json";
import { shownName } from "../core/words/secret";
import type { Secret } from "../core/words/secret";
import type { Policy } from "../core/token/judgement";

const GROUP = "client.authentication.k8s.io";

/** The version that kubeconfigs made here ask for. Source: k8s.io/client-go/pkg/apis/clientauthentication. */
export const EXEC_CREDENTIAL = `${GROUP}/v1`;

/** The answers of both look alike, and the one must be of the version that was asked for. */
const VERSIONS = [EXEC_CREDENTIAL, `${GROUP}/v1beta1`];

const ASKED = "KUBERNETES_EXEC_INFO";

/**
 * The version that a client asks for.
 * @param info the variable KUBERNETES_EXEC_INFO; a person at a terminal has none
 * @throws OptionError for another version
 */
export function askedVersion(info = ""): string {
  if (info.trim() === "") return EXEC_CREDENTIAL;
  const { apiVersion } = tryParseObject(info) ?? {};
  const version = VERSIONS.find((known) => known === apiVersion);
  if (version !== undefined) return version;
  const [group, name] = typeof apiVersion === "string" ? apiVersion.split("/") : [];
  const asked = group === GROUP && name !== undefined ? shownName(name) : "something else";
  throw new OptionError(
    `${ASKED} asks for ${asked}, and yciam answers in ${VERSIONS.join(" and ")}. Write \`apiVersion: ${EXEC_CREDENTIAL}\` and \`interactiveMode: Never\` under the user's \`exec\` in the kubeconfig, or make one with \`yciam kubeconfig\`.`,
    ASKED,
  );
}

/** What a client is told of a token. */
export interface Handing {
  readonly token: Secret;
  /** When to ask again, in milliseconds since the epoch. */
  readonly until: number;
}

/** An ExecCredential, as one line of JSON. Its time has whole seconds, as Kubernetes writes times. */
export function execCredential(apiVersion: string, { token, until }: Handing): string {
  const expirationTimestamp = new Date(until).toISOString().replace(/\.\d+Z$/, "Z");
  const status = { expirationTimestamp, token: token.reveal() };
  return JSON.stringify({ apiVersion, kind: "ExecCredential", status });
}

const MINUTE_MS = 60_000;

/**
 * When a client is to ask again, in milliseconds by the server's clock. A client has no margin of its own, and keeps a
 * token without such a time for as long as it runs. So it comes when the token is to be renewed, which leaves hours for an
 * outage to pass, and in any case `minRemainingValidity` before the token's end.
 * @param now by the same clock; an old token that could not be renewed is asked for again in a minute
 */
export function askAgainAt(
  times: { readonly expiresAt?: string; readonly refreshAt?: string },
  { minRemainingMs, refreshAfterMs }: Policy,
  now: number,
): number {
  const { expiresAt, refreshAt } = times;
  const due = refreshAt === undefined ? now + refreshAfterMs : Date.parse(refreshAt);
  const end =
    expiresAt === undefined ? Infinity : Date.parse(expiresAt) - Math.max(minRemainingMs, MINUTE_MS);
  return Math.min(Math.max(due, now + MINUTE_MS), end);
}
