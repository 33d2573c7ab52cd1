import { CredentialError } from "../core/words/errors";
import { keySource, parsedKeySource } from "../core/iam/key-source";
import { option, say } from "../core/words/message";
import { isVariable } from "../core/options/options";
import { defineResolver, unavailable } from "../core/chain/resolver";
import { Secret } from "../core/words/secret";
import { readFile } from "./shared/files";
import { parseYamlKey } from "./shared/yaml-key";

/** An authorised key of a service account: the file that `yc iam key create` writes. */
export const serviceAccountKey = defineResolver({
  name: "serviceAccountKey",
  summary: "An authorised key of a service account: the JSON file that `yc iam key create` writes.",
  options: {
    file: {
      kind: "path",
      secret: true,
      env: ["YC_SERVICE_ACCOUNT_KEY_FILE"],
      doc: "Path of the key file, or the JSON itself; `~` is the home folder, and a pipe such as `<(...)` is read to its end.",
    },
    json: { kind: "secret", json: true, doc: "The key file's content, as text or as the object itself." },
  },
  async resolve(input) {
    const { options, source, iam } = input;
    const { file, json } = options;
    if (json !== undefined && file !== undefined && !isVariable(source("file"))) {
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
    const text = await readFile(file, { from: source("file"), option: "serviceAccountKey.file" }, input);
    const where = say`${source("file")} (${file})`;
    const yaml = await parseYamlKey(text);
    if (yaml !== undefined) return parsedKeySource(yaml, where, "serviceAccountKey.file", iam);
    return keySource(text, where, "serviceAccountKey.file", iam);
  },
});
