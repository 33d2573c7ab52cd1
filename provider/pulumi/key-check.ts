import { CredentialError } from "../core/words/errors";
import { option, type Spelling } from "../core/words/message";
import { readKeyText, readServiceAccountKey } from "../core/iam/keys";
import { toConfig } from "./config";
import type { Failure } from "./errors";
import { hasUnknown, type Properties } from "./values";

const PATH = "serviceAccountKey.json";

/** What is wrong with an authorised key among these options, so that it is told before anything is made. No file is read. */
export function findKeyFailures(options: Properties, spelling: Spelling): readonly Failure[] {
  // Without the part that is unknown a good key looks like a bad one.
  if (hasUnknown(options.serviceAccountKey ?? null)) return [];
  const { json } = (toConfig(options).serviceAccountKey ?? {}) as { readonly json?: unknown };
  if (json === undefined || json === null) return [];
  try {
    if (typeof json === "string") readKeyText(json, option(PATH), PATH);
    else readServiceAccountKey(json, option(PATH), PATH);
    return [];
  } catch (error) {
    if (!(error instanceof CredentialError)) throw error;
    return [{ property: PATH, reason: error.messageFor(spelling) }];
  }
}
