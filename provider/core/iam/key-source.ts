import type { TokenSource } from "../token/source";
import { digest } from "../token/token";
import { CredentialError } from "../words/errors";
import { nameOf, type Naming, say } from "../words/message";
import type { Iam } from "./iam";
import { readServiceAccountKey, type ServiceAccountKey } from "./keys";
import { hintInstallation } from "./refusal";

/**
 * The token source of an authorised key, for any resolver that finds one: signs an assertion and exchanges it.
 * @param raw the key in one of the shapes of `core/iam/keys`: its JSON text as a secret, or what was parsed from it
 * @param where names where the key was found, in errors
 * @param path of the option at fault
 * @throws CredentialError that names the wrong field
 */
export function keySource(raw: unknown, where: Naming, path: string, iam: Iam): TokenSource {
  const key = readServiceAccountKey(raw, where, path);
  return {
    // The private key's digest is part of it: a key that was made again under the same id is another credential.
    id: `serviceAccountKey ${key.subjectId} ${key.id} ${digest(key.material.reveal())}`,
    material: key.material,
    token: async (call) => {
      try {
        return await iam.exchangeKey(key, call);
      } catch (error) {
        throw hintInstallation(hintKey(error, key, where, path), key.subjectId, iam.endpoints);
      }
    },
  };
}

/** A refusal with the key that it is about: IAM names neither it nor the account. */
function hintKey(error: unknown, key: ServiceAccountKey, where: Naming, path: string): unknown {
  if (!(error instanceof CredentialError)) return error;
  return new CredentialError(
    say`${nameOf(where)}: ${error.text} This is about the key ${key.id} of the account ${key.subjectId}: does it still exist, and is it the account's own?`,
    path,
    error.reply,
  );
}
