import { expect } from "chai";
import { type Emulator, startEmulator } from "../../emulator";
import { createCertificate } from "../../provider/tls/certificate";
import { kubeconfig } from "../../sdk/nodejs";
import { type PulumiProject } from "../support/pulumi";
import { ok } from "../support/run-command";
import { emulatorEnv, writeKey, yamlProject } from "./support/plugin-project";

const cluster = { server: "https://203.0.113.7", ca: createCertificate(Date.now()).pem, name: "prod" };

/** What is kept has the kubeconfig for an input, as a kubernetes provider would; a token beside it is the control. */
const PROGRAM = {
  variables: {
    cluster: { "fn::invoke": { function: "yciam:kubeconfig", arguments: cluster } },
    iam: { "fn::invoke": { function: "yciam:getIamTokenInfo" } },
  },
  resources: {
    provider: { type: "pulumi:index:Stash", properties: { input: "${cluster.kubeconfig}" } },
    control: { type: "pulumi:index:Stash", properties: { input: "${iam.fingerprint}" } },
  },
  outputs: { kubeconfig: "${cluster.kubeconfig}", fingerprint: "${iam.fingerprint}" },
};

describe("a kubeconfig in a Pulumi program, with the real engine", function () {
  this.timeout(300_000);
  let emulator: Emulator;
  let project: PulumiProject;
  before(async () => {
    emulator = await startEmulator({ reuseWhileMs: Infinity });
    project = await yamlProject(PROGRAM, { env: emulatorEnv(emulator) });
  });
  after(async () => {
    const left = project?.cleanup();
    await emulator?.close();
    expect(left ?? 0, "processes left running").to.equal(0);
  });

  it("changes nothing of what is given it when the token is another one", async () => {
    const env = {
      YC_SERVICE_ACCOUNT_KEY_FILE: writeKey(project, await emulator.createKey()),
      YCIAM_CACHE: "memory",
    };
    ok(await project.up({ env }));
    const first = await project.stackOutput();
    expect(first.kubeconfig).to.equal(kubeconfig(cluster));
    const preview = ok(await project.preview({ env, args: ["--json"] }));
    const { steps } = JSON.parse(preview.stdout) as { steps: { urn: string; op: string }[] };
    const changed = steps
      .filter(({ op }) => op !== "same")
      .map(({ urn, op }) => `${op} ${urn.split("::").at(-1)}`);
    expect(changed).to.deep.equal(["update control"]);
    expect(emulator.counts.exchanges).to.equal(2);
  });
});
