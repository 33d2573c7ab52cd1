import { CredentialError } from "../core/errors";
import { joinText, option, type OptionRef, say, type Text } from "../core/message";
import { defineResolver, type TokenSource, unavailable } from "../core/resolver";
import type { Iam } from "../core/exchange";
import { Secret } from "../core/secret";
import { readServiceAccountKey } from "../core/service-account-key";
import { digest } from "../core/token";
import { readFile } from "./files";

/** An authorised key of a service account: the file that `yc iam key create` writes. */
export const serviceAccountKey = defineResolver({
  name: "serviceAccountKey",
  summary: "An authorised key of a service account: the JSON file that `yc iam key create` writes.",
  options: {
    file: {
      kind: "path",
      secret: true,
      env: ["YC_SERVICE_ACCOUNT_KEY_FILE"],
      doc: "Path of the key file, or the JSON itself; `~` is the home folder.",
    },
    json: { kind: "secret", doc: "The key file's content." },
  },
  async resolve({ options, source, context, iam }) {
    const { file, json } = options;
    if (json !== undefined && file !== undefined && typeof source("file") !== "string") {
      throw new CredentialError(
        say`give ${option("serviceAccountKey.file")} or ${option("serviceAccountKey.json")}, not both.`,
        "serviceAccountKey",
      );
    }
    if (json !== undefined) return keySource(json, source("json"), "serviceAccountKey.json", iam);
    if (file === undefined) {
      return unavailable(
        "no authorised key is given",
        say`set ${option("serviceAccountKey.file")}, ${option("serviceAccountKey.json")} or YC_SERVICE_ACCOUNT_KEY_FILE`,
      );
    }
    if (file.trimStart().startsWith("{"))
      return keySource(new Secret(file), source("file"), "serviceAccountKey.file", iam);
    const text = await readFile(context, file, source("file"), "serviceAccountKey.file");
    return keySource(text, say`${joinText([source("file")], "")} (${file})`, "serviceAccountKey.file", iam);
  },
});

/**
 * The token source of an authorised key, for any resolver that finds one: signs an assertion and exchanges it.
 * @param text the key in one of the shapes of `core/service-account-key`, as JSON
 * @param where names where the key was found, in errors
 * @throws CredentialError that names the wrong field
 */
export function keySource(text: Secret, where: Text | OptionRef, path: string, iam: Iam): TokenSource {
  const parsed = parse(text.reveal());
  if (parsed === undefined) {
    throw new CredentialError(
      say`${joinText([where], "")} is not JSON. It must be the file that \`yc iam key create\` wrote.`,
      path,
    );
  }
  return parsedKeySource(parsed, where, path, iam);
}

/** The same for a key that is already parsed, such as one inside a YAML file. */
export function parsedKeySource(raw: unknown, where: Text | OptionRef, path: string, iam: Iam): TokenSource {
  const key = readServiceAccountKey(raw, where, path);
  const material = new Secret(key.privateKey.export({ type: "pkcs8", format: "pem" }).toString());
  return {
    // The private key's digest is part of it: a key that was made again under the same id is another credential.
    id: `serviceAccountKey ${key.subjectId} ${key.id} ${digest(material.reveal())}`,
    material,
    token: (call) => iam.exchangeKey(key, call),
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
