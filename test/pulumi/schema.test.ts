import { expect } from "chai";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { VERSION } from "../../provider/core/words/version";
import { SETTINGS } from "../../provider/core/options/settings";
import { createSchema } from "../../provider/pulumi/schema/index";
import { resolvers } from "../../provider/resolvers/index";
import { engineFolders } from "../support/engine-env";
import { readTree } from "../support/pulumi-files";

const ROOT = join(__dirname, "../..");
const SCHEMA = join(ROOT, "provider/pulumi/schema.json");
const STALE = "it is not what the rows give: run `npm run generate`";

interface Property {
  readonly type?: string;
  readonly $ref?: string;
  readonly secret?: boolean;
  readonly description?: string;
}
type Properties = Readonly<Record<string, Property>>;
interface Schema {
  readonly version: string;
  readonly config: { readonly variables: Properties };
  readonly provider: { readonly description: string; readonly inputProperties: Properties };
  readonly types: Readonly<Record<string, { readonly properties: Properties }>>;
  readonly resources: Readonly<
    Record<string, { description: string; inputProperties: Properties; properties: Properties }>
  >;
  readonly functions: Readonly<
    Record<
      string,
      { description: string; inputs: { properties: Properties }; outputs: { properties: Properties } }
    >
  >;
}

const schema = createSchema() as Schema;
const text = JSON.stringify(schema);

describe("the package schema", () => {
  it("is committed as the rows give it", () => {
    expect(JSON.parse(readFileSync(SCHEMA, "utf8")), STALE).to.deep.equal(JSON.parse(text));
  });

  it("has every option of every resolver, and every setting, in all that takes options", () => {
    const names = [...resolvers.map(({ name }) => name), "impersonate", ...Object.keys(SETTINGS)];
    const takers = [
      schema.config.variables,
      schema.provider.inputProperties,
      ...Object.values(schema.resources).map(({ inputProperties }) => inputProperties),
      ...Object.values(schema.functions).map(({ inputs }) => inputs.properties),
    ];
    expect(takers).to.have.length(6);
    for (const properties of takers) expect(Object.keys(properties)).to.include.members(names);
    for (const { name, options } of resolvers) {
      const type = schema.types[`yciam:index:${name[0]?.toUpperCase()}${name.slice(1)}Options`];
      expect(Object.keys(type?.properties ?? {})).to.deep.equal(Object.keys(options));
    }
  });

  it("flags what is secret, wherever it stands", () => {
    const { inputProperties } = schema.provider;
    expect(inputProperties.serviceAccountKey?.secret).to.equal(true);
    expect(inputProperties.impersonate?.secret).to.equal(undefined);
    const key = schema.types["yciam:index:ServiceAccountKeyOptions"]?.properties;
    expect([key?.file?.secret, key?.json?.secret]).to.deep.equal([true, true]);
    const outputs = schema.functions["yciam:index:getIamToken"]?.outputs.properties ?? {};
    const secrets = Object.entries(outputs).filter(([, { secret }]) => secret);
    expect(secrets.map(([name]) => name)).to.deep.equal(["token", "authorizationHeader"]);
    expect(JSON.stringify(schema.functions["yciam:index:getIamTokenInfo"]?.outputs)).not.to.contain(
      '"secret"',
    );
  });

  it("has no default and copies no variable: either would be written into the state", () => {
    expect(text).not.to.match(/"default(Info)?":/);
  });

  it("describes everything", () => {
    const bare: string[] = [];
    JSON.stringify(schema, (key, value: unknown) => {
      const properties = key === "properties" || key === "inputProperties" || key === "variables";
      if (properties)
        Object.entries(value as Properties).forEach(([name, { description }]) => {
          if (!description) bare.push(name);
        });
      return value;
    });
    expect(bare).to.deep.equal([]);
  });

  it("shows every function, the resource and the provider in six languages", () => {
    const described = [
      schema.provider,
      ...Object.values(schema.resources),
      ...Object.values(schema.functions),
    ];
    for (const { description } of described) {
      for (const language of ["typescript", "python", "go", "csharp", "java", "yaml"])
        expect(description).to.contain(`\`\`\`${language}\n`);
    }
  });

  it("has the package's version", () => {
    expect(schema.version).to.equal(VERSION);
  });
});

describe("the generated SDKs", function () {
  this.timeout(60_000);
  const beside = { python: ["python/pyproject.toml", "python/README.md"], go: [] };
  for (const [language, folder] of Object.entries({ python: "python/pulumi_yciam", go: "go/yciam" })) {
    it(`are what the schema gives, in ${language}`, async function () {
      const sdkgen = await engineFolders("sdkgen");
      if (sdkgen === undefined) return this.skip();
      const scratch = mkdtempSync(join(tmpdir(), "yciam-sdk-"));
      try {
        execFileSync(join(sdkgen[0] as string, "sdkgen"), [language, SCHEMA, join(scratch, language)]);
        const [fresh, committed] = [join(scratch, folder), join(ROOT, "sdk", folder)].map(readTree);
        const stale = [...new Set([...(fresh?.keys() ?? []), ...(committed?.keys() ?? [])])].filter(
          (path) => fresh?.get(path) !== committed?.get(path) && !path.includes("__pycache__"),
        );
        expect(stale, STALE).to.deep.equal([]);
        for (const path of beside[language as keyof typeof beside])
          expect(readFileSync(join(ROOT, "sdk", path), "utf8"), `${path}: ${STALE}`).to.equal(
            readFileSync(
              join(scratch, path === "python/README.md" ? "python/pulumi_yciam/README.md" : path),
              "utf8",
            ),
          );
      } finally {
        rmSync(scratch, { recursive: true, force: true });
      }
    });
  }
});

describe("the engine", function () {
  this.timeout(60_000);

  it("accepts the schema that the built plugin hands out", async () => {
    const [folder = ""] = (await engineFolders("pulumi")) ?? [];
    const home = mkdtempSync(join(tmpdir(), "yciam-schema-"));
    const env = {
      PATH: `${folder}:${process.env.PATH}`,
      HOME: home,
      PULUMI_HOME: home,
      PULUMI_SKIP_UPDATE_CHECK: "1",
    };
    const pulumi = (...args: string[]) =>
      execFileSync(join(folder, "pulumi"), args, { env, cwd: home, encoding: "utf8" });
    try {
      const plugin = join(ROOT, "build/pulumi-resource-yciam/pulumi-resource-yciam");
      expect(JSON.parse(pulumi("package", "get-schema", plugin))).to.deep.equal(JSON.parse(text));
      pulumi("schema", "check", SCHEMA);
    } finally {
      rmSync(home, { recursive: true, force: true });
    }
  });
});
