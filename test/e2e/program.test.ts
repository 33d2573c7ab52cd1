import { expect } from "chai";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Emulator, startEmulator } from "../../emulator";
import { PulumiProject } from "../support/pulumi";
import { ok } from "../support/run-command";

// A key that the same program makes: what it holds is unknown in the first preview.
const KEY_MAKER = `
import * as pulumi from "@pulumi/pulumi";
const provider: pulumi.dynamic.ResourceProvider = {
  create: async (inputs) => ({ id: "key", outs: { json: require("node:fs").readFileSync(inputs.path, "utf8") } }),
};
export class Key extends pulumi.dynamic.Resource {
  declare readonly json: pulumi.Output<string>;
  constructor(name: string, path: string) { super(provider, name, { path, json: undefined }, { additionalSecretOutputs: ["json"] }); }
}
`;

const PROGRAM = `
import * as pulumi from "@pulumi/pulumi";
import { explainResolvers, getIamToken, getIamTokenOutput, IamToken } from "yciam";
import { Key } from "./key";

export = async () => {
  const config = new pulumi.Config();
  const iamEndpoint = config.require("iamEndpoint");
  const key = new Key("key", config.require("keyFile"));
  const made = getIamTokenOutput({ iamEndpoint, serviceAccountKey: { json: key.json } });
  const later = getIamTokenOutput({ iamEndpoint, serviceAccountKey: { file: config.require("keyFile") } }, { dependsOn: [key] });
  const kept = new IamToken("kept", { iamEndpoint, serviceAccountKey: { json: key.json }, revokeOnDelete: true });
  const refused = await getIamToken({ serviceAccountKey: { json: key.json as unknown as string } }).catch((error) => error.message);
  const { chosen, resolvers } = await explainResolvers({ iamEndpoint, serviceAccountKey: { file: config.require("keyFile") } });
  return {
    made: made.fingerprint, later: later.fingerprint, kept: kept.fingerprint, expiresAt: kept.expiresAt,
    refused, chosen, outcomes: resolvers.map((row) => row.outcome), token: kept.token,
  };
};
`;

interface State {
  deployment: { resources: { type: string; urn: string; outputs?: Record<string, unknown> }[] };
}

describe("a Pulumi program over its life, with the real engine", function () {
  this.timeout(300_000);
  let emulator: Emulator;
  let project: PulumiProject;

  before(async () => {
    // Each exchange gives another token: what is stable is so by our doing, not by IAM's.
    emulator = await startEmulator({ reuseWhileMs: Infinity });
    project = await PulumiProject.create({ files: { "index.ts": PROGRAM, "key.ts": KEY_MAKER } });
    const keyFile = join(project.root, "key.json");
    writeFileSync(keyFile, JSON.stringify(await emulator.createKey()), { mode: 0o600 });
    ok(await project.setConfig("iamEndpoint", emulator.iamEndpoint));
    ok(await project.setConfig("keyFile", keyFile));
  });

  after(async () => {
    project.cleanup();
    await emulator.close();
  });

  it("previews while the key is not there yet, and asks IAM nothing", async () => {
    ok(await project.preview());
    expect(emulator.counts.tokens).to.equal(0);
  });

  it("gets one token for all of them, once the key is there", async () => {
    ok(await project.up());
    const outputs = await project.stackOutput();
    expect(outputs.made).to.match(/^[0-9a-f]{12}$/);
    expect(outputs.later).to.equal(outputs.made);
    expect(outputs.kept).to.equal(outputs.made);
    expect(emulator.counts.exchanges).to.equal(1);
    expect(outputs.refused).to.equal(
      "serviceAccountKey.json is an Output. Use getIamTokenOutput, which takes Outputs.",
    );
    expect(outputs).to.deep.include({ chosen: "serviceAccountKey", outcomes: ["used"], token: "[secret]" });
  });

  it("shows no change in the next preview, up and refresh, and asks IAM nothing", async () => {
    ok(await project.preview({ args: ["--expect-no-changes"] }));
    ok(await project.up({ args: ["--expect-no-changes"] }));
    ok(await project.refresh({ args: ["--expect-no-changes"] }));
    expect(emulator.counts.exchanges).to.equal(1);
  });

  it("renews the kept token when less than an hour is left of it", async () => {
    const before = await project.stackOutput({ showSecrets: true });
    const file = join(project.root, "state.json");
    const state = JSON.parse(ok(await project.stackExport()).stdout) as State;
    const kept = state.deployment.resources.find(({ urn }) => urn.endsWith("::kept"));
    kept!.outputs!.expiresAt = new Date(Date.now() + 59 * 60_000).toISOString();
    writeFileSync(file, JSON.stringify(state));
    ok(await project.run(["stack", "import", "--file", file]));
    const { stdout } = ok(await project.up({ env: { YCIAM_CACHE: "none" } }));
    expect(stdout).to.include("~ 1 updated");
    const after = await project.stackOutput({ showSecrets: true });
    expect(after.token).not.to.equal(before.token);
    expect(Date.parse(String(after.expiresAt))).to.be.greaterThan(Date.now() + 11 * 3_600_000);
  });

  it("revokes the kept token on destroy, since the program asked for it", async () => {
    const { token } = await project.stackOutput({ showSecrets: true });
    ok(await project.destroy());
    expect(emulator.counts.revoke).to.equal(1);
    expect(
      emulator.issuedTokens.filter(({ revoked }) => revoked).map((issued) => issued.token),
    ).to.deep.equal([token]);
  });

  it("says what to set when there is no credential at all", async () => {
    const bare = await PulumiProject.create({
      files: {
        "index.ts": `import { getIamToken } from "yciam"; export = async () => ({ t: (await getIamToken()).token });`,
      },
    });
    try {
      const { code, stdout } = await bare.up({ env: { YC_METADATA_ADDR: "127.0.0.1:1" } });
      expect(code).not.to.equal(0);
      expect(stdout).to.include("No credential was found. Tried, in this order:");
      expect(stdout).to.include("or YC_SERVICE_ACCOUNT_KEY_FILE.");
      expect(stdout).not.to.match(/unhandled exception|    at /);
    } finally {
      bare.cleanup();
    }
  });
});
