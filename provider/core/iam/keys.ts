import { createPrivateKey, type KeyObject } from "node:crypto";
import { CredentialError } from "../words/errors";
import { isObject, tryParseJson } from "../words/json";
import { Recent } from "../token/recent";
import { nameOf, type Naming, say } from "../words/message";
import { digest } from "../token/token";
import { Secret } from "../words/secret";

/** An authorised key of a service account (or a user), ready to sign. */
export interface ServiceAccountKey {
  /** The key's id: `kid` of assertions. */
  readonly id: string;
  /** Id of the account it belongs to: `iss` of assertions. */
  readonly subjectId: string;
  readonly privateKey: KeyObject;
  /** The private key as text, the same for all ways in which a key can be written. */
  readonly material: Secret;
}

type Fields = Readonly<Record<string, unknown>>;

/**
 * Reads an authorised key in any shape found in the field (iam-facts 2.1): the file of `yc iam key create`, the REST
 * reply of `Key.create`, the Node SDK's and Terraform's flat forms; snake_case or camelCase; other fields are ignored.
 * @param raw the JSON text as a secret, or what was parsed from it
 * @param where names the source in errors: an option, a variable, a file
 * @param optionPath path of the option at fault
 * @throws CredentialError that names the wrong field; never shows the key
 */
export function readServiceAccountKey(raw: unknown, where: Naming, optionPath: string): ServiceAccountKey {
  const fail = (problem: string): never => {
    throw new CredentialError(say`${nameOf(where)}: ${problem}.`, optionPath);
  };
  const parsed = raw instanceof Secret ? tryParseJson(raw.reveal()) : raw;
  if (parsed === undefined) throw noJson(where, optionPath);
  if (!isObject(parsed)) return fail("the key must be a JSON object");
  const fields: Fields = isObject(parsed.key) ? { ...parsed, ...parsed.key } : parsed;
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
  if (id === undefined) return fail(`the field \`id\` (the key's id) ${MISSING}`);
  if (subjectId === undefined) return fail(`the field \`service_account_id\` ${MISSING}`);
  return { id, subjectId, ...readPrivateKey(pem, fail) };
}

function noJson(where: Naming, optionPath: string): CredentialError {
  return new CredentialError(
    say`${nameOf(where)} is not JSON. It must be the file that \`yc iam key create\` wrote.`,
    optionPath,
  );
}

const MISSING = "is missing or not a string. Take the whole file that `yc iam key create` wrote";

function pick(fields: Fields, ...names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = fields[name];
    if (typeof value === "string" && value.trim() !== "") return value;
  }
  return undefined;
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

function readPrivateKey(pem: string, fail: (problem: string) => never): PrivateKey {
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
  const parsed = parseKey(text) ?? fail("the field `private_key` is not a private key in PEM form");
  const { privateKey: key } = parsed;
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
  return parsed;
}

interface PrivateKey {
  readonly privateKey: KeyObject;
  readonly material: Secret;
}

/** Parsing costs half a millisecond, and a host does it at every call: the last few keys are remembered. */
const parsedKeys = new Recent<PrivateKey>(16);

function parseKey(pem: string): PrivateKey | undefined {
  const name = digest(pem);
  try {
    const known = parsedKeys.get(name);
    if (known !== undefined) return known;
    const privateKey = createPrivateKey(pem);
    const material = new Secret(privateKey.export({ type: "pkcs8", format: "pem" }).toString());
    return parsedKeys.add(name, { privateKey, material });
  } catch {
    return undefined;
  }
}
