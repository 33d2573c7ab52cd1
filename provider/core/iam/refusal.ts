import { CredentialError, ServiceError, type ServiceReply } from "../words/errors";
import { option, say, type Text } from "../words/message";
import type { Endpoints } from "./endpoints";

/** Statuses with which a service refuses what it was given. */
const REFUSALS = [400, 401, 403, 404];

/**
 * Whether a service refused the request in its own words: with `google.rpc.Status` (iam-facts 1.5), or with an error of
 * OAuth (7.1). A gateway that answers in its place with a page of its own says nothing of the credential.
 */
export function isRefusal(error: unknown): error is ServiceError | CredentialError {
  if (!(error instanceof ServiceError || error instanceof CredentialError)) return false;
  return REFUSALS.includes(error.reply.status ?? 0) && isInOwnWords(error.reply);
}

function isInOwnWords({ iamCode, oauthError }: ServiceReply): boolean {
  return iamCode !== undefined || oauthError !== undefined;
}

/** Whether IAM says that the token it was given is none (any more): revoked, expired, or never one. */
export function isDeadToken(error: unknown): boolean {
  return isRefusal(error) && error.reply.status === 401;
}

/** A refusal as an error of the credential, with what it means. Of a gateway's page it is said that it is one. */
export function explainRefusal(error: unknown): unknown {
  if (!(error instanceof ServiceError) || !REFUSALS.includes(error.reply.status ?? 0)) return error;
  const { text, reply } = error;
  if (isInOwnWords(reply))
    return new CredentialError(say`${text}${meaningOf(reply.serviceMessage ?? "")}`, undefined, reply);
  return new ServiceError(
    say`${text} These are not the words of Yandex Cloud: a proxy or a gateway seems to answer in its place. Check ${option("iamEndpoint")}, ${option("authEndpoint")} and the proxy.`,
    "status",
    reply,
  );
}

const REPLACEMENTS = say`${option("serviceAccountKey")}, ${option("workloadIdentity")} or ${option("ycCli")}`;

/** What a known refusal means, for the person who must act. The texts are IAM's own (iam-facts 1.5). */
function meaningOf(message: string): Text {
  if (/issued after '[^']*',? is not supported/.test(message)) {
    return say` Yandex Cloud refuses OAuth tokens made since 1 June 2026. Use ${REPLACEMENTS} instead.`;
  }
  if (/OAuth token is invalid or expired/.test(message)) {
    return say` OAuth tokens live 12 months, and none made since 1 June 2026 is taken. Use ${REPLACEMENTS} instead.`;
  }
  if (/does not registered/.test(message))
    return " This Yandex account never signed in to Yandex Cloud: open the console once.";
  return "";
}

/** How ids of service accounts begin, by installation: seen in the field, promised by nobody (iam-facts, section 10). */
const PREFIXES: readonly [RegExp, "ru" | "kz"][] = [
  [/^aje/, "ru"],
  [/^(?:b2b|ao7)/, "kz"],
];

/**
 * A refusal, with a hint when the account's id begins like those of the other installation. It comes only after a
 * refusal: a guess must not keep a good credential from being used.
 */
export function hintInstallation(
  error: unknown,
  serviceAccountId: string,
  { installation }: Endpoints,
): unknown {
  const home = PREFIXES.find(([prefix]) => prefix.test(serviceAccountId))?.[1];
  if (!(error instanceof CredentialError) || home === undefined) return error;
  if (installation === "own" || home === installation) return error;
  return new CredentialError(
    say`${error.text} The account's id begins like those of the installation ${home}, but ${option("installation")} is ${installation}: credentials of one are unknown to the other.`,
    "installation",
    error.reply,
  );
}
