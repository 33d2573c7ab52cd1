import { expect } from "chai";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Emulator, startEmulator } from "../../emulator";
import type { Canary } from "../support/canary";
import { PulumiProject } from "../support/pulumi";
import { ok } from "../support/run-command";
import { PLUGINS, writeKey } from "./support/plugin-project";
import { Traces } from "./support/traces";

const PROGRAM = `
import * as pulumi from "@pulumi/pulumi";
import { readFileSync } from "node:fs";
import { explainResolvers, getIamToken, getIamTokenOutput, IamToken } from "yciam";
import { Echo, Key } from "./resources";

export = async () => {
  const config = new pulumi.Config();
  const iamEndpoint = config.require("iamEndpoint");
  const key = config.requireSecret("key");

  const awaited = await getIamToken({ iamEndpoint });
  const output = getIamTokenOutput({ iamEndpoint, serviceAccountKey: { json: key } });
  const oauth = getIamTokenOutput({ iamEndpoint, oauthToken: { token: config.requireSecret("oauth") } });
  const resource = new IamToken("kept", { iamEndpoint, serviceAccountKey: { json: key } });
  const ambient = new IamToken("ambient", { iamEndpoint });
  // A key that no configuration marked as secret: its own doing keeps it out of the state.
  const text = readFileSync(process.env.YC_SERVICE_ACCOUNT_KEY_FILE!, "utf8");
  const plainly = new IamToken("plainly", { iamEndpoint, serviceAccountKey: { json: text } });
  if (process.env.WITH_A_MISTAKE) new IamToken("mistaken", { iamEndpoint, serviceAccountKey: pulumi.secret(text) as any });
  // What this key holds is unknown in the first preview.
  const other = new Key("key", config.require("otherFile"));
  const made = getIamTokenOutput({ iamEndpoint, serviceAccountKey: { json: other.json } });
  const later = getIamTokenOutput({ iamEndpoint, serviceAccountKey: { file: config.require("otherFile") } }, { dependsOn: [other] });
  const kept = new IamToken("made", { iamEndpoint, serviceAccountKey: { json: other.json } });
  const refused = await getIamToken({ serviceAccountKey: { json: other.json as any } }).catch((error) => error.message);
  const { chosen, resolvers } = await explainResolvers({ iamEndpoint });
  const forms = {
    awaited: awaited.token,
    awaitedHeader: awaited.authorizationHeader,
    output: output.token,
    applied: output.apply((answer) => answer.token),
    outputHeader: output.authorizationHeader,
    oauth: oauth.token,
    resource: resource.token,
    resourceHeader: resource.authorizationHeader,
    ambient: ambient.token,
    plainly: plainly.token,
    template: pulumi.interpolate\`token=\${output.token}; header=\${awaited.authorizationHeader}\`,
    nested: { deep: [output.token, awaited.token] },
    whole: output,
    wholeAwaited: awaited,
  };
  new Echo("echo", { forms });
  return {
    ...forms,
    later: { fingerprints: [made.fingerprint, later.fingerprint, kept.fingerprint], refused, chosen, outcomes: resolvers.map((row) => row.outcome) },
    plain: pulumi.all([awaited, output, resource].map(({ expiresAt, issuedAt, refreshAt, resolver, subjectId, fingerprint }) =>
      pulumi.output({ expiresAt, issuedAt, refreshAt, resolver, subjectId, fingerprint }))),
  };
};
`;

// A resource that keeps what it is given, as a careless one would, and a key that the program makes.
const RESOURCES = `
import * as pulumi from "@pulumi/pulumi";
const echo: pulumi.dynamic.ResourceProvider = {
  create: async (inputs) => ({ id: "echo", outs: inputs }),
  update: async (_id, _olds, news) => ({ outs: news }),
};
export class Echo extends pulumi.dynamic.Resource {
  constructor(name: string, props: Record<string, unknown>) { super(echo, name, props); }
}
const maker: pulumi.dynamic.ResourceProvider = {
  create: async (inputs) => ({ id: "key", outs: { json: require("node:fs").readFileSync(inputs.path, "utf8") } }),
};
export class Key extends pulumi.dynamic.Resource {
  declare readonly json: pulumi.Output<string>;
  constructor(name: string, path: string) { super(maker, name, { path, json: undefined }, { additionalSecretOutputs: ["json"] }); }
}
`;

/** What the program exports that is no secret form of a token. */
const OTHERS = ["plain", "later", "nested", "whole", "wholeAwaited"];

const FAILING: readonly [string, string, RegExp][] = [
  [
    "what to set when there is no credential at all",
    `import { getIamToken } from "yciam"; export = async () => ({ t: (await getIamToken()).token });`,
    /No credential was found\. Tried, in this order:[^]+or YC_SERVICE_ACCOUNT_KEY_FILE\./,
  ],
  [
    "what to do with a resolver of its own that the plugin is handed",
    `import { getIamTokenOutput, Provider } from "yciam";
     import { defineResolver, unavailable } from "yciam/resolvers";
     const own = defineResolver({ name: "own", summary: "Nobody.", options: {}, resolve: async () => unavailable("a", "b") });
     export const token = getIamTokenOutput({ resolvers: [own] }, { provider: new Provider("held") }).token;`,
    /resolvers has an object[^]+resolverModules/,
  ],
];

describe("the in-program data source and resource, with the real engine", function () {
  this.timeout(300_000);
  let emulator: Emulator;
  let project: PulumiProject;
  let canaries: Canary[];
  let subjectId: string;
  let traces: Traces;
  const exchanges: number[] = [];

  before(async () => {
    // Each exchange gives another token: what is stable is so by our doing, not by IAM's.
    emulator = await startEmulator({ recordBodies: true, reuseWhileMs: Infinity });
    subjectId = emulator.addServiceAccount().id;
    const key = await emulator.createKey({ serviceAccountId: subjectId });
    const oauth = emulator.addOauthToken();
    const other = await emulator.createKey();
    const files = { "index.ts": PROGRAM, "resources.ts": RESOURCES };
    project = await PulumiProject.create({ pulumiYaml: { plugins: PLUGINS }, files });
    const keyFile = writeKey(project, key);
    const otherFile = join(project.root, "other.json");
    writeFileSync(otherFile, JSON.stringify(other), { mode: 0o600 });
    ok(await project.setConfig("otherFile", otherFile));
    ok(await project.setConfig("iamEndpoint", emulator.iamEndpoint));
    ok(await project.setConfig("key", JSON.stringify(key), { secret: true }));
    ok(await project.setConfig("oauth", oauth.token, { secret: true }));
    traces = new Traces(project);
    const quiet = { eventLog: true, env: { YC_SERVICE_ACCOUNT_KEY_FILE: keyFile } };
    traces.keep("preview", await project.preview(quiet));
    exchanges.push(emulator.counts.exchanges);
    traces.keep("up", await project.up(quiet));
    const loud = { ...quiet, eventLog: false, verbose: true, args: ["--expect-no-changes"] };
    traces.keep("loud preview", await project.preview(loud));
    traces.keep("loud up", await project.up(loud));
    traces.keep("refresh", await project.refresh({ ...quiet, args: loud.args }));
    exchanges.push(emulator.counts.exchanges);
    const mistaken = await project.up({ ...quiet, env: { ...quiet.env, WITH_A_MISTAKE: "1" } });
    expect(mistaken.code).not.to.equal(0);
    expect(mistaken.stdout).to.include("serviceAccountKey must be an object");
    traces.keep("a mistake", { ...mistaken, code: 0 });
    traces.keep("export", await project.stackExport());
    traces.keep("output", await project.run(["stack", "output", "--json"]));
    const values = [key.private_key, other.private_key, oauth.token];
    canaries = values.map((value) => ({ name: "credential", value }));
  });

  after(async () => {
    project.cleanup();
    await emulator.close();
  });

  it("shows each form as [secret], and what is no secret in clear", async () => {
    const outputs = await project.stackOutput();
    const forms = Object.keys(outputs).filter((name) => !OTHERS.includes(name));
    expect(forms).to.have.length(11);
    for (const form of forms) expect(outputs[form], form).to.equal("[secret]");
    expect(outputs.nested).to.deep.equal({ deep: ["[secret]", "[secret]"] });
    for (const whole of [outputs.whole, outputs.wholeAwaited])
      expect(whole).to.include({ token: "[secret]", authorizationHeader: "[secret]", subjectId });
    const [awaited, output, resource] = outputs.plain as Record<string, string>[];
    expect(awaited).to.include({ resolver: "serviceAccountKey", subjectId });
    expect(Date.parse(String(awaited?.expiresAt))).to.be.greaterThan(Date.now());
    expect(awaited?.fingerprint).to.match(/^[0-9a-f]{12}$/);
    expect([output, resource]).to.deep.equal([awaited, awaited]);
    const real = await project.stackOutput({ showSecrets: true });
    expect(emulator.issuedTokens.map(({ token }) => token)).to.include(real.awaited);
    expect(real.outputHeader).to.equal(`Bearer ${String(real.awaited)}`);
  });

  it("asks IAM once for each credential: not before it is known, nor in the next preview, up or refresh", async () => {
    // A key and an OAuth token; then the key that the program made, too.
    expect(exchanges).to.deep.equal([2, 3]);
    const later = (await project.stackOutput()).later as Record<string, string[]>;
    expect(new Set(later.fingerprints)).to.have.property("size", 1);
    const refused = "serviceAccountKey.json is an Output. Use getIamTokenOutput, which takes Outputs.";
    expect(later).to.deep.include({ refused, chosen: "serviceAccountKey" });
    expect(later.outcomes?.slice(0, 3)).to.deep.equal(["unavailable", "used", "notTried"]);
  });

  it("writes functions into the state that hold no secret, no path and nothing of the package", () => {
    const state = [...project.readState().values()].join("\n");
    const providers = [...state.matchAll(/"__provider": ?"((?:[^"\\]|\\.)*)"/g)].map(
      ([, text]) => text as string,
    );
    const ours = providers.filter((text) => text.includes("yciam/dynamic"));
    expect(ours).not.to.be.empty;
    for (const text of ours) {
      expect(text).to.not.match(new RegExp(`${__dirname.split("/").slice(0, 3).join("/")}|node_modules`));
      expect(text.length).to.be.lessThan(5000);
    }
  });

  it("leaves no token, key, OAuth token or assertion in clear in state, history, streams or logs", async () => {
    traces.keep("destroy", await project.destroy({ eventLog: true }));
    expect(traces.leaks(emulator, canaries)).to.deep.equal([]);
  });

  it("would have seen a leak: the same search finds a token where it stands in clear", async () => {
    const shown = ok(await project.run(["stack", "history", "--json"]));
    traces.keep("leak", { ...shown, stdout: `${shown.stdout}${emulator.issuedTokens[0]?.token}` });
    expect(traces.leaks(emulator)).to.deep.equal(["IAM token in stdout of leak"]);
  });

  for (const [what, program, said] of FAILING) {
    it(`says ${what}, and shows no stack`, async () => {
      writeFileSync(join(project.dir, "index.ts"), program);
      const { code, stdout } = await project.up({ env: { YC_METADATA_ADDR: "127.0.0.1:1" } });
      expect(code).not.to.equal(0);
      expect(stdout)
        .to.match(said)
        .and.not.match(/unhandled exception|    at /);
    });
  }
});
