import { expect } from "chai";
import { type Emulator, type KeyFile, startEmulator } from "../../emulator";
import { createApp } from "../../provider/app";
import { testContext } from "../support/context";
import type { PulumiProject } from "../support/pulumi";
import { ok } from "../support/run-command";
import { age, emulatorEnv, rewrite, yamlProject } from "./support/plugin-project";
import { Traces } from "./support/traces";

const HOUR = 3_600_000;
const DEAD = "2020-01-01T00:00:00Z";

const ask = (name: string, more: object = {}) => ({ "fn::invoke": { function: `yciam:${name}`, ...more } });
const held = (properties: object) => ({ type: "pulumi:providers:yciam", properties });
const through = { options: { provider: "${held}" } };
const secretText = { type: "string", secret: true };

describe("whose token it is, through the plugin with the real engine", function () {
  this.timeout(180_000);
  let emulator: Emulator;
  let project: PulumiProject;
  let key: KeyFile;

  before(async () => (emulator = await startEmulator({ recordBodies: true })));
  after(() => emulator.close());
  beforeEach(async () => (key = await newKey()));
  afterEach(() => expect(project.cleanup(), "processes left running").to.equal(0));

  const newKey = () => emulator.createKey({ serviceAccountId: emulator.addServiceAccount().id });
  const leaks = (traces: Traces, ...secrets: string[]) =>
    traces.leaks(
      emulator,
      [key.private_key, ...secrets].map((value) => ({ name: "credential", value })),
    );

  it("is not known in a preview where the key is still to be made, and is in the update", async () => {
    // The first token stands for a secret that the same program makes.
    const properties = { iamToken: { token: "${first.token}" } };
    const outputs = ["first", "second", "given", "through"].map((name) => [name, `\${${name}.token}`]);
    project = await yamlProject(
      {
        resources: {
          first: { type: "yciam:IamToken" },
          second: { type: "yciam:IamToken", properties },
          held: held({ iamToken: { token: "${second.token}" } }),
        },
        variables: {
          given: ask("getIamToken", { arguments: { ...properties } }),
          through: ask("getIamToken", through),
        },
        outputs: Object.fromEntries(outputs) as object,
      },
      { env: { ...emulatorEnv(emulator), YC_SERVICE_ACCOUNT_KEY_FILE: JSON.stringify(key) } },
    );
    const traces = new Traces(project);
    const before = emulator.counts.exchanges;
    traces.keep("preview", await project.preview({ eventLog: true }));
    expect(emulator.counts.exchanges, "a preview of what is unknown asks for nothing").to.equal(before);
    traces.keep("up", await project.up({ eventLog: true }));
    const tokens = Object.values(await project.stackOutput({ showSecrets: true }));
    expect(tokens).to.deep.equal(Array(4).fill(emulator.issuedTokens.at(-1)?.token));
    expect(Object.values(await project.stackOutput())).to.deep.equal(Array(4).fill("[secret]"));
    expect(leaks(traces)).to.deep.equal([]);
  });

  it("of a provider that was saved with a token which has died since, is mended by --run-program", async () => {
    const config = { serviceAccountKey: { json: key }, iamEndpoint: emulator.iamEndpoint };
    const { token } = await createApp(config, testContext()).getIamToken();
    const iamToken = { token: "${token}", expiresAt: "${expiresAt}" };
    project = await yamlProject(
      {
        config: { token: secretText, expiresAt: { type: "string" } },
        resources: { held: held({ iamToken }), kept: { type: "yciam:IamToken", ...through } },
      },
      { env: emulatorEnv(emulator) },
    );
    await project.setConfig("token", token.reveal(), { secret: true });
    await project.setConfig("expiresAt", new Date(Date.now() + 2 * HOUR).toISOString());
    ok(await project.up());
    await age(project, "held", DEAD);
    const { stdout } = ok(await project.refresh());
    expect(stdout).to.contain(`died at ${DEAD}`).and.contain("pulumi refresh --run-program");
    const mended = ok(await project.run(["destroy", "--yes", "--skip-preview", "--run-program"]));
    expect(mended.stdout).not.to.contain("died at");
  });

  it("is decided by the stack's configuration, by a provider's, and warned of when it is to be retired", async () => {
    const info = { variables: { info: ask("getIamTokenInfo") }, outputs: { subjectId: "${info.subjectId}" } };
    project = await yamlProject(info, { env: emulatorEnv(emulator) });
    const traces = new Traces(project);
    const subjectId = async () => (await project.stackOutput()).subjectId;
    const json = JSON.stringify({ json: JSON.stringify(key) });
    await project.setConfig("yciam:serviceAccountKey", json, { secret: true });
    traces.keep("up", await project.up({ eventLog: true }));
    expect(await subjectId()).to.equal(key.service_account_id);

    rewrite(project, {
      ...info,
      config: { key: secretText },
      resources: { held: held({ serviceAccountKey: { json: "${key}" } }) },
      variables: { info: ask("getIamTokenInfo", through) },
    });
    const [first, second] = [await newKey(), await newKey()];
    await project.setConfig("key", JSON.stringify(first), { secret: true });
    traces.keep("up with a provider", await project.up());
    expect(await subjectId()).to.equal(first.service_account_id);
    await project.setConfig("key", JSON.stringify(second), { secret: true });
    const changed = traces.keep("up with another key", await project.up());
    expect(changed.stdout)
      .to.match(/~\s+pulumi:providers:yciam held updated/)
      .and.not.match(/replac/);
    expect(await subjectId()).to.equal(second.service_account_id);

    const oauth = emulator.addOauthToken();
    const old = { arguments: { oauthToken: { token: "${oauth}" } } };
    rewrite(project, {
      ...info,
      config: { oauth: secretText },
      variables: { info: ask("getIamTokenInfo", old) },
    });
    await project.setConfig("oauth", oauth.token, { secret: true });
    const retired = traces.keep("up with an OAuth token", await project.up({ eventLog: true }));
    expect(retired.stdout).to.match(/warning: yciam: .*OAuth/i);
    traces.keep("export", await project.stackExport());
    expect(leaks(traces, first.private_key, second.private_key, oauth.token)).to.deep.equal([]);
  });
});
