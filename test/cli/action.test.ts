import { expect } from "chai";
import { readdirSync, readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { join } from "node:path";
import { type Emulator, type OidcIssuer, startEmulator, startOidcIssuer } from "../../emulator";
import { INPUTS } from "../../provider/cli/action-inputs";
import { makeAction } from "../../scripts/artefacts/action.mjs";
import { findCanaries } from "../support/canary";
import { folderForEach } from "../support/folders";
import { ACTION, commandsIn, GithubRunner, type StepRun, valuesIn } from "../support/github-runner";

const ROOT = join(__dirname, "../..");
const AUDIENCE = "https://github.com/octo";
const NO_PERMISSION = { ACTIONS_ID_TOKEN_REQUEST_URL: "", ACTIONS_ID_TOKEN_REQUEST_TOKEN: "" };

describe("the GitHub action", function () {
  this.timeout(60_000);
  const folder = folderForEach();
  let emulator: Emulator;
  let issuer: OidcIssuer;
  let runner: GithubRunner;
  let account: string;

  before(async () => {
    [emulator, issuer] = await Promise.all([startEmulator(), startOidcIssuer()]);
  });
  beforeEach(() => {
    emulator.reset();
    account = emulator.addServiceAccount().id;
    const { id: federationId } = emulator.addFederation({ ...issuer, audiences: [AUDIENCE, "own"] });
    const subject = "repo:octo/demo:ref:refs/heads/main";
    emulator.addFederatedCredential({ federationId, subject, serviceAccountId: account });
    runner = new GithubRunner({
      ...issuer.actionsEnv,
      YCIAM_IAM_ENDPOINT: emulator.iamEndpoint,
      YCIAM_AUTH_ENDPOINT: emulator.authEndpoint,
    });
  });
  afterEach(() => runner.cleanup());
  after(() => Promise.all([emulator.close(), issuer.close()]));

  const given = (more = {}) => ({ "service-account-id": account, ...more });
  const ordersOf = ({ output }: StepRun) => commandsIn(output).filter(([name]) => name !== "debug");
  const issued = () => emulator.issuedTokens.at(-1);

  /** Where the token, the request token of GitHub, and any OIDC token are to be found. */
  function placesOfSecrets(runs: Readonly<Record<string, StepRun>>): readonly string[] {
    const named = {
      token: issued()?.token ?? "",
      "request token": issuer.actionsEnv.ACTIONS_ID_TOKEN_REQUEST_TOKEN,
    };
    const canaries = Object.entries(named).map(([name, value]) => ({ name, value }));
    const traces = Object.entries(runs).flatMap(([run, { code: _, ...texts }]) =>
      Object.entries(texts).map(([where, text]) => ({ where: `${run} ${where}`, text })),
    );
    for (const { where, text } of traces) expect(text, where).not.to.match(/eyJ[\w-]+\.eyJ/);
    return findCanaries(canaries, traces);
  }

  it("has the inputs and outputs that action.yml declares, in a program that the sources make", async () => {
    expect(Object.keys(ACTION.inputs)).to.have.members([
      ...Object.keys(INPUTS),
      "export-environment",
      "revoke",
    ]);
    const { bytes, asked } = await makeAction(folder.path);
    expect(bytes).to.be.below(400_000);
    expect(asked.filter((name) => !isBuiltin(name))).to.deep.equal([]);
    for (const name of readdirSync(folder.path)) {
      const made = readFileSync(join(folder.path, name), "utf8");
      const isSame = made === readFileSync(join(ROOT, "action", name), "utf8");
      expect(isSame, `action/${name}: npm run generate`).to.equal(true);
    }
  });

  it("says first who is asked, masks the token before it hands it on, and leaves it nowhere else", async () => {
    const { main, post } = await runner.job(given());
    expect(main.code, main.output).to.equal(0);
    const { token = "", expiresAt = "" } = issued() ?? {};
    const outputs = valuesIn(main.GITHUB_OUTPUT);
    expect(Object.keys(outputs)).to.have.members(Object.keys(ACTION.outputs));
    expect(outputs).to.include({ token, "subject-id": account });
    expect(Date.parse(outputs["expires-at"] ?? "")).to.be.closeTo(Number(expiresAt), 1000);
    expect(ordersOf(main)).to.deep.equal([
      ["group", "yciam explain"],
      ["endgroup", ""],
      ["add-mask", token],
    ]);
    expect(main.output).to.match(/^workloadIdentity +would be asked/m);
    expect(placesOfSecrets({ main, post })).to.deep.equal([
      "token in main output",
      "token in main GITHUB_OUTPUT",
    ]);
    expect(main.output.split(token)).to.have.length(2);
    expect(post).to.deep.include({ code: 0, output: "", GITHUB_ENV: "", GITHUB_OUTPUT: "" });
    expect(readdirSync(runner.home), "files left").to.deep.equal([]);
    expect(issued()?.revoked).to.equal(false);
  });

  it("has masked the token when it cannot be handed on", async () => {
    const { main } = await runner.job(given(), { GITHUB_OUTPUT: join(runner.home, "none", "file") });
    expect(main.code).to.equal(1);
    expect(ordersOf(main)[2]).to.deep.equal(["add-mask", issued()?.token]);
    expect(placesOfSecrets({ main })).to.deep.equal(["token in main output"]);
  });

  it("revokes the token after the job when it is told to", async () => {
    const { main, post } = await runner.job(given({ revoke: "true" }));
    expect(post).to.include({ code: 0, output: "The token is revoked.\n" });
    expect(issued()?.revoked).to.equal(true);
    expect(placesOfSecrets({ main, post })).to.include("token in main GITHUB_STATE");
    expect(placesOfSecrets({ post })).to.deep.equal([]);
  });

  it("fails no job because the token cannot be revoked", async () => {
    emulator.faults.inject({ route: "revoke", status: 401 });
    const { post } = await runner.job(given({ revoke: "true" }));
    expect(post.code).to.equal(0);
    expect(ordersOf(post).map(([name]) => name)).to.deep.equal(["warning"]);
    expect(placesOfSecrets({ post })).to.deep.equal([]);
  });

  it("takes each input, puts the token in the environment when it is told to, and takes variables for the rest", async () => {
    const other = emulator.addServiceAccount();
    emulator.grantTokenCreator(account, other.id);
    const inputs = {
      audience: "own",
      "export-environment": "True",
      "impersonate-service-account-id": other.id,
      "min-remaining-validity": "11h",
    };
    const { main } = await runner.job(inputs, {
      YC_WIF_SA_ID: account,
      YC_IAM_TOKEN: "t1.of-an-earlier.step",
    });
    const { "subject-id": subject, token } = valuesIn(main.GITHUB_OUTPUT);
    expect(subject).to.equal(other.id);
    expect(valuesIn(main.GITHUB_ENV)).to.deep.equal({ YC_IAM_TOKEN: token, YC_TOKEN: token });
    expect(issuer.requests.at(-1)?.query).to.match(/audience=own$/);
    const named = await runner.job(
      {},
      { YCIAM_RESOLVERS: "iamToken", YC_IAM_TOKEN: "t1.of-an-earlier.step" },
    );
    expect(valuesIn(named.main.GITHUB_OUTPUT)).to.include({
      token: "t1.of-an-earlier.step",
      "expires-at": "",
    });
  });

  const wrong: readonly [string, Record<string, string>, Record<string, string>, RegExp][] = [
    ["no account", {}, {}, /set the input service-account-id or YC_WIF_SA_ID/],
    [
      "an account that is none",
      { "service-account-id": "a b" },
      {},
      /the input service-account-id is not the id/,
    ],
    ["an account of others", { "service-account-id": "ajeother" }, {}, /subject repo:octo\/demo:ref/],
    [
      "a job without the permission",
      { "service-account-id": "aje1" },
      NO_PERMISSION,
      /permissions: id-token: write/,
    ],
    ["a word that is no switch", { revoke: "yes" }, {}, /the input revoke is neither true nor false/],
    [
      "too long a life",
      { "min-remaining-validity": "13h" },
      {},
      /the input min-remaining-validity is 12h or more/,
    ],
    ["a variable that is wrong", {}, { YCIAM_TIMEOUT: "soon" }, /YCIAM_TIMEOUT/],
  ];
  for (const [what, inputs, env, says] of wrong) {
    it(`ends the job at ${what}, and says in one order why`, async () => {
      const { main, post } = await runner.job(inputs, env);
      expect(main).to.include({ code: 1, GITHUB_OUTPUT: "", GITHUB_ENV: "" });
      const [order, ...more] = ordersOf(main).filter(([name]) => !/group$/.test(name));
      expect(order?.[0]).to.equal("error");
      expect(order?.[1]).to.match(says);
      expect(more).to.deep.equal([]);
      expect(placesOfSecrets({ main })).to.deep.equal([]);
      expect(post).to.include({ code: 0, output: "" });
    });
  }
});
