import { CredentialError } from "../core/words/errors";
import { keySource } from "../core/iam/key-source";
import { option, say } from "../core/words/message";
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
    const { options, source, isFromVariable, iam } = input;
    const { file, json } = options;
    if (json !== undefined && file !== undefined && !isFromVariable("file")) {
      throw new CredentialError(
        say`give ${option("serviceAccountKey.file")} or ${option("serviceAccountKey.json")}, not both.`,
        "serviceAccountKey",
      );
    }
    if (json !== undefined) return keySource(json, () => source("json"), "serviceAccountKey.json", iam);
    if (file === undefined) {
      return unavailable(
        "no authorised key is given",
        say`set ${option("serviceAccountKey.file")}, ${option("serviceAccountKey.json")} or YC_SERVICE_ACCOUNT_KEY_FILE`,
      );
    }
    if (file.trimStart().startsWith("{"))
      return keySource(new Secret(file), () => source("file"), "serviceAccountKey.file", iam);
    const name = { from: () => source("file"), option: "serviceAccountKey.file" };
    const text = await readFile(file, name, input);
    const isJson = text.reveal().trimStart().startsWith("{");
    const key = isJson ? text : ((await parseYamlKey(text)) ?? text);
    return keySource(key, () => say`${source("file")} (${file})`, "serviceAccountKey.file", iam);
  },
});
