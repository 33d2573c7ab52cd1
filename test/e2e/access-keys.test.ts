import { expect } from "chai";
import { type Emulator, startEmulator } from "../../emulator";
import { PulumiProject } from "../support/pulumi";
import { PLUGINS, emulatorEnv, rewrite, writeKey } from "./support/plugin-project";
import { Traces } from "./support/traces";

const PROGRAM = `
import * as pulumi from "@pulumi/pulumi";
import { getEphemeralAccessKey, getEphemeralAccessKeyOutput, Provider } from "yciam";

export = async () => {
  const awaited = await getEphemeralAccessKey({ sessionName: "awaited" });
  const output = getEphemeralAccessKeyOutput({ sessionName: pulumi.output("output") });
  const provider = new Provider("held");
  const asked = getEphemeralAccessKeyOutput({ sessionName: "asked" }, { provider });
  const mistake = await getEphemeralAccessKey({ duration: "5m" }).catch((error) => error.message);
  const misused = await getEphemeralAccessKey({ duration: pulumi.output("1h") as any }).catch((error) => error.message);
  const all = { awaited, output, asked };
  return {
    ...all,
    secrets: pulumi.all([awaited.secretAccessKey, output.sessionToken]).apply((both) => both.join(" ")),
    said: [mistake, misused],
  };
};
`;

describe("access keys in a Pulumi program, with the real engine", function () {
  this.timeout(300_000);
  let emulator: Emulator;
  let project: PulumiProject;
  let traces: Traces;
  let env: Record<string, string>;

  before(async () => {
    emulator = await startEmulator({ recordBodies: true });
    project = await PulumiProject.create({
      pulumiYaml: { plugins: PLUGINS },
      files: { "index.ts": PROGRAM },
      env: emulatorEnv(emulator),
    });
    traces = new Traces(project);
    env = { YC_SERVICE_ACCOUNT_KEY_FILE: writeKey(project, await emulator.createKey()) };
    traces.keep("preview", await project.preview({ env, eventLog: true }));
    traces.keep("up", await project.up({ env, verbose: true }));
    traces.keep("export", await project.stackExport());
  });
  after(async () => {
    project?.cleanup();
    await emulator?.close();
  });

  it("are secret in every form, in the program's process and through the plugin, and the rest is shown", async () => {
    const { secrets, said, ...forms } = await project.stackOutput();
    expect(secrets).to.equal("[secret]");
    const real = (await project.stackOutput({ showSecrets: true })) as Record<string, object>;
    for (const [sessionName, form] of Object.entries(forms)) {
      const issued = emulator.issuedAccessKeys.findLast((key) => key.sessionName === sessionName)!;
      const { accessKeyId, secret, sessionToken } = issued;
      const expiresAt = new Date(issued.expiresAt).toISOString();
      const shown = { accessKeyId, expiresAt };
      const hidden = { secretAccessKey: "[secret]", sessionToken: "[secret]" };
      expect(form, sessionName).to.deep.equal({ ...shown, ...hidden });
      expect(real[sessionName]).to.deep.equal({ ...shown, secretAccessKey: secret, sessionToken });
    }
    const [mistake, misused] = said as string[];
    expect(mistake).to.match(/^duration must be 15m or more/);
    expect(misused).to.match(/^duration is an Output\. Use getEphemeralAccessKeyOutput/);
  });

  it("are secret whole in a YAML program", async () => {
    const key = { "fn::invoke": { function: "yciam:getEphemeralAccessKey", arguments: { duration: "15m" } } };
    rewrite(project, {
      variables: { key },
      outputs: { id: "${key.accessKeyId}", secret: "${key.secretAccessKey}" },
    });
    traces.keep("yaml", await project.up({ env }));
    expect(await project.stackOutput()).to.deep.equal({ id: "[secret]", secret: "[secret]" });
    const real = await project.stackOutput({ showSecrets: true });
    expect(real.secret).to.equal(emulator.issuedAccessKeys.at(-1)?.secret);
  });

  it("leave no secret in clear in state, history, streams or logs, where a leak would be seen", async () => {
    const canaries = emulator.issuedAccessKeys.flatMap(({ secret, sessionToken }) =>
      [secret, sessionToken].map((value) => ({ name: "access key", value })),
    );
    expect(traces.leaks(emulator, canaries)).to.deep.equal([]);
    const { stdout } = await project.run(["stack", "output", "--json", "--show-secrets"]);
    const shown = { argv: [], code: 0, stdout, stderr: "" };
    traces.keep("leak", shown);
    expect(traces.leaks(emulator, canaries)).to.include("access key in stdout of leak");
  });
});
