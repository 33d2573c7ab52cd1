import { expect } from "chai";
import { setTimeout as delay } from "node:timers/promises";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { type Emulator, startEmulator } from "../../emulator";
import release from "../../release.config.json";
import { processesMarked } from "../support/engine-processes";
import { PulumiProject } from "../support/pulumi";
import { ok } from "../support/run-command";
import { emulatorEnv, PLUGIN_FOLDER, yamlProject } from "./support/plugin-project";

const PROGRAM = {
  variables: { iam: { "fn::invoke": { function: "yciam:getIamToken" } } },
  resources: { kept: { type: "yciam:IamToken" } },
  outputs: { token: "${iam.token}", kept: "${kept.token}" },
};

describe("the life of the plugin, with the real engine", function () {
  this.timeout(120_000);
  let emulator: Emulator;
  let project: PulumiProject;
  let env: Record<string, string>;

  before(async () => {
    emulator = await startEmulator();
    const key = JSON.stringify(await emulator.createKey());
    env = { ...emulatorEnv(emulator), YC_SERVICE_ACCOUNT_KEY_FILE: key };
  });
  after(() => emulator.close());
  beforeEach(() => emulator.reset());
  afterEach(() => expect(project.cleanup(), "processes left running").to.equal(0));

  /** An engine in the middle of a slow exchange, and what is left of it. */
  async function startSlowly() {
    project = await yamlProject(PROGRAM, { env });
    emulator.faults.inject({ delayMs: 60_000 });
    const args = ["up", "--yes", "--skip-preview", "--non-interactive"];
    const engine = spawn("pulumi", args, { cwd: project.dir, env: project.env, stdio: "ignore" });
    while (emulator.faults.pending > 0) await new Promise((done) => setTimeout(done, 20));
    const { home } = project;
    return { engine, ended: once(engine, "close"), left: () => processesMarked(`PULUMI_HOME=${home}`) };
  }

  it("ends within two seconds of Ctrl-C, in the middle of a slow exchange", async () => {
    const { engine, ended, left } = await startSlowly();
    const began = performance.now();
    engine.kill("SIGINT");
    const [code] = (await ended) as [number];
    expect(performance.now() - began).to.be.lessThan(2000);
    expect(code).not.to.equal(0);
    while (left().length > 0) await delay(20);
  });

  it("ends when the engine is killed, in the middle of a slow exchange", async () => {
    const { engine, ended, left } = await startSlowly();
    const command = (pid: number) => spawnSync("cat", [`/proc/${pid}/cmdline`]).stdout.toString();
    const plugins = () => left().filter((pid) => command(pid).includes("pulumi-resource-yciam"));
    expect(plugins(), "the plugin runs").not.to.be.empty;
    engine.kill("SIGKILL");
    await ended;
    while (plugins().length > 0) await new Promise((done) => setTimeout(done, 50));
    // The language host is Pulumi's own, and looks after itself.
    project.cleanup();
  });

  it("serves an engine that attaches to it", async () => {
    project = await PulumiProject.create({ runtime: "yaml", pulumiYaml: PROGRAM, env });
    const program = join(PLUGIN_FOLDER, "pulumi-resource-yciam");
    const plugin = spawn(program, { env: project.env, stdio: ["ignore", "pipe", "inherit"] });
    try {
      const [port] = (await once(plugin.stdout, "data")) as [Buffer];
      const attach = { PULUMI_DEBUG_PROVIDERS: `yciam:${port.toString().trim()}` };
      ok(await project.up({ env: attach }));
      ok(await project.up({ env: attach, args: ["--expect-no-changes"] }));
      expect(plugin.exitCode).to.equal(null);
      expect((await project.stackOutput()).token).to.equal("[secret]");
    } finally {
      plugin.kill();
      await once(plugin, "exit");
    }
  });

  it("S5: is looked for where the SDK says, when it is not installed", async () => {
    const program = 'import { Provider } from "yciam"; new Provider("held", { timeout: "5s" });';
    project = await PulumiProject.create({ files: { "index.ts": program }, env });
    const { code, stdout, stderr } = await project.up();
    expect(code).not.to.equal(0);
    expect(stdout + stderr).to.contain(release.pluginDownloadURL);
  });
});
