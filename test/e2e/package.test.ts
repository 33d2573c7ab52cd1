import { expect } from "chai";
import { readFileSync } from "node:fs";
import { join } from "node:path";
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
      paths.filter((path) => /^dist\/provider\/(?:bin|cli|pulumi|terraform)\//.test(path)),
    ).to.deep.equal([]);
    expect(paths.filter((path) => !welcome.test(path) || path.includes(".test."))).to.deep.equal([]);
  });

  it("S2: brings no package with a script at install but the one that SECURITY.md tells of", () => {
    const { packages } = JSON.parse(read("package-lock.json")) as {
      packages: Record<string, { dev?: boolean; hasInstallScript?: boolean }>;
    };
    const having = Object.keys(packages).filter((path) => packages[path]?.hasInstallScript === true);
    const isDev = (path: string) => packages[path]?.dev === true;
    expect(having.filter((path) => !isDev(path))).to.deep.equal(["node_modules/protobufjs"]);
    expect(having.filter(isDev)).to.deep.equal(["node_modules/@bufbuild/buf", "node_modules/esbuild"]);
    for (const path of having)
      expect(read("SECURITY.md")).to.include(`\`${path.slice("node_modules/".length)}\``);
    // It reads one file and may print a line: what it loads cannot do more than that.
    const script = read("node_modules/protobufjs/scripts/postinstall.js");
    expect(script.match(/require\([^)]*\)|import\(|fs\s*\.\s*\w+|eval|Function\(/g)).to.have.members([
      'require("path")',
      'require("fs")',
      'require(path.join(__dirname, "..", "package.json")',
      "fs.readFileSync",
    ]);
  });
});
