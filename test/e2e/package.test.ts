import { expect } from "chai";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Emulator, startEmulator } from "../../emulator";
import { PulumiProject } from "../support/pulumi";
import { type CommandResult, ok, runCommand } from "../support/run-command";

const ROOT = join(__dirname, "../..");

const PROGRAM = `
import { getIamToken, getIamTokenOutput, IamToken } from "yciam";
import type { GetIamTokenResult } from "yciam";
import { defineResolver, unavailable } from "yciam/resolvers";

const nobody = defineResolver({
  name: "nobody",
  summary: "Has no credential.",
  options: {},
  resolve: async () => unavailable("nobody is here", "nothing helps"),
});

export = async () => {
  const iam: GetIamTokenResult = await getIamToken({ resolvers: [nobody, "serviceAccountKey"] });
  const kept = new IamToken("kept");
  return { token: iam.token, resolver: iam.resolver, same: getIamTokenOutput().fingerprint, kept: kept.fingerprint };
};
`;

/** npm, with the user's own settings and cache: packages that the clone has are taken from there. */
function npm(args: readonly string[], cwd: string): Promise<CommandResult> {
  const env = Object.fromEntries(
    Object.entries(process.env).filter(
      (entry): entry is [string, string] => entry[1] !== undefined && !entry[0].startsWith("npm_"),
    ),
  );
  return runCommand(["npm", ...args], { cwd, env });
}

describe("the packed package", function () {
  this.timeout(300_000);
  let folder: string;
  let packed: { filename: string; files: { path: string }[] };
  let emulator: Emulator;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "yciam-pack-"));
    emulator = await startEmulator();
    const result = ok(await npm(["pack", "--json", "--ignore-scripts", "--pack-destination", folder], ROOT));
    [packed] = JSON.parse(result.stdout) as [typeof packed];
  });

  after(async () => {
    await emulator.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it("holds what users need and nothing else", () => {
    const paths = packed.files.map(({ path }) => path);
    expect(paths).to.include.members([
      "package.json",
      "README.md",
      "LICENSE",
      "dist/sdk/nodejs/index.js",
      "dist/sdk/nodejs/index.d.ts",
      "dist/sdk/nodejs/resolvers.d.ts",
      "dist/provider/dynamic/index.js",
      "dist/emulator/index.js",
    ]);
    const strangers = paths.filter(
      (path) =>
        !/^(?:dist\/(?:provider|sdk|emulator)\/|package\.json$|[A-Z]+(?:\.ru)?\.md$|LICENSE$)/.test(path),
    );
    expect(strangers).to.deep.equal([]);
    expect(
      paths.filter((path) => /\.test\.|\.map$|\.ts$/.test(path) && !path.endsWith(".d.ts")),
    ).to.deep.equal([]);
  });

  it("S2: brings no package with a script at install but the one that SECURITY.md tells of", () => {
    const { packages } = JSON.parse(readFileSync(join(ROOT, "package-lock.json"), "utf8")) as {
      packages: Record<string, { dev?: boolean; hasInstallScript?: boolean }>;
    };
    const having = Object.keys(packages).filter((path) => packages[path]?.hasInstallScript === true);
    const [ofUsers, ofClone] = [false, true].map((dev) =>
      having.filter((path) => (packages[path]?.dev ?? false) === dev),
    );
    expect(ofUsers).to.deep.equal(["node_modules/protobufjs"]);
    expect(ofClone).to.deep.equal(["node_modules/@bufbuild/buf", "node_modules/esbuild"]);
    const security = readFileSync(join(ROOT, "SECURITY.md"), "utf8");
    for (const path of having) expect(security).to.include(`\`${path.slice("node_modules/".length)}\``);
    // It reads one file and may print a line: what it loads cannot do more than that.
    const script = readFileSync(join(ROOT, "node_modules/protobufjs/scripts/postinstall.js"), "utf8");
    expect(script.match(/require\([^)]*\)|import\(|fs\s*\.\s*\w+|eval|Function\(/g)).to.have.members([
      'require("path")',
      'require("fs")',
      'require(path.join(__dirname, "..", "package.json")',
      "fs.readFileSync",
    ]);
  });

  it("serves a TypeScript program from an empty folder", async () => {
    const project = await PulumiProject.create({ packages: [], files: { "index.ts": PROGRAM } });
    try {
      const { version } = JSON.parse(
        readFileSync(join(ROOT, "node_modules/@pulumi/pulumi/package.json"), "utf8"),
      ) as { version: string };
      writeFileSync(
        join(project.dir, "package.json"),
        JSON.stringify({ private: true, main: "index.ts", dependencies: { "@pulumi/pulumi": version } }),
      );
      ok(
        await npm(
          ["install", "--prefer-offline", "--no-audit", "--no-fund", join(folder, packed.filename)],
          project.dir,
        ),
      );
      const keyFile = join(project.root, "key.json");
      writeFileSync(keyFile, JSON.stringify(await emulator.createKey()), { mode: 0o600 });
      const env = {
        YC_SERVICE_ACCOUNT_KEY_FILE: keyFile,
        YCIAM_IAM_ENDPOINT: emulator.iamEndpoint,
        PULUMI_NODEJS_TRANSPILE_ONLY: "false",
      };
      ok(await project.up({ env }));
      const outputs = await project.stackOutput();
      expect(outputs).to.include({ token: "[secret]", resolver: "serviceAccountKey" });
      expect(outputs.kept).to.equal(outputs.same);
      ok(await project.up({ env, args: ["--expect-no-changes"] }));
    } finally {
      project.cleanup();
    }
  });
});
