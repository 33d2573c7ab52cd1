import { expect } from "chai";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Emulator, startEmulator } from "../../emulator";
import { type Canary, findCanaries, type Trace } from "../support/canary";
import { PulumiProject, type PulumiResult } from "../support/pulumi";
import { ok } from "../support/run-command";

const PROGRAM = `
import * as pulumi from "@pulumi/pulumi";
import { readFileSync } from "node:fs";
import { getIamToken, getIamTokenOutput, IamToken } from "yciam";
import { Echo } from "./echo";

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
    plain: {
      expiresAt: [awaited.expiresAt, output.expiresAt, resource.expiresAt],
      issuedAt: [awaited.issuedAt, output.issuedAt, resource.issuedAt],
      refreshAt: [awaited.refreshAt, output.refreshAt, resource.refreshAt],
      resolver: [awaited.resolver, output.resolver, oauth.resolver, resource.resolver],
      subjectId: [awaited.subjectId, output.subjectId, resource.subjectId],
      fingerprint: [awaited.fingerprint, output.fingerprint, resource.fingerprint],
    },
  };
};
`;

// A resource that keeps what it is given, as a careless one would.
const ECHO = `
import * as pulumi from "@pulumi/pulumi";
const provider: pulumi.dynamic.ResourceProvider = {
  create: async (inputs) => ({ id: "echo", outs: inputs }),
  update: async (_id, _olds, news) => ({ outs: news }),
};
export class Echo extends pulumi.dynamic.Resource {
  constructor(name: string, props: Record<string, unknown>) { super(provider, name, props); }
}
`;

/**
 * The engine (at -v=9) and Pulumi's own Node SDK (in its debug diagnostics, which the event log holds too) dump every
 * property of every resource, secrets in clear, whatever provider they are of: those lines are theirs, and are known
 * by their opening words. Every other line counts, the program's and the dynamic provider's among them.
 */
const DUMPS =
  /Marshaling property for RPC|Unmarshaling property for RPC|RegisterResource RPC (?:prepared|finished)/;

function withoutDumps(text: string): string {
  return text
    .split("\n")
    .filter((line) => !DUMPS.test(line))
    .join("\n");
}

const SECRET_FORMS = [
  "awaited",
  "awaitedHeader",
  "output",
  "applied",
  "outputHeader",
  "oauth",
  "resource",
  "resourceHeader",
  "ambient",
  "plainly",
  "template",
];

describe("secrecy of the in-program data source and resource, with the real engine", function () {
  this.timeout(300_000);
  let emulator: Emulator;
  let project: PulumiProject;
  let canaries: Canary[];
  let subjectId: string;
  const traces: Trace[] = [];

  const keep = (name: string, result: PulumiResult): PulumiResult => {
    const streams = {
      stdout: withoutDumps(result.stdout),
      stderr: withoutDumps(result.stderr),
      "event log": withoutDumps(result.events ?? ""),
    };
    traces.push(...Object.entries(streams).map(([where, text]) => ({ where: `${where} of ${name}`, text })));
    project.readState().forEach((text, path) => traces.push({ where: `${path} after ${name}`, text }));
    return ok(result);
  };

  before(async () => {
    emulator = await startEmulator({ recordBodies: true });
    subjectId = emulator.addServiceAccount().id;
    const key = await emulator.createKey({ serviceAccountId: subjectId });
    const oauth = emulator.addOauthToken();
    project = await PulumiProject.create({ files: { "index.ts": PROGRAM, "echo.ts": ECHO } });
    const keyFile = join(project.root, "key.json");
    writeFileSync(keyFile, JSON.stringify(key), { mode: 0o600 });
    ok(await project.setConfig("iamEndpoint", emulator.iamEndpoint));
    ok(await project.setConfig("key", JSON.stringify(key), { secret: true }));
    ok(await project.setConfig("oauth", oauth.token, { secret: true }));
    const quiet = { eventLog: true, env: { YC_SERVICE_ACCOUNT_KEY_FILE: keyFile } };
    keep("preview", await project.preview(quiet));
    keep("up", await project.up(quiet));
    const loud = { ...quiet, eventLog: false, verbose: true, args: ["--expect-no-changes"] };
    keep("loud preview", await project.preview(loud));
    keep("loud up", await project.up(loud));
    const mistaken = await project.up({ ...quiet, env: { ...quiet.env, WITH_A_MISTAKE: "1" } });
    expect(mistaken.code).not.to.equal(0);
    expect(mistaken.stdout).to.include("serviceAccountKey must be an object");
    traces.push(
      { where: "stdout of a mistake", text: mistaken.stdout },
      { where: "stderr of a mistake", text: mistaken.stderr },
    );
    keep("export", await project.stackExport());
    keep("output", await project.run(["stack", "output", "--json"]));
    canaries = [
      { name: "private key", value: key.private_key },
      { name: "OAuth token", value: oauth.token },
    ];
  });

  after(async () => {
    project.cleanup();
    await emulator.close();
  });

  it("shows each form as [secret], and what is no secret in clear", async () => {
    const outputs = await project.stackOutput();
    for (const form of SECRET_FORMS) expect(outputs[form], form).to.equal("[secret]");
    expect(outputs.nested).to.deep.equal({ deep: ["[secret]", "[secret]"] });
    for (const whole of [outputs.whole, outputs.wholeAwaited]) {
      expect(whole).to.include({ token: "[secret]", authorizationHeader: "[secret]", subjectId });
    }
    const plain = outputs.plain as Record<string, string[]>;
    expect(plain.subjectId).to.deep.equal([subjectId, subjectId, subjectId]);
    expect(plain.resolver).to.deep.equal([
      "serviceAccountKey",
      "serviceAccountKey",
      "oauthToken",
      "serviceAccountKey",
    ]);
    expect(plain.expiresAt?.every((time) => Date.parse(time) > Date.now())).to.equal(true);
    expect(new Set(plain.fingerprint).size).to.equal(1);
    expect(plain.fingerprint?.[0]).to.match(/^[0-9a-f]{12}$/);
  });

  it("hands out the token that IAM issued, once secrets are shown", async () => {
    const outputs = await project.stackOutput({ showSecrets: true });
    const tokens = emulator.issuedTokens.map(({ token }) => token);
    expect(tokens).to.include(outputs.awaited);
    expect(outputs.outputHeader).to.equal(`Bearer ${String(outputs.output)}`);
    expect(outputs.resource).to.equal(outputs.ambient);
  });

  it("writes functions into the state that hold no secret, no path and nothing of the package", () => {
    const state = [...project.readState().values()].join("\n");
    const providers = [...state.matchAll(/"__provider": ?"((?:[^"\\]|\\.)*)"/g)].map(
      ([, text]) => text as string,
    );
    const ours = providers.filter((text) => text.includes("yciam/dynamic"));
    expect(ours).not.to.be.empty;
    for (const text of ours)
      expect(text).to.not.match(new RegExp(`${__dirname.split("/").slice(0, 3).join("/")}|node_modules`));
    for (const text of ours) expect(text.length).to.be.lessThan(5000);
  });

  it("leaves no token, key, OAuth token or assertion in clear in state, history, streams or logs", async () => {
    keep("destroy", await project.destroy({ eventLog: true }));
    const tokens = emulator.issuedTokens.map(({ token }) => ({ name: "IAM token", value: token }));
    const assertions = emulator.requests
      .map(
        ({ body }) => (JSON.parse(body === undefined || body === "" ? "{}" : body) as { jwt?: string }).jwt,
      )
      .filter((jwt) => jwt !== undefined)
      .map((value) => ({ name: "assertion", value }));
    expect(tokens).to.have.length.greaterThan(1);
    expect(assertions).not.to.be.empty;
    expect(traces.map(({ where }) => where)).to.include.members([
      "stderr of loud up",
      "event log of preview",
    ]);
    expect(findCanaries([...canaries, ...tokens, ...assertions], traces)).to.deep.equal([]);
  });

  it("would have seen a leak: the same search finds a token where it stands in clear", async () => {
    const shown = ok(await project.run(["stack", "history", "--json"])).stdout;
    const leak = `${shown}${emulator.issuedTokens[0]?.token}`;
    const tokens = emulator.issuedTokens.map(({ token }) => ({ name: "IAM token", value: token }));
    expect(findCanaries(tokens, [{ where: "leak", text: withoutDumps(leak) }])).to.deep.equal([
      "IAM token in leak",
    ]);
  });
});
