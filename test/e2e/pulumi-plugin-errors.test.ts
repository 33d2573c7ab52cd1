import { expect } from "chai";
import { type Emulator, type KeyFile, startEmulator } from "../../emulator";
import { PulumiProject, type PulumiResult, type PulumiRunOptions } from "../support/pulumi";
import { emulatorEnv, PLUGINS, yamlProject } from "./support/plugin-project";

const PLANTED = "t1.planted.planted";

const invoke = (args: object) => ({
  variables: { iam: { "fn::invoke": { function: "yciam:getIamToken", arguments: args } } },
  outputs: { token: "${iam.token}" },
});

const resource = (properties: object) => ({ resources: { kept: { type: "yciam:IamToken", properties } } });

const provider = (properties: object) => ({
  resources: { held: { type: "pulumi:providers:yciam", properties } },
  variables: { iam: { "fn::invoke": { function: "yciam:getIamToken", options: { provider: "${held}" } } } },
  outputs: { token: "${iam.token}" },
});

describe("mistakes, as the real engine shows them", function () {
  this.timeout(120_000);
  let emulator: Emulator;
  let key: KeyFile;

  before(async () => {
    emulator = await startEmulator();
    key = await emulator.createKey();
  });
  after(() => emulator.close());

  async function run(
    program: object,
    work: (project: PulumiProject) => Promise<PulumiResult> = (project) => project.up(),
    env: PulumiRunOptions["env"] = {},
  ): Promise<string> {
    const project = await yamlProject({ ...program }, { env: { ...emulatorEnv(emulator), ...env } });
    try {
      const { code, stdout, stderr } = await work(project);
      expect(code, `${stdout}${stderr}`).not.to.equal(0);
      const shown = `${stdout}${stderr}`;
      expect(shown).not.to.contain("planted").and.not.to.contain(key.private_key.slice(100, 140));
      return shown;
    } finally {
      expect(project.cleanup(), "processes left running").to.equal(0);
    }
  }

  it("of a function's argument: the option and what it must be", async () => {
    const shown = await run(invoke({ minRemainingValidity: "soon" }));
    expect(shown).to.contain("minRemainingValidity is not a duration");
  });

  it("of a resource's input: the property, and its value only where that can be no secret", async () => {
    const shown = await run(resource({ retries: 99 }));
    expect(shown).to.match(/property retries value \{99\} has a problem: retries must be a whole number/);
  });

  it("of a resource's input inside a group of secrets: its path", async () => {
    const shown = await run(resource({ serviceAccountKey: { json: PLANTED, file: " " } }));
    expect(shown)
      .to.contain("property serviceAccountKey.file")
      .and.contain("serviceAccountKey.file is empty");
  });

  it("of a provider's input: its path", async () => {
    const shown = await run(provider({ iamToken: { token: PLANTED }, serviceAccountKey: { json: " " } }));
    expect(shown).to.contain("serviceAccountKey.json is empty");
  });

  it("of stack configuration, a secret in the place of an object: the option, and not the secret", async () => {
    const shown = await run(invoke({}), async (project) => {
      await project.setConfig("yciam:iamToken", PLANTED);
      return project.up();
    });
    expect(shown).to.contain("iamToken must be an object");
  });

  it("of the environment: the variable", async () => {
    const shown = await run(invoke({}), (project) => project.up(), { YCIAM_RETRIES: "many" });
    expect(shown).to.contain("YCIAM_RETRIES must be a whole number");
  });

  it("when nothing has a credential: what each resolver wants", async () => {
    const shown = await run(invoke({}));
    expect(shown).to.contain("No credential was found").and.contain("YC_SERVICE_ACCOUNT_KEY_FILE");
  });

  it("when IAM refuses a credential: its answer and the request's id", async () => {
    const other = await emulator.createKey();
    emulator.deleteKey(other.id);
    const shown = await run(resource({ serviceAccountKey: { json: JSON.stringify(other) } }));
    expect(shown).to.contain("request id");
    expect(shown).not.to.contain(other.private_key.slice(100, 140));
  });

  it("of a Node program that hands the plugin a resolver of its own: what to do", async () => {
    const program = `
import { getIamTokenOutput, Provider } from "yciam";
import { defineResolver, unavailable } from "yciam/resolvers";

const own = defineResolver({
  name: "own",
  summary: "Nobody.",
  options: {},
  resolve: async () => unavailable("nobody is here", "come back"),
});
export const token = getIamTokenOutput({ resolvers: [own] }, { provider: new Provider("held") }).token;
`;
    const project = await PulumiProject.create({
      pulumiYaml: { plugins: PLUGINS },
      files: { "index.ts": program },
      env: emulatorEnv(emulator),
    });
    try {
      const { code, stdout } = await project.up();
      expect(code).not.to.equal(0);
      expect(stdout).to.contain("resolvers has an object").and.contain("resolverModules");
    } finally {
      expect(project.cleanup(), "processes left running").to.equal(0);
    }
  });

  it("when a token is to be imported: why it cannot be", async () => {
    const shown = await run(resource({}), (project) =>
      project.run([
        "import",
        "yciam:index:IamToken",
        "kept",
        "aje00000000000000000",
        "--yes",
        "--skip-preview",
      ]),
    );
    expect(shown).to.contain("an IAM token cannot be imported");
  });
});
