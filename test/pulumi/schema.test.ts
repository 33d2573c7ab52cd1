import { expect } from "chai";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { VERSION } from "../../provider/core/words/version";
import { createSchema } from "../../provider/pulumi/schema/index";
import { groups, outputs, SECRET_OUTPUTS, settings, typeName } from "../../provider/rows";
import release from "../../release.config.json";
import { generatedFiles } from "../../scripts/generate-types";
import { engineFolders } from "../support/engine-env";
import { pluginFolder } from "../support/programs";
import { readTree } from "../support/pulumi-files";

const ROOT = join(__dirname, "../..");
const SCHEMA = join(ROOT, "provider/pulumi/schema.json");
const STALE = "it is not what the rows and release.config.json give: run `npm run generate`";

type Properties = Readonly<Record<string, { readonly secret?: boolean; readonly description?: string }>>;
/** What a provider, a resource or a function may have. */
interface Part {
  readonly description: string;
  readonly inputProperties: Properties;
  readonly properties: Properties;
  readonly inputs: { readonly properties: Properties };
  readonly outputs: { readonly properties: Properties };
}
type Parts = Readonly<Record<string, Part>>;

const schema = createSchema() as { config: { variables: Properties }; provider: Part } & Readonly<
  Record<"types" | "resources" | "functions", Parts>
>;
const text = JSON.stringify(schema);
const resources = Object.values(schema.resources);
const functions = Object.values(schema.functions);

describe("the package schema", () => {
  it("is committed as the rows give it", () => {
    expect(JSON.parse(readFileSync(SCHEMA, "utf8")), STALE).to.deep.equal(JSON.parse(text));
  });

  it("has every option of every resolver, and every setting, in all that takes options", () => {
    const names = [...groups.map(({ name }) => name), ...Object.keys(settings)];
    const takers = [
      schema.config.variables,
      schema.provider.inputProperties,
      ...resources.map(({ inputProperties }) => inputProperties),
      ...functions
        .filter(({ inputs }) => "cache" in inputs.properties)
        .map(({ inputs }) => inputs.properties),
    ];
    expect(takers).to.have.length(7);
    for (const properties of takers) expect(Object.keys(properties)).to.include.members(names);
    for (const group of groups) {
      const type = schema.types[`yciam:index:${typeName(group)}`];
      expect(Object.keys(type?.properties ?? {})).to.deep.equal(Object.keys(group.options));
    }
  });

  it("flags what is secret, wherever it stands, and nothing else", () => {
    const secrets = (properties: Properties = {}) =>
      Object.keys(properties).filter((name) => properties[name]?.secret);
    const { inputProperties } = schema.provider;
    expect(secrets(inputProperties)).to.include("serviceAccountKey").and.not.include("impersonate");
    const key = schema.types["yciam:index:ServiceAccountKeyOptions"]?.properties;
    expect(secrets(key)).to.deep.equal(["file", "json"]);
    expect(SECRET_OUTPUTS).to.deep.equal(["token", "authorizationHeader"]);
    const answers = [
      ...functions.map((one) => one.outputs.properties),
      ...resources.map((one) => one.properties),
    ];
    const keySecrets = ["secretAccessKey", "sessionToken"];
    expect(answers.map(secrets)).to.deep.equal([SECRET_OUTPUTS, [], keySecrets, [], [], SECRET_OUTPUTS]);
    expect(resources.map(({ properties }) => Object.keys(properties))).to.deep.equal([Object.keys(outputs)]);
  });

  it("has no default and copies no variable: either would be written into the state", () => {
    expect(text).not.to.match(/"default(Info)?":/);
  });

  it("S5: says where the plugin is fetched, and names a Go module that can be fetched", () => {
    const { repository, pluginDownloadURL, goModule, javaPackage, dotnetNamespace } = release;
    expect(schema).to.include({ version: VERSION, repository, pluginDownloadURL });
    expect(pluginDownloadURL).to.match(/^https:\/\//);
    // Go takes the first part of a path for a host, which has a dot.
    expect(goModule).to.match(/^[^/]+\.[^/]+\//);
    // In a namespace Yciam.Yciam, the name Yciam would mean the inner one.
    expect(dotnetNamespace)
      .to.match(/^[A-Z]\w*$/)
      .and.not.equal("Yciam");
    for (const file of ["sdk/go/go.mod", "test/engines/goprogram/main.go", "sdk/go/yciam/init.go"])
      expect(readFileSync(join(ROOT, file), "utf8"), file).to.contain(goModule);
    const resources = `java/src/main/resources/com/${javaPackage.replace(/^com\./, "").replaceAll(".", "/")}/yciam`;
    const plugins = ["go/yciam", "python/pulumi_yciam", "dotnet"].map((sdk) => `${sdk}/pulumi-plugin.json`);
    for (const file of [...plugins, `${resources}/plugin.json`])
      expect(readFileSync(join(ROOT, "sdk", file), "utf8"), file).to.contain(`"${pluginDownloadURL}"`);
  });
});

describe("what is generated", function () {
  this.timeout(60_000);

  for (const [path, fresh] of Object.entries(generatedFiles())) {
    it(`is what the rows give: ${path}`, () => {
      expect(readFileSync(join(ROOT, path), "utf8"), STALE).to.equal(fresh);
    });
  }

  const BY_HAND = ["go.mod", "go.sum", ".gitattributes", ".gitignore", "README.md", "pom.xml"];
  for (const language of ["python", "go", "dotnet", "java"]) {
    it(`is what the schema gives: the SDK for ${language}`, async function () {
      const sdkgen = await engineFolders("sdkgen");
      if (sdkgen === undefined) return this.skip();
      const scratch = mkdtempSync(join(tmpdir(), "yciam-sdk-"));
      try {
        execFileSync(join(sdkgen[0] as string, "sdkgen"), [language, SCHEMA, scratch]);
        const [fresh, committed] = [readTree(scratch), readTree(join(ROOT, "sdk", language))];
        const paths = [...new Set([...fresh.keys(), ...committed.keys()])];
        const stale = paths.filter((path) => fresh.get(path) !== committed.get(path));
        const own = (path: string) => BY_HAND.includes(path) || path.includes("__pycache__");
        expect(
          stale.filter((path) => !own(path)),
          STALE,
        ).to.deep.equal([]);
        const readme = fresh.get("pulumi_yciam/README.md") ?? fresh.get("README.md");
        expect(committed.get("README.md")).to.equal(readme);
      } finally {
        rmSync(scratch, { recursive: true, force: true });
      }
    });
  }

  it("is accepted by the engine, as the built plugin hands it out", async () => {
    const [folder = ""] = (await engineFolders("pulumi")) ?? [];
    const home = mkdtempSync(join(tmpdir(), "yciam-schema-"));
    const own = { HOME: home, PULUMI_HOME: home, PULUMI_SKIP_UPDATE_CHECK: "1" };
    const env = { PATH: `${folder}:${process.env.PATH}`, ...own };
    const pulumi = (...args: string[]) =>
      execFileSync(join(folder, "pulumi"), args, { env, cwd: home, encoding: "utf8" });
    try {
      const plugin = join(pluginFolder("pulumi-resource-yciam"), "pulumi-resource-yciam");
      expect(JSON.parse(pulumi("package", "get-schema", plugin))).to.deep.equal(JSON.parse(text));
      pulumi("schema", "check", SCHEMA);
    } finally {
      rmSync(home, { recursive: true, force: true });
    }
  });
});
