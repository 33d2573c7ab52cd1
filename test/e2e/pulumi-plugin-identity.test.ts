import { expect } from "chai";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Emulator, type KeyFile, startEmulator } from "../../emulator";
import type { PulumiProject } from "../support/pulumi";
import { ok } from "../support/run-command";
import { emulatorEnv, yamlProject } from "./support/plugin-project";
import { Traces } from "./support/traces";

const HOUR = 3_600_000;

describe("whose token it is, through the plugin with the real engine", function () {
  this.timeout(180_000);
  let emulator: Emulator;
  let project: PulumiProject;

  before(async () => (emulator = await startEmulator({ recordBodies: true })));
  after(() => emulator.close());
  afterEach(() => expect(project.cleanup(), "processes left running").to.equal(0));

  const newKey = async (): Promise<KeyFile> =>
    emulator.createKey({ serviceAccountId: emulator.addServiceAccount().id });

  it("is decided by the stack's configuration, which stays a secret", async () => {
    const key = await newKey();
    const info = { "fn::invoke": { function: "yciam:getIamTokenInfo" } };
    project = await yamlProject(
      { variables: { info }, outputs: { subjectId: "${info.subjectId}" } },
      { env: emulatorEnv(emulator) },
    );
    const traces = new Traces(project);
    await project.setConfig("yciam:serviceAccountKey", JSON.stringify({ json: JSON.stringify(key) }), {
      secret: true,
    });
    traces.keep("up", await project.up({ eventLog: true }));
    expect((await project.stackOutput()).subjectId).to.equal(key.service_account_id);
    traces.keep("export", await project.stackExport());
    expect(traces.leaks(emulator, [{ name: "private key", value: key.private_key }])).to.deep.equal([]);
  });

  it("is not known in a preview where the key is still to be made, and is in the update", async () => {
    // The first token stands for a secret that the same program makes.
    const key = await newKey();
    project = await yamlProject(
      {
        resources: {
          first: { type: "yciam:IamToken" },
          second: { type: "yciam:IamToken", properties: { iamToken: { token: "${first.token}" } } },
          held: { type: "pulumi:providers:yciam", properties: { iamToken: { token: "${second.token}" } } },
        },
        variables: {
          given: {
            "fn::invoke": {
              function: "yciam:getIamToken",
              arguments: { iamToken: { token: "${first.token}" } },
            },
          },
          through: { "fn::invoke": { function: "yciam:getIamToken", options: { provider: "${held}" } } },
        },
        outputs: {
          first: "${first.token}",
          second: "${second.token}",
          given: "${given.token}",
          through: "${through.token}",
        },
      },
      { env: { ...emulatorEnv(emulator), YC_SERVICE_ACCOUNT_KEY_FILE: JSON.stringify(key) } },
    );
    const traces = new Traces(project);
    const before = emulator.counts.exchanges;
    traces.keep("preview", await project.preview({ eventLog: true }));
    expect(emulator.counts.exchanges, "a preview of what is unknown asks for nothing").to.equal(before);
    traces.keep("up", await project.up({ eventLog: true }));
    const tokens = Object.values(await project.stackOutput({ showSecrets: true }));
    expect(tokens).to.have.length(4);
    expect(new Set(tokens)).to.deep.equal(new Set([emulator.issuedTokens.at(-1)?.token]));
    expect(Object.values(await project.stackOutput())).to.deep.equal(Array(4).fill("[secret]"));
    expect(traces.leaks(emulator, [{ name: "private key", value: key.private_key }])).to.deep.equal([]);
  });

  it("is told with a warning when the credential is to be retired", async () => {
    const oauth = emulator.addOauthToken();
    const iam = {
      "fn::invoke": { function: "yciam:getIamToken", arguments: { oauthToken: { token: "${oauth}" } } },
    };
    project = await yamlProject(
      {
        config: { oauth: { type: "string", secret: true } },
        variables: { iam },
        outputs: { token: "${iam.token}" },
      },
      { env: emulatorEnv(emulator) },
    );
    await project.setConfig("oauth", oauth.token, { secret: true });
    const { stdout } = ok(await project.up());
    expect(stdout).to.match(/warning: yciam: .*OAuth/i);
    expect(stdout).not.to.contain(oauth.token);
  });

  it("of a provider that was saved with a token which has died since, is mended by --run-program", async () => {
    const key = await newKey();
    const deadline = (ms: number) => new Date(Date.now() + ms).toISOString();
    project = await yamlProject(
      {
        config: { token: { type: "string", secret: true }, expiresAt: { type: "string" } },
        resources: {
          held: {
            type: "pulumi:providers:yciam",
            properties: {
              iamToken: { token: "${token}", expiresAt: "${expiresAt}" },
              minRemainingValidity: "1m",
            },
          },
          kept: {
            type: "yciam:IamToken",
            properties: { revokeOnDelete: true },
            options: { provider: "${held}" },
          },
        },
        outputs: { expiresAt: "${kept.expiresAt}" },
      },
      { env: emulatorEnv(emulator) },
    );
    const token = await mint(key);
    const give = async (life: number) => {
      await project.setConfig("token", token, { secret: true });
      await project.setConfig("expiresAt", deadline(life));
    };
    await give(2 * HOUR);
    ok(await project.up());
    await age(project, "2020-01-01T00:00:00Z");

    const refreshed = ok(await project.refresh());
    expect(refreshed.stdout)
      .to.contain("died at 2020-01-01T00:00:00Z")
      .and.contain("pulumi refresh --run-program");

    const mended = ok(await project.run(["destroy", "--yes", "--skip-preview", "--run-program"]));
    expect(mended.stdout).not.to.contain("died at");
    expect(emulator.counts.revoke).to.equal(1);
  });

  it("of a resource, is renewed in place when it nears its end, and shown as a change before", async () => {
    project = await yamlProject(
      { resources: { held: { type: "yciam:IamToken" } }, outputs: { expiresAt: "${held.expiresAt}" } },
      { env: { ...emulatorEnv(emulator), YC_SERVICE_ACCOUNT_KEY_FILE: JSON.stringify(await newKey()) } },
    );
    ok(await project.up());
    const made = await project.stackOutput();
    await age(project, new Date(Date.now() + HOUR / 2).toISOString());
    const preview = ok(await project.preview({ args: ["--diff"] }));

    expect(preview.stdout).to.contain("~ yciam:index:IamToken: (update)").and.contain("1 to update");
    // An output that will be another is no output that will be gone.
    expect(preview.stdout).not.to.match(/- token/);
    expect(ok(await project.up()).stdout)
      .to.contain("1 updated")
      .and.not.contain("replaced");
    expect(await project.stackOutput()).to.deep.equal(made);
    ok(await project.up({ args: ["--expect-no-changes"] }));
  });

  it("of a provider, shows a changed credential as a change, and replaces nothing", async () => {
    const [first, second] = [await newKey(), await newKey()];
    project = await yamlProject(
      {
        config: { key: { type: "string", secret: true } },
        resources: {
          held: { type: "pulumi:providers:yciam", properties: { serviceAccountKey: { json: "${key}" } } },
          kept: { type: "yciam:IamToken", options: { provider: "${held}" } },
        },
        variables: {
          info: { "fn::invoke": { function: "yciam:getIamTokenInfo", options: { provider: "${held}" } } },
        },
        outputs: { now: "${info.subjectId}", kept: "${kept.subjectId}" },
      },
      { env: emulatorEnv(emulator) },
    );
    await project.setConfig("key", JSON.stringify(first), { secret: true });
    ok(await project.up());
    await project.setConfig("key", JSON.stringify(second), { secret: true });
    const { stdout } = ok(await project.up());
    expect(stdout)
      .to.match(/~\s+pulumi:providers:yciam held updated/)
      .and.not.match(/replac/);
    expect(stdout).not.to.contain(second.private_key.slice(100, 140));
    expect((await project.stackOutput()).now).to.equal(second.service_account_id);
  });

  async function mint(key: KeyFile): Promise<string> {
    const minting = await yamlProject(
      {
        variables: { iam: { "fn::invoke": { function: "yciam:getIamToken" } } },
        outputs: { token: "${iam.token}" },
      },
      { env: { ...emulatorEnv(emulator), YC_SERVICE_ACCOUNT_KEY_FILE: JSON.stringify(key) } },
    );
    try {
      ok(await minting.up());
      return String((await minting.stackOutput({ showSecrets: true })).token);
    } finally {
      minting.cleanup();
    }
  }

  /** Lets the token that is saved of `held` come to its end at another time, as hours would. */
  async function age(of: PulumiProject, end: string): Promise<void> {
    const file = join(of.root, "state.json");
    ok(await of.run(["stack", "export", "--show-secrets", "--file", file]));
    const state = JSON.parse(readFileSync(file, "utf8")) as { deployment: { resources: State[] } };
    const resources = state.deployment.resources.map((resource) =>
      resource.urn.endsWith("::held") ? aged(resource, end) : resource,
    );
    writeFileSync(file, JSON.stringify({ ...state, deployment: { ...state.deployment, resources } }));
    ok(await of.run(["stack", "import", "--file", file]));
  }
});

interface State {
  readonly urn: string;
}

/** With another time of expiry, wherever it stands, inside a secret's text too. */
function aged(state: State, end: string): State {
  return JSON.parse(
    JSON.stringify(state).replace(/(expiresAt[\\"]*:[\\"]*)\d{4}-[^"\\]+/g, `$1${end}`),
  ) as State;
}
