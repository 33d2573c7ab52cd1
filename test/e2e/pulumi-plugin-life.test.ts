import { expect } from "chai";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { type Emulator, type KeyFile, startEmulator } from "../../emulator";
import { processesMarked } from "../support/engine-processes";
import { PulumiProject } from "../support/pulumi";
import { ok } from "../support/run-command";
import { emulatorEnv, PLUGIN_FOLDER, yamlProject } from "./support/plugin-project";

const BUILD = join(PLUGIN_FOLDER, "..");
const { version } = JSON.parse(readFileSync(join(BUILD, "../package.json"), "utf8")) as { version: string };

const PROGRAM = {
  variables: { iam: { "fn::invoke": { function: "yciam:getIamToken" } } },
  resources: { kept: { type: "yciam:IamToken" } },
  outputs: { token: "${iam.token}", kept: "${kept.token}" },
};

describe("the life of the plugin, with the real engine", function () {
  this.timeout(120_000);
  let emulator: Emulator;
  let key: KeyFile;
  let project: PulumiProject;
  let env: Record<string, string>;

  before(async () => {
    emulator = await startEmulator();
    key = await emulator.createKey();
    env = { ...emulatorEnv(emulator), YC_SERVICE_ACCOUNT_KEY_FILE: JSON.stringify(key) };
  });
  after(() => emulator.close());
  beforeEach(() => emulator.reset());
  afterEach(() => expect(project.cleanup(), "processes left running").to.equal(0));

  describe("in the middle of a slow exchange", () => {
    let engine: ChildProcess;
    let ended: Promise<unknown[]>;
    let printed: string;

    beforeEach(async () => {
      project = await yamlProject(PROGRAM, { env });
      emulator.faults.inject({ delayMs: 60_000 });
      printed = "";
      const args = ["up", "--yes", "--skip-preview", "--non-interactive", "--color=never"];
      engine = spawn("pulumi", args, {
        cwd: project.dir,
        env: project.env,
        stdio: ["ignore", "pipe", "pipe"],
      });
      [engine.stdout, engine.stderr].forEach((stream) =>
        stream?.on("data", (text: Buffer) => (printed += text.toString())),
      );
      ended = once(engine, "close");
      while (emulator.faults.pending > 0) await new Promise((done) => setTimeout(done, 20));
    });

    it("ends within two seconds of Ctrl-C", async () => {
      const began = performance.now();
      engine.kill("SIGINT");
      const [code] = await ended;
      expect(performance.now() - began, printed).to.be.lessThan(2000);
      expect(code).not.to.equal(0);
      expect(processesMarked(`PULUMI_HOME=${project.home}`)).to.deep.equal([]);
    });

    it("leaves nothing when the engine is killed", async () => {
      const plugins = () => processesMarked(`PULUMI_HOME=${project.home}`).filter(isPlugin);
      expect(plugins(), "the plugin runs").not.to.be.empty;
      engine.kill("SIGKILL");
      await ended;
      const began = Date.now();
      while (plugins().length > 0 && Date.now() - began < 5000)
        await new Promise((done) => setTimeout(done, 50));
      expect(plugins()).to.deep.equal([]);
      // The language host is Pulumi's own, and looks after itself.
      project.cleanup();
    });
  });

  it("serves an engine that attaches to it", async () => {
    project = await PulumiProject.create({ runtime: "yaml", pulumiYaml: PROGRAM, env });
    const plugin = spawn(join(PLUGIN_FOLDER, "pulumi-resource-yciam"), {
      env: project.env,
      stdio: ["ignore", "pipe", "inherit"],
    });
    try {
      const [port] = (await once(plugin.stdout, "data")) as [Buffer];
      const attach = { PULUMI_DEBUG_PROVIDERS: `yciam:${port.toString().trim()}` };
      ok(await project.up({ env: attach }));
      const args = ["--expect-no-changes"];
      ok(await project.up({ env: attach, args }));
      expect(plugin.exitCode).to.equal(null);
      expect((await project.stackOutput()).token).to.equal("[secret]");
    } finally {
      plugin.kill();
      await once(plugin, "exit");
    }
  });

  describe("installed", () => {
    const archive = readdirSync(BUILD).find((name) => name.endsWith(".tar.gz")) as string;

    it("is in an archive with the name that Pulumi looks for", () => {
      const os = process.platform === "win32" ? "windows" : process.platform;
      const arch = process.arch === "x64" ? "amd64" : process.arch;
      expect(archive).to.equal(`pulumi-resource-yciam-v${version}-${os}-${arch}.tar.gz`);
    });

    it("runs from the archive, with nothing in the project that names it", async () => {
      project = await PulumiProject.create({ runtime: "yaml", pulumiYaml: PROGRAM, env });
      ok(
        await project.run([
          "plugin",
          "install",
          "resource",
          "yciam",
          version,
          "--file",
          join(BUILD, archive),
        ]),
      );
      const [folder = ""] = readdirSync(join(project.home, "plugins"), { encoding: "utf8" }).filter(
        (name) => !name.endsWith(".lock"),
      );
      expect(folder).to.equal(`resource-yciam-v${version}`);
      const program = join(project.home, "plugins", folder, "pulumi-resource-yciam");
      expect(statSync(program).mode & 0o111).to.equal(0o111);
      ok(await project.up());
      expect(await project.stackOutput()).to.deep.equal({ token: "[secret]", kept: "[secret]" });
    });
  });
});

function isPlugin(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("pulumi-resource-yciam");
  } catch {
    return false;
  }
}
