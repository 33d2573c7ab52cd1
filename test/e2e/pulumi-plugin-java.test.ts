import { expect } from "chai";
import { type Emulator, type KeyFile, startEmulator } from "../../emulator";
import { engineFolders } from "../support/engine-env";
import { PulumiProject } from "../support/pulumi";
import { compileJavaProgram } from "./support/java-program";
import { emulatorEnv, PLUGINS, writeKey } from "./support/plugin-project";
import { Traces } from "./support/traces";

const SECRET = ["token", "authorization", "template", "through", "kept"];

describe("a Java program, through the plugin, with the real engine", function () {
  this.timeout(300_000);
  let emulator: Emulator;
  let project: PulumiProject;
  let traces: Traces;
  let key: KeyFile;

  before(async function () {
    const [, jdk, jars] = (await engineFolders("java")) ?? [];
    if (jdk === undefined || jars === undefined) return this.skip();
    emulator = await startEmulator({ recordBodies: true });
    key = await emulator.createKey();
    const env = emulatorEnv(emulator);
    project = await PulumiProject.create({ runtime: "java", pulumiYaml: { plugins: PLUGINS }, env });
    traces = new Traces(project);
    await compileJavaProgram({ jdk, jars }, project.dir);
    await project.setConfig("key", JSON.stringify(key), { secret: true });
  });

  after(async () => {
    const left = project?.cleanup();
    await emulator?.close();
    expect(left ?? 0, "processes left running").to.equal(0);
  });

  const up = async () => {
    const env = { YC_SERVICE_ACCOUNT_KEY_FILE: writeKey(project, key) };
    return traces.keep("up", await project.up({ env, verbose: true }));
  };

  it("shows every form of the token as [secret], and no change the second time", async () => {
    expect((await up()).stdout).to.contain("+ 3 created");
    expect((await up()).stdout).to.contain("3 unchanged");
    const outputs = await project.stackOutput();
    for (const name of SECRET) expect(outputs[name], name).to.equal("[secret]");
    expect(outputs.resolver).to.equal("serviceAccountKey");
    expect(Date.parse(String(outputs.expiresAt))).to.be.greaterThan(Date.now());
    expect(outputs.fingerprint).to.match(/^[0-9a-f]{12}$/);
  });

  it("leaves no token, key or assertion in clear anywhere", async () => {
    traces.keep("export", await project.stackExport());
    traces.keep("destroy", await project.destroy());
    expect(traces.leaks(emulator, [{ name: "private key", value: key.private_key }])).to.deep.equal([]);
  });
});
