import { expect } from "chai";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { OptionSpec, OptionSpecs } from "../../provider/core/options/options";
import { groups, outputs, settings } from "../../provider/rows";
import { mistakesIn } from "./compile";

const IMPORTS = `
import * as pulumi from "@pulumi/pulumi";
import { getEphemeralAccessKey, getEphemeralAccessKeyOutput, getIamToken, getIamTokenOutput, IamToken } from "yciam";
`;

/** A Cloud Function's context, as its runtime declares it, and what stands for the rest of a reader's program. */
const AROUND = `
interface FunctionContext { requestId: string; token?: { access_token: string; expires_in: number }; getPayload(): unknown }
declare const context: FunctionContext;
declare const SomeProvider: new (name: string, args: { token: import("@pulumi/pulumi").Input<string> }) => object;
declare function fetchFrom(place: string): Promise<string>;
`;

/** What users may write for an option, as its documentation says. */
function formsOf({ kind, json, values }: OptionSpec): readonly string[] {
  if (json) return ['"x"', '{ id: "a", nested: { private_key: "b" } }', "context"];
  if (kind === "stringList") return ['["x"]'];
  if (kind === "integer") return ["1"];
  return kind === "boolean" ? ["true"] : (values ?? ["x"]).map((value) => JSON.stringify(value));
}

/** All options in all forms: as they are, and as Outputs. */
function optionClaims(): string {
  const claims = (specs: OptionSpecs, write: (option: string) => string) =>
    Object.entries(specs).flatMap(([name, spec]) =>
      formsOf(spec).flatMap((form) => {
        const [plain, output] = [form, `pulumi.output(${form})`].map((value) => write(`${name}: ${value}`));
        return `getIamToken(${plain}); getIamTokenOutput(${output}); new IamToken("x", ${output});`;
      }),
    );
  const ofGroups = groups.flatMap((group) =>
    claims(group.options, (option) => `{ ${group.name}: { ${option} } }`),
  );
  return [...claims(settings, (option) => `{ ${option} }`), ...ofGroups].join("\n");
}

/** All fields of the result, each of the type that its documentation says. */
function resultClaims(): string {
  const fields = Object.entries(outputs).map(([name, { secret, optional }]) => {
    const plain = optional ? "string | undefined" : "string";
    const awaited = secret ? "pulumi.Output<string>" : plain;
    return `const ${name}: [${awaited}, pulumi.Output<${plain}>] = [result.${name}, kept.${name}];`;
  });
  const answers = 'const result = await getIamToken(); const kept = new IamToken("x");';
  return `async function fields() { ${answers} ${fields.join(" ")} }`;
}

const readme = readFileSync(join(__dirname, "../../README.md"), "utf8");
const shown = [...readme.matchAll(/```ts\n([^]*?)```/g)].map(([, program = ""]) => program);

/** Both forms of an access key: secrets are Outputs in each of them. */
const ACCESS_KEYS = `
const args = { duration: "1h", sessionName: "a", policy: "{}", subjectId: "b", serviceAccountKey: { file: "x" } };
getEphemeralAccessKey(args).then(({ secretAccessKey, sessionToken }): pulumi.Output<string>[] => [secretAccessKey, sessionToken]);
const key = getEphemeralAccessKeyOutput({ ...args, policy: pulumi.output("{}") }, { dependsOn: [] });
const all: pulumi.Output<string>[] = [key.accessKeyId, key.secretAccessKey, key.sessionToken, key.expiresAt];`;

const wrong: readonly string[] = [
  'getEphemeralAccessKey({ duration: pulumi.output("1h") });',
  'getIamToken({ serviceAccountKye: { file: "x" } });',
  'getIamToken({ serviceAccountKey: { jsn: "x" } });',
  'getIamToken({ cache: "disc" });',
  "getIamToken({ retries: [1] });",
  'new IamToken("x", { revokeOnDelete: true });',
  "getIamToken().then((result) => result.expiresOn);",
];

describe("E11: the types of the Node SDK", function () {
  this.timeout(60_000);
  const programs: readonly (readonly [title: string, text: string, mistakes: number])[] = [
    ["allow a key and a function's whole context as objects, and all that is documented", optionClaims(), 0],
    ["allow every field of the result that is documented", resultClaims(), 0],
    ["allow an access key in both forms", ACCESS_KEYS, 0],
    ...wrong.map((text) => [`refuse ${text}`, text, 1] as const),
    ...shown.map((text, index) => [`allow program ${index + 1} of README.md`, text, 0] as const),
  ];
  const fileOf = (index: number) => `test/sdk/program-${index}.ts`;
  let errors: readonly string[];
  before(() => {
    const whole = (text: string) => `${text.includes("import ") ? "" : IMPORTS}${text}${AROUND}`;
    const texts = Object.fromEntries(programs.map(([, text], index) => [fileOf(index), whole(text)]));
    errors = mistakesIn(texts).filter((error) => !error.endsWith("is declared but its value is never read."));
  });

  programs.forEach(([title, , mistakes], index) => {
    it(title, () =>
      expect(errors.filter((error) => error.startsWith(fileOf(index)))).to.have.length(mistakes),
    );
  });
});
