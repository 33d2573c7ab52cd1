import { createPrivateKey, type KeyObject } from "node:crypto";
import { CredentialError } from "../words/errors";
import { isObject, tryParseJson } from "../words/json";
import { Memory } from "../token/memory";
import { joinText, type OptionRef, say, type Text } from "../words/message";
import { digest } from "../token/token";

/** An authorised key of a service account (or a user), ready to sign. */
export interface ServiceAccountKey {
  /** The key's id: `kid` of assertions. */
  readonly id: string;
  /** Id of the account it belongs to: `iss` of assertions. */
  readonly subjectId: string;
  readonly privateKey: KeyObject;
}

type Fields = Readonly<Record<string, unknown>>;

/**
 * Reads an authorised key in any shape found in the field (iam-facts 2.1): the file of `yc iam key create`, the REST
 * reply of `Key.create`, the Node SDK's and Terraform's flat forms; snake_case or camelCase; other fields are ignored.
 * @param where names the source in errors: an option, a variable, a file
 * @param optionPath path of the option at fault
 * @throws CredentialError that names the wrong field; never shows the key
 */
export function readServiceAccountKey(
  raw: unknown,
  where: Text | OptionRef,
  optionPath: string,
): ServiceAccountKey {
  const at = joinText([where], "");
  const fail = (problem: Text): never => {
    throw new CredentialError(say`${at}: ${problem}.`, optionPath);
  };
  if (!isObject(raw)) return fail("the key must be a JSON object");
  const fields = flatten(raw);
  const pem = pick(fields, "private_key", "privateKey");
  const id = pick(fields, "id", "accessKeyId", "access_key_id");
  const subjectId = pick(
    fields,
    "service_account_id",
    "serviceAccountId",
    "user_account_id",
    "userAccountId",
  );
  if (pem === undefined) return fail(missingPrivateKey(fields));
  if (id === undefined)
    return fail(
      "the field `id` (the key's id) is missing or not a string. Take the whole file that `yc iam key create` wrote",
    );
  if (subjectId === undefined)
    return fail(
      "the field `service_account_id` is missing or not a string. Take the whole file that `yc iam key create` wrote",
    );
  return { id, subjectId, privateKey: readPrivateKey(pem, fail) };
}

/**
 * Reads an authorised key from its JSON text.
 * @throws CredentialError that names the wrong field; never shows the key
 */
export function readKeyText(text: string, where: Text | OptionRef, optionPath: string): ServiceAccountKey {
  const raw = tryParseJson(text);
  if (raw !== undefined) return readServiceAccountKey(raw, where, optionPath);
  throw new CredentialError(
    say`${where} is not JSON. It must be the file that \`yc iam key create\` wrote.`,
    optionPath,
  );
}

function flatten(raw: Fields): Fields {
  return typeof raw.key === "object" && raw.key !== null ? { ...raw, ...(raw.key as Fields) } : raw;
}

function pick(fields: Fields, ...names: string[]): string | undefined {
  const value = names
    .map((name) => fields[name])
    .find((item) => typeof item === "string" && item.trim() !== "");
  return value as string | undefined;
}

function missingPrivateKey(fields: Fields): string {
  if (pick(fields, "encrypted_private_key", "encryptedPrivateKey") !== undefined) {
    return "the field `private_key` is empty: the key was made with `pgp_key`, which leaves only the encrypted one. Decrypt it first";
  }
  if (fields.output_to_lockbox !== undefined) {
    return "the field `private_key` is empty: the key was written to Lockbox. Read it from there";
  }
  return "the field `private_key` is missing or not a string. Yandex Cloud shows it only once, when the key is made: make a new key if it is lost";
}

function readPrivateKey(pem: string, fail: (problem: string) => never): KeyObject {
  // The file starts with a notice line before the PEM; some tools also flatten the line breaks.
  const begin = pem.indexOf("-----BEGIN");
  const text = (begin > 0 ? pem.slice(begin) : pem).replaceAll("\\n", "\n");
  if (text.startsWith("-----BEGIN PUBLIC KEY") || text.startsWith("-----BEGIN RSA PUBLIC KEY")) {
    return fail("the field `private_key` holds the public key. Put the private one there");
  }
  if (/^-----BEGIN ENCRYPTED|^Proc-Type: .*ENCRYPTED/m.test(text)) {
    return fail(
      "the field `private_key` is under a passphrase, which no key of Yandex Cloud is. Take it off, or take the file that `yc iam key create` wrote",
    );
  }
  const key = parseKey(text) ?? fail("the field `private_key` is not a private key in PEM form");
  if (key.asymmetricKeyType !== "rsa") {
    return fail(
      `the field \`private_key\` is of type ${key.asymmetricKeyType}. Yandex Cloud takes RSA keys of 2048 or 4096 bits`,
    );
  }
  if ((key.asymmetricKeyDetails?.modulusLength ?? 0) < 2048) {
    return fail(
      "the field `private_key` is an RSA key of less than 2048 bits. Yandex Cloud takes 2048 or 4096 bits",
    );
  }
  return key;
}

/** Parsing costs half a millisecond, and a host does it at every call: the last few keys are remembered. */
const parsedKeys = new Memory(16);

function parseKey(pem: string): KeyObject | undefined {
  try {
    return parsedKeys.recall("private key", digest(pem), () => createPrivateKey(pem));
  } catch {
    return undefined;
  }
}
