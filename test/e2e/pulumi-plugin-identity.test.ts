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

  /** Lets the provider's saved token die, as hours would. */
  async function age(of: PulumiProject, dead: string): Promise<void> {
    const file = join(of.root, "state.json");
    ok(await of.run(["stack", "export", "--show-secrets", "--file", file]));
    const state = JSON.parse(readFileSync(file, "utf8")) as { deployment: { resources: State[] } };
    const held = state.deployment.resources.find(({ urn }) => urn.endsWith("::held"));
    for (const properties of [held?.inputs, held?.outputs]) {
      if (properties?.iamToken !== undefined) properties.iamToken = aged(properties.iamToken, dead);
    }
    writeFileSync(file, JSON.stringify(state));
    ok(await of.run(["stack", "import", "--file", file]));
  }
});

interface State {
  readonly urn: string;
  readonly inputs?: Record<string, unknown>;
  readonly outputs?: Record<string, unknown>;
}

function aged(value: unknown, dead: string): unknown {
  const text = JSON.stringify(value);
  return JSON.parse(text.replace(/(expiresAt[\\"]*:[\\"]*)\d{4}-[^"\\]+/g, `$1${dead}`));
}
