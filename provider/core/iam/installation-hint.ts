import type { Endpoints } from "./endpoints";
import { CredentialError } from "../words/errors";
import { option, say } from "../words/message";

/** How ids of service accounts begin, by installation: seen in the field, promised by nobody (iam-facts, section 10). */
const PREFIXES: readonly [RegExp, "ru" | "kz"][] = [
  [/^aje/, "ru"],
  [/^(?:b2b|ao7)/, "kz"],
];

/**
 * A refusal, with a hint when the account's id begins like those of the other installation. Only ever a hint after a
 * refusal: a guess must not keep a good credential from being used.
 */
export function hintInstallation(error: unknown, serviceAccountId: string, endpoints: Endpoints): unknown {
  const home = PREFIXES.find(([prefix]) => prefix.test(serviceAccountId))?.[1];
  const { installation } = endpoints;
  if (!(error instanceof CredentialError) || home === undefined || installation === "own") return error;
  if (home === installation) return error;
  return new CredentialError(
    say`${error.text} The account's id begins like those of the installation ${home}, but ${option("installation")} is ${installation}: credentials of one are unknown to the other.`,
    "installation",
    error.reply,
  );
}
