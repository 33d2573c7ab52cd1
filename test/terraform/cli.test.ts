import { expect } from "chai";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { engineFolders } from "../support/engine-env";
import { ok } from "../support/run-command";
import { type Cli, CliProject } from "./support/cli-project";
import { buildDemo } from "./support/demo-program";
import { isAlive, until } from "./support/plugin-process";
import { useScratch } from "./support/scratch";
import { unzippedText } from "./support/zip";

const ENGINE_MINUTES = 20 * 60_000;
const EPHEMERAL = "canary-hi-there-and-a-tail";
const STORED = "canary-in-state";

const REQUIRED = `
terraform {
  required_providers {
    demo = { source = "example/demo", version = "1.0.0" }
  }
}
`;

const EVERY_SHAPE = `${REQUIRED}
provider "demo" { prefix = "hi-there-and-a-tail" }
data "demo_echo" "all" {
  text      = "x"
  number    = 0.1
  names     = ["a", null]
  tags      = { k = "v" }
  unique    = [1, 2.5, 0.3, 12345678901234567890123, 9007199254740993, -9223372036854775808, 1e30, 1 / 3]
  anything  = { a = [1, "x"], b = true }
  endpoint  = { url = "http://x" }
  endpoints = [{ port = 1 }, { url = "u" }]
}
ephemeral "demo_secret" "s" { name = "n" }
output "number" { value = data.demo_echo.all.number }
output "huge" { value = max(data.demo_echo.all.unique...) }
output "greeting" { value = data.demo_echo.all.greeting }
`;

const failing = (how: string) => `${REQUIRED}
data "demo_fail" "f" {
  how = "${how}"
}
`;

for (const cli of ["terraform", "tofu"] as const) describeCli(cli);

function describeCli(cli: Cli): void {
  describe(`the plugin layer under the real ${cli}`, function () {
    this.timeout(60_000);
    const scratch = useScratch();
    let folders: readonly string[] = [];
    let number = 0;

    before(async function () {
      this.timeout(ENGINE_MINUTES);
      const found = await engineFolders(cli);
      if (!found) return this.skip();
      folders = found;
      buildDemo(scratch.path("demo.cjs"));
    });

    async function project(main: string): Promise<CliProject> {
      const executable = scratch.path("demo.cjs");
      const made = new CliProject(cli, folders, scratch.path(`project-${number++}`), [
        { type: "demo", version: "1.0.0", executable },
      ]);
      ok(await made.configure(main).run(["init"]));
      return made;
    }

    it("plans, applies, and finds no difference afterwards, for every shape of value", async () => {
      const made = await project(EVERY_SHAPE);
      ok(await made.run(["plan", "-out=saved.plan"]));
      ok(await made.run(["apply", "saved.plan"]));
      expect((await made.run(["plan", "-detailed-exitcode"])).code).to.equal(0);
      const outputs = JSON.parse(ok(await made.run(["output", "-json"])).stdout) as Record<
        string,
        { value: unknown }
      >;
      expect(outputs["greeting"]?.value).to.equal("hi-there-and-a-tail there");
      expect(made.text("terraform.tfstate")).to.match(/"number": {\s+"value": 0\.1,/);
      expect(made.text("terraform.tfstate")).to.match(
        /"huge": {\s+"value": 1000000000000000000000000000000,/,
      );
      ok(await made.run(["destroy", "-auto-approve"]));
    });

    it("keeps the ephemeral value out of state, plan, output and log, while the data source's is in the state", async () => {
      const made = await project(EVERY_SHAPE);
      const plan = ok(await made.run(["plan", "-out=saved.plan"]));
      const apply = ok(await made.run(["apply", "-auto-approve"]));
      const shown = ok(await made.run(["show", "-json", "saved.plan"]));
      const traces = {
        state: made.text("terraform.tfstate"),
        plan: unzippedText(join(made.folder, "saved.plan")) + shown.stdout,
        printed: plan.stdout + plan.stderr + apply.stdout + apply.stderr,
        log: made.trace(),
      };
      const placesOf = (secret: string) =>
        Object.entries(traces).flatMap(([where, text]) => (text.includes(secret) ? [where] : []));
      expect(placesOf("Apply complete"), "the search finds what is there").to.deep.equal(["printed"]);
      expect(placesOf(STORED)).to.deep.equal(["state", "plan"]);
      expect(placesOf(EPHEMERAL)).to.deep.equal([]);
    });

    it("works without TLS when the user switches it off", async () => {
      const made = await project(EVERY_SHAPE);
      ok(await made.run(["plan"], { env: { TF_DISABLE_PLUGIN_TLS: "1" } }));
    });

    it("logs with levels and fields", async () => {
      const made = await project(failing("throw"));
      await made.run(["plan"]);
      expect(made.trace()).to.match(
        / \[INFO\] +provider\.terraform-provider-demo_v1\.0\.0: serving: .*answer=42/,
      );
      expect(made.trace()).not.to.contain('"@message"');
      expect(made.trace()).to.match(/plugin process exited/);
      expect(made.trace()).not.to.match(/plugin failed to exit gracefully/);
    });

    it("shows errors and warnings on their attributes", async () => {
      for (const [how, summary] of [
        ["invalid", "Invalid How"],
        ["diagnostic", "Refused"],
      ] as const) {
        const made = await project(failing(how));
        const { code, stderr } = await made.run(["plan"]);
        expect(code).to.equal(1);
        expect(stderr).to.match(
          new RegExp(`Error: ${summary}\\s[^]*on main\\.tf line \\d+, in data "demo_fail" "f":\\s[^]*how = `),
        );
      }
      const { stdout, stderr } = await (await project(failing("diagnostic"))).run(["plan"]);
      expect(stdout + stderr).to.match(/Warning: Failing Soon/);
    });

    it("shows a thrown error as the provider's, and survives one thrown outside of any call", async () => {
      const thrown = await (await project(failing("throw"))).run(["plan"]);
      expect(thrown.stderr).to.match(/Error: Unexpected Provider Error[^]*thrown by the demo/);
      const uncaught = await (await project(failing("uncaught"))).run(["plan"]);
      expect(uncaught.stderr).to.contain("an error outside of this call").and.not.contain("did not respond");
    });

    it("refuses a provider configuration that is not known yet, and says why", async () => {
      const made = await project(`${REQUIRED}
resource "terraform_data" "later" {}
provider "demo" {
  prefix = terraform_data.later.id
}
data "demo_echo" "e" {}
`);
      const { code, stderr } = await made.run(["plan"]);
      expect(code).to.equal(1);
      expect(stderr).to.match(
        /Error: Unknown Configuration Value\s[^]*in provider "demo":\s[^]*prefix = terraform_data/,
      );
      expect(stderr.replace(/[\s│]+/g, " ")).to.contain("The value of prefix is not known yet");
    });

    it("renews what is open", async () => {
      const made = await project(`${REQUIRED}
ephemeral "demo_secret" "s" { renew_after_ms = 500 }
provider "demo" {
  alias  = "second"
  prefix = ephemeral.demo_secret.s.token
}
data "demo_fail" "slow" {
  provider = demo.second
  how      = "slow"
}
`);
      ok(await made.run(["plan"]));
      const events = made.events().filter((event) => /^(open|renew)/.test(event));
      expect(events).to.deep.equal(["open", "renew 0"]);
    });

    it("stops what is under way on Ctrl-C, and leaves nothing running", async () => {
      const made = await project(failing("hang"));
      const { child, plugin } = await startHanging(made);
      process.kill(-child.pid!, "SIGINT");
      const [code] = (await once(child, "exit")) as [number];
      expect(code).to.equal(1);
      expect(made.events()).to.deep.equal(["released"]);
      expect(isAlive(plugin)).to.equal(false);
    });

    it("leaves by itself when the CLI is killed", async () => {
      const { child, plugin } = await startHanging(await project(failing("hang")));
      child.kill("SIGKILL");
      await once(child, "exit");
      expect(isAlive(plugin)).to.equal(true);
      expect(await until(() => !isAlive(plugin), 8_000), "the plugin left").to.equal(true);
    });

    it("can be attached to while it runs for debugging, and outlives the runs", async () => {
      const made = await project(EVERY_SHAPE);
      const debugged = spawn(process.execPath, [scratch.path("demo.cjs"), "--debug"], { env: made.env() });
      try {
        const [said] = (await once(debugged.stdout, "data")) as [Buffer];
        const attach = /TF_REATTACH_PROVIDERS='(.*)'/.exec(said.toString())?.[1] ?? "";
        const env = { TF_REATTACH_PROVIDERS: attach };
        ok(await made.run(["plan"], { env }));
        ok(await made.run(["apply", "-auto-approve"], { env }));
        expect(made.trace()).to.contain("attach");
        expect(debugged.exitCode).to.equal(null);
      } finally {
        debugged.kill("SIGINT");
      }
      await once(debugged, "exit");
    });
  });
}

/** Starts a plan in a process group of its own, and waits until its plugin hangs. */
async function startHanging(project: CliProject) {
  const child = spawn(project.cli, ["plan", "-no-color"], {
    cwd: project.folder,
    env: project.env(),
    detached: true,
    stdio: "ignore",
  });
  const hanging = () =>
    existsSync(project.eventsFile) && readFileSync(project.eventsFile, "utf8").includes("hanging");
  await until(hanging, 15_000);
  const plugin = /^hanging (\d+)$/.exec(project.events().at(-1) ?? "")?.[1];
  if (!plugin) throw new Error("the plan did not come to the data source that hangs");
  return { child, plugin: Number(plugin) };
}
