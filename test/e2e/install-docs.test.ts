import { expect } from "chai";
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { version as typescript } from "typescript";
import { type Emulator, startEmulator } from "../../emulator";
import { cacheDirOf } from "../engines/setting";
import { bareEnvironment, engineFolders } from "../support/engine-env";
import { type CommandResult, ok, runCommand } from "../support/run-command";
import { useScratch } from "../terraform/support/scratch";

const ROOT = join(__dirname, "../..");
const README = readFileSync(join(ROOT, "README.md"), "utf8");
const VAULT = readFileSync(join(ROOT, "examples/vault-resolver/README.md"), "utf8");
const MAIN = `
terraform {
  required_providers {
    yciam = { source = "yciam/yciam" }
  }
}
data "yciam_token_info" "it" {}
output "subject" { value = data.yciam_token_info.it.subject_id }
`;
/** What a clone does not have. */
const UNTRACKED = /^(node_modules|dist|build|\.git|.*\.tgz)$/;

/** The code block that holds `part`; exactly one does. */
function block(part: string, text = README): string {
  const blocks = Array.from(text.matchAll(/^```\w+\n([^]*?)^```$/gm), ([, code = ""]) => code);
  const found = blocks.filter((code) => code.includes(part));
  expect(found, part).to.have.length(1);
  return found[0] as string;
}

describe("what README.md says of installing", function () {
  this.timeout(600_000);
  const scratch = useScratch();
  let emulator: Emulator;
  let env: Record<string, string>;

  /** Runs lines of a shell in a folder, in a home of the test's own; packages that the machine has are not downloaded. */
  async function sh(
    lines: string,
    folder: string,
    more: Record<string, string> = {},
  ): Promise<CommandResult> {
    const argv = ["sh", "-ec", lines];
    return runCommand(argv, { cwd: scratch.path(folder), env: { ...env, ...more }, timeoutMs: 600_000 });
  }

  before(async () => {
    emulator = await startEmulator();
    mkdirSync(scratch.path("home"));
    mkdirSync(scratch.path("project"));
    const key = scratch.path("home", "key.json");
    writeFileSync(key, JSON.stringify(await emulator.createKey()), { mode: 0o600 });
    env = {
      ...bareEnvironment(scratch.path("home")),
      npm_config_cache: (
        await runCommand(["npm", "config", "get", "cache"], { env: process.env as Record<string, string> })
      ).stdout.trim(),
      npm_config_prefer_offline: "true",
      YC_SERVICE_ACCOUNT_KEY_FILE: key,
      YCIAM_IAM_ENDPOINT: emulator.iamEndpoint,
    };
    cpSync(ROOT, scratch.path("yciam"), {
      recursive: true,
      filter: (path) => path === ROOT || !UNTRACKED.test(basename(path)),
    });
  });
  after(() => emulator.close());

  it("S1: says how many minutes the tests take, and promises no seconds", () => {
    const russian = readFileSync(join(ROOT, "README.ru.md"), "utf8");
    expect(README)
      .to.match(/`npm test`\s[^.;]*\d+\sminutes/)
      .and.not.match(/in seconds/);
    expect(russian)
      .to.match(/`npm test`\s[^.;]*\d+\sминут/)
      .and.not.match(/за секунды/);
  });

  it("S4: a clone works with `npm ci` and `npm start`, and packs a file that a project installs", async () => {
    const lines = (block("git clone") + block("npm pack")).split("\n");
    // Where the engines are.
    const engines = { XDG_CACHE_HOME: join(cacheDirOf(process.env), "..") };
    for (const command of ["npm ci", "npm start", "npm pack"])
      ok(await sh(lines.find((line) => line.startsWith(command)) ?? "false", "yciam", engines));
    const [install = "false"] = block("npm install ../yciam").split("\n");
    ok(await sh(`echo '{"private":true}' > package.json\n${install}`, "project"));
    expect(ok(await sh("npx yciam token", "project")).stdout).to.match(/^t1\./);
  });

  it("S6: the example of a resolver is compiled by the command that its page gives, and every host takes it", async () => {
    cpSync(join(ROOT, "examples/vault-resolver/vault.ts"), scratch.path("project", "vault.ts"));
    // Without it the command would download the newest.
    ok(await sh(`npm install --no-save typescript@${typescript}`, "project"));
    const [compile = "false", ...set] = block("tsc vault.ts", VAULT).split("\n");
    expect(compile, "`npx tsc` alone runs another package").to.match(/^npx --package typescript tsc /);
    ok(await sh(compile, "project"));
    const { code, stderr } = await sh(`${set[0]}\nnpx yciam token`, "project");
    expect({ code, stderr }).to.deep.include({ code: 1 });
    expect(stderr).to.match(/no secret in Vault is named/);
  });

  for (const [cli, registry, settings] of [
    ["terraform", "registry.terraform.io", ".terraformrc"],
    ["tofu", "registry.opentofu.org", ".tofurc"],
  ] as const) {
    describe(`with the real ${cli}`, () => {
      let path: string;
      before(async function () {
        const folders = await engineFolders(cli);
        if (folders === undefined) return this.skip();
        path = [...folders, env.PATH].join(":");
        mkdirSync(scratch.path(cli));
        writeFileSync(scratch.path(cli, "main.tf"), MAIN);
      });
      // OpenTofu reads those of Terraform, too.
      after(() => rmSync(scratch.path("home", settings), { force: true }));
      const run = (lines: string) => sh(lines, cli, { PATH: path });
      const applied = async () => ok(await run(`${cli} apply -auto-approve -no-color`)).stdout;
      const configure = (text: string) => writeFileSync(scratch.path("home", settings), text);

      it("S4: the zip is found in the folder where it looks by itself", async () => {
        ok(await sh(block("~/.terraform.d/plugins").replaceAll("registry.terraform.io", registry), "yciam"));
        expect(ok(await run(`${cli} init -no-color`)).stdout).to.contain("yciam/yciam v0.1.0");
        expect(await applied()).to.match(/subject = "aje/);
      });

      it("S4: the programs of a project are found by an override, without `init`, and warned of", async () => {
        const override = block("dev_overrides");
        configure(override.replace("/home/me/my-project", scratch.path("project")));
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
