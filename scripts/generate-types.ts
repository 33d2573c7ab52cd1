// Writes the types of the Node SDK from the rows of the resolvers, the settings and the result, and what is known of
// release.config.json elsewhere.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ACCESS_KEY_OPTIONS } from "../provider/core/options/access-key";
import type { OptionSpec } from "../provider/core/options/options";
import { ACCESS_KEY } from "../provider/core/token/access-key";
import { type OutputSpecs, RESULT } from "../provider/core/token/result";
import { describeOption, groups, settings, typeName } from "../provider/rows";
import release from "../release.config.json";
import { pom } from "./java-pom";

const ROOT = join(__dirname, "..");

/** Files that name the Go module and are not generated whole; the first line of the first one says how it is named now. */
const NAME_GO_MODULE = ["sdk/go/go.mod", "test/engines/goprogram/go.mod", "test/engines/goprogram/main.go"];

/** Each file as it should be, by its path from the root. */
export function generatedFiles(): Readonly<Record<string, string>> {
  return {
    "sdk/nodejs/generated/args.ts": argsFile(),
    "sdk/nodejs/generated/result.ts": resultFile(),
    "provider/generated/release.ts": releaseFile(),
    "sdk/java/pom.xml": pom(),
    ...withGoModule(),
  };
}

function argsFile(): string {
  const options = (entries: Readonly<Record<string, OptionSpec>>) =>
    Object.entries(entries).map(([name, spec]) => field(`${name}?`, describeOption(spec), typeOf(spec)));
  const ofGroups = groups.map((group) => field(`${group.name}?`, group.summary, typeName(group)));
  return file(
    "the rows of the resolvers and the settings",
    ...groups.map((group) => interfaceOf(typeName(group), group.summary, options(group.options))),
    interfaceOf("CommonArgs", "Options of the functions and the resource alike. All are optional.", [
      ...options(settings),
      ...ofGroups,
    ]),
    interfaceOf(
      "AccessKeyArgs",
      "What an ephemeral access key shall be like. All are optional.",
      options(ACCESS_KEY_OPTIONS),
    ),
  );
}

function resultFile(): string {
  const imports = 'import type * as pulumi from "@pulumi/pulumi";\n';
  const secrecy = "The two secrets are secret Outputs in every form; the rest can be shown.";
  return file(
    "the rows of the result",
    imports,
    interfaceOf("GetIamTokenResult", `What the data source answers. ${secrecy}`, fieldsOf(RESULT)),
    interfaceOf("GetEphemeralAccessKeyResult", `An ephemeral access key. ${secrecy}`, fieldsOf(ACCESS_KEY)),
  );
}

function fieldsOf(rows: OutputSpecs): readonly string[] {
  return Object.entries(rows).map(([name, { doc, secret, optional }]) =>
    field(`readonly ${name}${optional ? "?" : ""}`, doc, secret ? "pulumi.Output<string>" : "string"),
  );
}

/** What the product knows of release.config.json, which is no part of the package. */
function releaseFile(): string {
  const values = Object.entries(release).map(([name, value]) => `  ${name}: ${JSON.stringify(value)},\n`);
  const constant = `export const RELEASE = {\n${values.join("")}} as const;\n`;
  return file("release.config.json", `/** Where a release is published. */\n${constant}`);
}

function withGoModule(): Readonly<Record<string, string>> {
  const texts = NAME_GO_MODULE.map((path) => readFileSync(join(ROOT, path), "utf8"));
  const former = /^module (\S+)/.exec(texts[0]!)![1]!;
  return Object.fromEntries(
    NAME_GO_MODULE.map((path, index) => [path, texts[index]!.replaceAll(former, release.goModule)]),
  );
}

function file(source: string, ...parts: readonly string[]): string {
  return [`// Written by \`npm run generate\` from ${source}.\n`, ...parts].join("\n");
}

function interfaceOf(name: string, doc: string, fields: readonly string[]): string {
  return `/** ${doc} */\nexport interface ${name} {\n${fields.join("")}}\n`;
}

function field(name: string, doc: string, type: string): string {
  return `  /** ${doc.replaceAll("*/", "*\\/")} */ ${name}: ${type};\n`;
}

function typeOf({ kind, json, values = [] }: OptionSpec): string {
  if (kind === "enum") return values.map((value) => JSON.stringify(value)).join(" | ");
  if (kind === "stringList") return "string[]";
  if (kind === "integer") return "number";
  if (kind === "boolean") return kind;
  return json ? "string | object" : "string";
}

if (require.main === module)
  Object.entries(generatedFiles()).forEach(([path, text]) => writeFileSync(join(ROOT, path), text));
