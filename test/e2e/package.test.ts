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

  it("names every dependency that its code loads, and none that runs a script at install", () => {
    const { dependencies } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
      dependencies: Record<string, string>;
    };
    const lock = JSON.parse(readFileSync(join(ROOT, "package-lock.json"), "utf8")) as {
      packages: Record<string, { hasInstallScript?: boolean }>;
    };
    for (const name of Object.keys(dependencies)) {
      expect(lock.packages[`node_modules/${name}`]?.hasInstallScript, name).to.equal(undefined);
    }
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
