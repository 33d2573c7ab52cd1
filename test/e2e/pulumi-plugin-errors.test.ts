import { expect } from "chai";
import { type Emulator, type KeyFile, startEmulator } from "../../emulator";
import type { PulumiProject } from "../support/pulumi";
import { emulatorEnv, rewrite, yamlProject } from "./support/plugin-project";

const PLANTED = "t1.planted.planted";

const invoke = (args: object, more: object = {}) => ({
  variables: { iam: { "fn::invoke": { function: "yciam:getIamToken", arguments: args, ...more } } },
  outputs: { token: "${iam.token}" },
});
const resource = (properties: object) => ({ resources: { kept: { type: "yciam:IamToken", properties } } });
const provider = (properties: object) => ({
  resources: { held: { type: "pulumi:providers:yciam", properties } },
  ...invoke({}, { options: { provider: "${held}" } }),
});

describe("mistakes, as the real engine shows them", function () {
  this.timeout(120_000);
  let emulator: Emulator;
  let key: KeyFile;
  let project: PulumiProject;

  before(async () => {
    emulator = await startEmulator();
    key = await emulator.createKey();
    emulator.deleteKey(key.id);
    project = await yamlProject(invoke({}), { env: emulatorEnv(emulator) });
  });
  after(async () => {
    const left = project.cleanup();
    await emulator.close();
    expect(left, "processes left running").to.equal(0);
  });

  const mistakes: readonly [string, () => object, RegExp][] = [
    ["a function's argument", () => invoke({ minRemainingValidity: "soon" }), /Validity is not a duration/],
    // A value is shown only where that can be no secret.
    [
      "a resource's input",
      () => resource({ retries: 99 }),
      /property retries value \{99\}.+ must be a whole/,
    ],
    [
      "a resource's input that is marked as secret",
      () => resource({ refreshAfter: { "fn::secret": "planted" } }),
      /refreshAfter is not a duration/,
    ],
    [
      "a resource's input inside a group of secrets",
      () => resource({ serviceAccountKey: { json: PLANTED, file: " " } }),
      /property serviceAccountKey\.file[^]+serviceAccountKey\.file is empty/,
    ],
    ["a provider's input", () => provider({ serviceAccountKey: { json: " " } }), /Key\.json is empty/],
    ["no credential", () => invoke({}), /No credential was found[^]+YC_SERVICE_ACCOUNT_KEY_FILE/],
    [
      "a credential that IAM refuses",
      () => resource({ serviceAccountKey: { json: JSON.stringify(key) } }),
      /request id/,
    ],
  ];
  for (const [title, program, said] of mistakes) {
    it(`of ${title}`, () => fails(program(), said));
  }

  it("of the environment", () =>
    fails(invoke({}), /YCIAM_RETRIES must be a whole/, { YCIAM_RETRIES: "many" }));

  it("of stack configuration, a secret in the place of an object", async () => {
    await project.setConfig("yciam:iamToken", PLANTED);
    await fails(invoke({}), /iamToken must be an object/);
  });

  async function fails(program: object, said: RegExp, env: Record<string, string> = {}): Promise<void> {
    rewrite(project, { ...program });
    const { code, stdout, stderr } = await project.up({ env });
    expect(code, stdout).not.to.equal(0);
    expect(stdout).to.match(said);
    expect(`${stdout}${stderr}`)
      .not.to.contain("planted")
      .and.not.to.contain(key.private_key.slice(100, 140));
  }
});
