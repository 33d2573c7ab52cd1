import type { KeyObject } from "node:crypto";
import type { Iam } from "./iam";
import { CredentialError } from "../words/errors";
import { hintInstallation } from "./installation-hint";
import { type OptionRef, say, type Text } from "../words/message";
import type { TokenSource } from "../chain/resolver";
import { Secret } from "../words/secret";
import { readKeyText, readServiceAccountKey, type ServiceAccountKey } from "./keys";
import { digest } from "../token/token";

/**
 * The token source of an authorised key, for any resolver that finds one: signs an assertion and exchanges it.
 * @param text the key in one of the shapes of `core/service-account-key`, as JSON
 * @param where names where the key was found, in errors
 * @param path of the option at fault
 * @throws CredentialError that names the wrong field
 */
export function keySource(text: Secret, where: Text | OptionRef, path: string, iam: Iam): TokenSource {
  return sourceOf(readKeyText(text.reveal(), where, path), where, path, iam);
}

/**
 * The same for a key that is already parsed, such as one inside a YAML file.
 * @throws CredentialError that names the wrong field
 */
export function parsedKeySource(raw: unknown, where: Text | OptionRef, path: string, iam: Iam): TokenSource {
  return sourceOf(readServiceAccountKey(raw, where, path), where, path, iam);
}

function sourceOf(key: ServiceAccountKey, where: Text | OptionRef, path: string, iam: Iam): TokenSource {
  const material = materialOf(key.privateKey);
  return {
    // The private key's digest is part of it: a key that was made again under the same id is another credential.
    id: `serviceAccountKey ${key.subjectId} ${key.id} ${digest(material.reveal())}`,
    material,
    token: (call) =>
      iam.exchangeKey(key, call).catch((error: unknown) => {
        throw hintInstallation(hintKey(error, key, where, path), key.subjectId, iam.endpoints);
      }),
  };
}

/** The same for all ways in which a key can be written; made once for each, since it costs as much as a call. */
function materialOf(privateKey: KeyObject): Secret {
  const known = materials.get(privateKey);
  if (known !== undefined) return known;
  const made = new Secret(privateKey.export({ type: "pkcs8", format: "pem" }).toString());
  materials.set(privateKey, made);
  return made;
}

const materials = new WeakMap<KeyObject, Secret>();

/** A refusal with the key that it is about: IAM names neither it nor the account. */
function hintKey(error: unknown, key: ServiceAccountKey, where: Text | OptionRef, path: string): unknown {
  if (!(error instanceof CredentialError)) return error;
  return new CredentialError(
    say`${where}: ${error.text} This is about the key ${key.id} of the account ${key.subjectId}: does it still exist, and is it the account's own?`,
    path,
    error.reply,
  );
}
