import { expect } from "chai";
import { join } from "node:path";
import { type Emulator, type KeyFile, startEmulator } from "../../emulator";
import { createCertificate } from "../../provider/tls/certificate";
import { kubeconfig } from "../../sdk/nodejs";
import { engineFolders } from "../support/engine-env";
import { PulumiProject } from "../support/pulumi";
import { runCommand } from "../support/run-command";
import { emulatorEnv, PLUGINS, writeKey } from "./support/plugin-project";
import { Traces } from "./support/traces";

const cluster = { server: "https://203.0.113.7", ca: createCertificate(Date.now()).pem, name: "prod" };
const SECRET = ["token", "authorization", "template", "whole", "through", "kept"];

describe("a Go program, through the plugin, with the real engine", function () {
  this.timeout(300_000);
  let emulator: Emulator;
  let project: PulumiProject;
  let traces: Traces;
  let key: KeyFile;
  let program: string;

  before(async function () {
    const folders = await engineFolders("goprogram");
    if (folders === undefined) return this.skip();
    program = join(folders[0] as string, "goprogram");
    emulator = await startEmulator({ recordBodies: true });
    key = await emulator.createKey();
    const env = emulatorEnv(emulator);
    project = await PulumiProject.create({ runtime: "go", pulumiYaml: { plugins: PLUGINS }, env });
    traces = new Traces(project);
    await project.setConfig("key", JSON.stringify(key), { secret: true });
    await project.setConfig("ca", cluster.ca);
  });

  after(async () => {
    const left = project?.cleanup();
    await emulator?.close();
    expect(left ?? 0, "processes left running").to.equal(0);
  });

  const run = async (command: "preview" | "up") => {
    const env = { ...project.env, YC_SERVICE_ACCOUNT_KEY_FILE: writeKey(project, key) };
    return traces.keep(command, await runCommand([program, command], { cwd: project.dir, env }));
  };

  it("shows every form of the token as [secret], an error of the form that holds none, and no change the second time", async () => {
    await run("preview");
    expect((await run("up")).stdout).to.contain("+ 3 created");
    expect((await run("up")).stdout).to.contain("3 unchanged");
    const outputs = await project.stackOutput();
    for (const name of SECRET) expect(outputs[name], name).to.equal("[secret]");
    expect(outputs.kubeconfig).to.equal(kubeconfig(cluster));
    expect(outputs.resolver).to.equal("serviceAccountKey");
    expect(Date.parse(String(outputs.expiresAt))).to.be.greaterThan(Date.now());
    expect(outputs.fingerprint).to.match(/^[0-9a-f]{12}$/);
    expect(outputs.plainError).to.contain("unexpected secret result");
  });

  it("leaves no token, key or assertion in clear anywhere", async () => {
    traces.keep("export", await project.stackExport());
    traces.keep("destroy", await project.destroy());
    expect(traces.leaks(emulator, [{ name: "private key", value: key.private_key }])).to.deep.equal([]);
  });
});
