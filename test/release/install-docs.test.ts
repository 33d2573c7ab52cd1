import { expect } from "chai";
import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { version as typescript } from "typescript";
import { type Emulator, startEmulator } from "../../emulator";
import { cacheDirOf } from "../../scripts/cache-folder.mjs";
import { engineFolders } from "../support/engine-env";
import { PulumiProject } from "../support/pulumi";
import { RELEASE } from "./released";
import { type CommandResult, ok, runCommand } from "../support/run-command";

const ROOT = join(__dirname, "../..");
const [README, RUSSIAN, VAULT] = ["README.md", "README.ru.md", "examples/vault-resolver/README.md"].map(
  (file) => readFileSync(join(ROOT, file), "utf8"),
) as [string, string, string];

/** What a clone does not have. */
const UNTRACKED = /^(node_modules|dist|build|\.git|.*\.tgz)$/;

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

const MAIN = `
terraform {
  required_providers {
    yciam = { source = "yciam/yciam" }
  }
}
data "yciam_token_info" "it" {}
output "subject" { value = data.yciam_token_info.it.subject_id }
`;

/** The code block that holds `part`; exactly one does. */
function block(part: string, text = README): string {
  const blocks = Array.from(text.matchAll(/^```\w+\n([^]*?)^```$/gm), ([, code = ""]) => code);
  const found = blocks.filter((code) => code.includes(part));
  expect(found, part).to.have.length(1);
  return found[0] as string;
}

/** The line that begins so in the block that holds `part`. */
function line(part: string, start: string, text = README): string {
  return (
    block(part, text)
      .split("\n")
      .find((candidate) => candidate.startsWith(start)) ?? "false"
  );
}

describe("what README.md says of installing", function () {
  this.timeout(600_000);
  let emulator: Emulator;
  let project: PulumiProject;
  let clone: string;
  let env: Record<string, string>;

  /** Runs lines of a shell; packages that the machine has are not downloaded. */
  function sh(lines: string, cwd: string, more: Record<string, string> = {}): Promise<CommandResult> {
    return runCommand(["sh", "-ec", lines], { cwd, env: { ...env, ...more }, timeoutMs: 600_000 });
  }

  before(async () => {
    emulator = await startEmulator();
    project = await PulumiProject.create({ packages: [], files: { "index.ts": PROGRAM } });
    clone = join(project.root, "yciam");
    const key = join(project.root, "key.json");
    writeFileSync(key, JSON.stringify(await emulator.createKey()), { mode: 0o600 });
    const own = process.env as Record<string, string>;
    const cache = ok(await runCommand(["npm", "config", "get", "cache"], { env: own })).stdout.trim();
    env = {
      ...project.env,
      npm_config_cache: cache,
      npm_config_prefer_offline: "true",
      YC_SERVICE_ACCOUNT_KEY_FILE: key,
      YCIAM_IAM_ENDPOINT: emulator.iamEndpoint,
    };
    const isOurs = (path: string) => !UNTRACKED.test(basename(path)) && path !== join(ROOT, "release");
    const filter = (path: string) => path === ROOT || isOurs(path);
    cpSync(ROOT, clone, { recursive: true, filter });
    // What `npm run release` makes of it.
    symlinkSync(RELEASE, join(clone, "release"));
  });
  after(async () => {
    project.cleanup();
    await emulator.close();
  });

  it("S1: says how many minutes the tests take, and promises no seconds", () => {
    expect(README)
      .to.match(/`npm test`\s[^.;]*\d+\sminutes/)
      .and.not.match(/in seconds/);
    expect(RUSSIAN)
      .to.match(/`npm test`\s[^.;]*\d+\sминут/)
      .and.not.match(/за секунды/);
  });

  it("S4: a clone works with `npm ci` and `npm start`, and packs a file", async () => {
    // Where the engines are.
    const engines = { XDG_CACHE_HOME: join(cacheDirOf(process.env), "..") };
    for (const command of [
      line("git clone", "npm ci"),
      line("git clone", "npm start"),
      line("npm pack", "npm pack"),
    ])
      ok(await sh(command, clone, engines));
  });

  it("S4: a project installs that file, and a TypeScript program works with it", async () => {
    const { version } = JSON.parse(
      readFileSync(join(ROOT, "node_modules/@pulumi/pulumi/package.json"), "utf8"),
    ) as { version: string };
    const manifest = { private: true, main: "index.ts", dependencies: { "@pulumi/pulumi": version } };
    writeFileSync(join(project.dir, "package.json"), JSON.stringify(manifest));
    ok(await sh(line("npm install ../yciam", "npm install"), project.dir));
    expect(ok(await sh("npx yciam token", project.dir)).stdout).to.match(/^t1\./);
    const checked = { env: { ...env, PULUMI_NODEJS_TRANSPILE_ONLY: "false" } };
    ok(await project.up(checked));
    const outputs = await project.stackOutput();
    expect(outputs).to.include({ token: "[secret]", resolver: "serviceAccountKey" });
    expect(outputs.kept).to.equal(outputs.same);
    ok(await project.up({ ...checked, args: ["--expect-no-changes"] }));
  });

  it("S6: the example of a resolver is compiled by the command that its page gives, and every host takes it", async () => {
    cpSync(join(ROOT, "examples/vault-resolver/vault.ts"), join(project.dir, "vault.ts"));
    // Without it the command would download the newest.
    ok(await sh(`npm install --no-save typescript@${typescript}`, project.dir));
    const compile = line("tsc vault.ts", "npx", VAULT);
    expect(compile, "`npx tsc` alone runs another package").to.match(/^npx --package typescript tsc /);
    ok(await sh(compile, project.dir));
    const exported = line("tsc vault.ts", "export YCIAM_RESOLVER_MODULES", VAULT);
    const { code, stderr } = await sh(`${exported}\nnpx yciam token`, project.dir);
    expect(code).to.equal(1);
    expect(stderr).to.match(/no secret in Vault is named/);
  });

  for (const [cli, registry, settings] of [
    ["terraform", "registry.terraform.io", ".terraformrc"],
    ["tofu", "registry.opentofu.org", ".tofurc"],
  ] as const) {
    describe(`with the real ${cli}`, () => {
      let path: string;
      let folder: string;
      before(async function () {
        const folders = await engineFolders(cli);
        if (folders === undefined) return this.skip();
        path = [...folders, env.PATH].join(":");
        folder = join(project.root, cli);
        mkdirSync(folder);
        writeFileSync(join(folder, "main.tf"), MAIN);
      });
      // OpenTofu reads those of Terraform, too.
      after(() => rmSync(join(project.home, settings), { force: true }));
      const run = (lines: string) => sh(lines, folder, { PATH: path });
      const applied = async () => ok(await run(`${cli} apply -auto-approve -no-color`)).stdout;
      const configure = (text: string) => writeFileSync(join(project.home, settings), text);

      it("S4: the zip is found in the folder where it looks by itself", async () => {
        ok(await sh(block("~/.terraform.d/plugins").replaceAll("registry.terraform.io", registry), clone));
        expect(ok(await run(`${cli} init -no-color`)).stdout).to.contain("yciam/yciam v0.1.0");
        expect(await applied()).to.match(/subject = "aje/);
      });

      it("S4: the programs of a project are found by an override, without `init`, and warned of", async () => {
        configure(block("dev_overrides").replace("/home/me/my-project", project.dir));
        expect(await applied())
          .to.match(/Provider development overrides are in effect/)
          .and.match(/subject = "aje/);
        expect((await run(`rm -r .terraform* && ${cli} init`)).code, "`init` asks the registry").to.equal(1);
      });

      it("S4: `~` is not taken for the home folder in its settings", async () => {
        configure(`provider_installation {\n  filesystem_mirror { path = "~/.terraform.d/plugins" }\n}\n`);
        const { code, stderr } = await run(`${cli} init -no-color`);
        expect(code).to.equal(1);
        expect(stderr).to.match(/cannot search ~/);
      });
    });
  }
});
