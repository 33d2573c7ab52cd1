import { expect } from "chai";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import manifest from "../../package.json";
import { ok, runCommand } from "../support/run-command";

const ROOT = join(__dirname, "../..");
const read = (file: string) => readFileSync(join(ROOT, file), "utf8");

describe("the packed package", function () {
  this.timeout(120_000);

  it("holds what users need and nothing else", async () => {
    const argv = ["npm", "pack", "--dry-run", "--json", "--ignore-scripts"];
    const env = { PATH: process.env.PATH ?? "", HOME: process.env.HOME ?? "" };
    const { stdout } = ok(await runCommand(argv, { cwd: ROOT, env }));
    const [{ files }] = JSON.parse(stdout) as [{ files: { path: string }[] }];
    const paths = files.map(({ path }) => path);
    expect(paths).to.include.members([
      "package.json",
      "README.md",
      "LICENSE",
      "dist/bin/yciam.js",
      "dist/lib/got.js",
      "dist/sdk/nodejs/index.js",
      "dist/sdk/nodejs/index.d.ts",
      "dist/sdk/nodejs/resolvers.d.ts",
      "dist/provider/dynamic/index.js",
      "dist/emulator/index.js",
    ]);
    const welcome =
      /^(?:dist\/(?:provider|sdk|emulator)\/.*(?:\.js|\.d\.ts|\.json)|dist\/(?:bin|lib)\/[\w-]+\.js|dist\/THIRD_PARTY_NOTICES\.txt|package\.json|[A-Z]+(?:\.ru)?\.md|LICENSE)$/;
    // The hosts are bundled in dist/bin.
    expect(
      paths.filter((path) => /^dist\/provider\/(?:bin|cli|pulumi|terraform|tls)\//.test(path)),
    ).to.deep.equal([]);
    expect(paths.filter((path) => !welcome.test(path) || path.includes(".test."))).to.deep.equal([]);
  });

  it("holds the text of the functions that Pulumi writes into the state as it was, so that no resource changes", () => {
    const text = read("dist/sdk/nodejs/index.js");
    expect(text).to.contain(`
var loadDynamic = () => {
  const moduleApi = require("node:module");
  const name = dynamicPath === "" ? "yciam/dynamic" : \`./\${dynamicPath}\`;
  return moduleApi.createRequire(\`\${process.cwd()}/index.js\`)(name);
};
var provider = {
  check: async (_olds, news) => loadDynamic().check(news),
  create: async (inputs) => loadDynamic().create(inputs),
  diff: async (id, olds, news) => loadDynamic().diff(id, olds, news),
  update: async (id, olds, news) => loadDynamic().update(id, olds, news),
  read: async (id, olds = {}) => loadDynamic().read(id, olds)
};
`);
  });

  it("declares types that need no package but those it depends on", () => {
    const seen = new Set<string>();
    const others = new Set<string>();
    const walk = (file: string): void => {
      if (seen.has(file)) return;
      seen.add(file);
      for (const [, name = ""] of read(file).matchAll(/(?:from|import\()\s*"([^"]+)"/g)) {
        const path = join(dirname(file), name.replace(/\.js$/, ""));
        const found = [`${path}.d.ts`, join(path, "index.d.ts")].find((to) => existsSync(join(ROOT, to)));
        if (!name.startsWith(".")) others.add(name);
        else if (found === undefined) throw new Error(`${file} names ${name}, which is not there`);
        else walk(found);
      }
    };
    for (const { types } of Object.values(manifest.exports).filter((entry) => typeof entry !== "string"))
      walk(join(types));
    expect(seen.size).to.be.above(20);
    expect(
      [...seen].filter((file) => /^dist\/provider\/(?:bin|cli|pulumi|terraform|tls)\//.test(file)),
    ).to.deep.equal([]);
    const known = Object.keys(manifest.peerDependencies);
    expect([...others].filter((name) => !name.startsWith("node:") && !known.includes(name))).to.deep.equal(
      [],
    );
  });

  it("loads nothing but its own two files to tell its version", async () => {
    const script = `const fs = require("node:fs");
const { readFileSync } = fs;
fs.readFileSync = (file, ...more) => (/\\.js$/.test(file) && console.log(file), readFileSync(file, ...more));
require(process.argv[1]);`;
    const words = [process.execPath, "-e", script, join(ROOT, "dist/bin/yciam.js"), "--version"];
    const { stdout } = ok(await runCommand(words, { cwd: ROOT, env: { PATH: process.env.PATH ?? "" } }));
    const files = ["bin", "lib"].map((folder) => join(ROOT, "dist", folder, "yciam.js"));
    expect(stdout).to.equal([...files, manifest.version, ""].join("\n"));
  });

  it("S2: brings no package but Pulumi's, which only its programs need, and in a clone the scripts that SECURITY.md tells of", () => {
    expect(manifest).not.to.have.property("dependencies");
    expect(manifest.peerDependenciesMeta).to.deep.equal({ "@pulumi/pulumi": { optional: true } });
    const { packages } = JSON.parse(read("package-lock.json")) as {
      packages: Record<string, { hasInstallScript?: boolean }>;
    };
    const having = Object.keys(packages).filter((path) => packages[path]?.hasInstallScript === true);
    const names = having.map((path) => path.slice("node_modules/".length));
    expect(names).to.have.members(["@bufbuild/buf", "esbuild", "protobufjs"]);
    for (const name of names) expect(read("SECURITY.md")).to.include(`\`${name}\``);
  });
});
