import { expect } from "chai";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type OidcIssuer, startOidcIssuer } from "../../emulator";
import type { Env } from "../../provider/core/context";
import { testContext } from "../support/context";
import { folderForEach } from "../support/folders";
import { openStore } from "../support/stores";
import { at, emulatorForAll, getToken, refusalOf, rowOf } from "./support";

const SUBJECT = "system:serviceaccount:shop:deployer";
const AUDIENCE = "yc-audience";

describe("workloadIdentity", () => {
  const emulator = emulatorForAll();
  const folder = folderForEach();
  let issuer: OidcIssuer;
  let serviceAccountId: string;

  before(async () => {
    issuer = await startOidcIssuer();
    serviceAccountId = emulator.current.addServiceAccount().id;
    const audiences = [AUDIENCE, "https://github.com/octo"];
    const { id: federationId } = emulator.current.addFederation({ ...issuer, audiences });
    for (const subject of [SUBJECT, "repo:octo/demo:ref:refs/heads/main"])
      emulator.current.addFederatedCredential({ federationId, subject, serviceAccountId });
  });
  after(() => issuer.close());

  const sign = (claims = {}) => issuer.sign({ sub: SUBJECT, aud: AUDIENCE, ...claims });
  const config = (workloadIdentity?: object, more = {}) => ({
    ...at(emulator.current),
    ...(workloadIdentity === undefined ? {} : { workloadIdentity }),
    ...more,
  });
  const tokenFile = async (claims = {}) => {
    const path = join(folder.path, "token");
    writeFileSync(path, `${await sign(claims)}\n`);
    return path;
  };

  it("exchanges the token of a file, and says whose token it got", async () => {
    const result = await getToken(config({ serviceAccountId, tokenFile: await tokenFile() }), testContext());
    expect(result).to.include({ resolver: "workloadIdentity", subjectId: serviceAccountId });
    expect(result.token.reveal()).to.equal(emulator.current.issuedTokens.at(-1)?.token);
    const life = Date.parse(result.expiresAt ?? "") - Date.parse(result.issuedAt ?? "");
    expect(life).to.be.closeTo(12 * 3_600_000, 2000);
  });

  it("takes GitLab's way: the token itself, in a variable", async () => {
    const env = { YC_WIF_SA_ID: serviceAccountId, YCIAM_WORKLOAD_IDENTITY_TOKEN: await sign() };
    expect((await getToken(config(), testContext({ env }))).resolver).to.equal("workloadIdentity");
  });

  it("reads the file again at every exchange, since Kubernetes rotates it", async () => {
    const context = testContext();
    const path = await tokenFile({ exp: Math.floor(Date.now() / 1000) - 60 });
    const asked = config({ serviceAccountId, tokenFile: path }, { cache: "none" });
    expect((await refusalOf(asked, context)).message).to.match(/The subject token is expired/);
    writeFileSync(path, await sign());
    expect((await getToken(asked, context)).resolver).to.equal("workloadIdentity");
  });

  it("keeps what it bought in memory: the subject token is no key for a disk", async () => {
    const disk = join(folder.path, "cache");
    const context = testContext({ store: openStore(disk).store });
    const asked = config({ serviceAccountId, tokenFile: await tokenFile() });
    await getToken(asked, context);
    await getToken(asked, context);
    expect(existsSync(disk)).to.equal(false);
    expect(emulator.current.counts.oauthToken).to.equal(1);
  });

  it("takes a file at the place of the convention, and only with an account named", async () => {
    const real = testContext().files;
    const token = await sign();
    const read = async (path: string) =>
      path === "/var/run/secrets/tokens/yc-wif/token" ? token : real.read(path);
    const withAccount = testContext({ files: { ...real, read }, env: { YC_WIF_SA_ID: serviceAccountId } });
    expect((await getToken(config(), withAccount)).resolver).to.equal("workloadIdentity");
    const without = await rowOf("workloadIdentity", config(), testContext({ files: { ...real, read } }));
    expect(without).to.include({ outcome: "unavailable" });
  });

  describe("half of it", () => {
    const account = { serviceAccountId: "ajeone" };
    const url = { ACTIONS_ID_TOKEN_REQUEST_URL: "https://x" };
    const variables = { YCIAM_WORKLOAD_IDENTITY_TOKEN: "x", YC_WIF_TOKEN_FILE: "y" };
    const noToken =
      /^YC_WIF_SA_ID is set, but there is no OIDC token to exchange\. Set workloadIdentity\.tokenFile, YC_WIF_TOKEN_FILE/;
    const noGrant = /In GitHub Actions, give the job `permissions: id-token: write`\.$/;
    const outside = /githubAudience is set, but there is no OIDC token.*id-token: write/;
    const half: readonly [string, object | undefined, Env, RegExp][] = [
      ["an account without a token", undefined, { YC_WIF_SA_ID: "ajeone" }, noToken],
      ["an account in a GitHub job without the permission", account, { GITHUB_ACTIONS: "true" }, noGrant],
      [
        "a file without an account",
        { tokenFile: "x" },
        {},
        /tokenFile is set, but not whose token is wanted/,
      ],
      ["a token without an account", { token: "x" }, {}, /token is set, but not whose.*YC_WIF_SA_ID/],
      ["a variable without an account", undefined, { YC_WIF_TOKEN_FILE: "x" }, /^YC_WIF_TOKEN_FILE is set/],
      ["an audience without an account", { githubAudience: "x" }, {}, /githubAudience is set, but not whose/],
      ["an audience outside GitHub", { githubAudience: "x", ...account }, {}, outside],
      ["one of GitHub's variables", account, url, /ACTIONS_ID_TOKEN_REQUEST_TOKEN is not/],
      [
        "a token and a file",
        { ...account, token: "x", tokenFile: "y" },
        {},
        /token and workloadIdentity\.tokenFile are both/,
      ],
      ["two variables", account, variables, /TOKEN and YC_WIF_TOKEN_FILE are both set/],
    ];
    for (const [name, options, env, message] of half) {
      it(`stops at ${name}`, async () => {
        const error = await refusalOf(config(options), testContext({ env }));
        expect(error.code).to.equal("ERR_YCIAM_CREDENTIAL");
        expect(error.message).to.match(message);
        expect(emulator.current.requests).to.deep.equal([]);
      });
    }

    it("lets an option go before a variable", async () => {
      const env = { YC_WIF_TOKEN_FILE: "/nowhere" };
      const given = await getToken(config({ serviceAccountId, token: await sign() }), testContext({ env }));
      expect(given.resolver).to.equal("workloadIdentity");
      const other = { YCIAM_WORKLOAD_IDENTITY_TOKEN: "no token" };
      const asked = config({ serviceAccountId, tokenFile: await tokenFile() });
      expect((await getToken(asked, testContext({ env: other }))).resolver).to.equal("workloadIdentity");
    });
  });

  describe("in GitHub Actions", () => {
    const env = (): Env => ({ ...issuer.actionsEnv, YC_WIF_SA_ID: serviceAccountId, GITHUB_ACTIONS: "true" });

    it("asks GitHub for a token, with GitHub's own audience or that of the option", async () => {
      expect((await getToken(config(), testContext({ env: env() }))).subjectId).to.equal(serviceAccountId);
      expect(issuer.requests.at(-1)).to.include({ query: "api-version=2.0", authorization: "Bearer" });
      const own = config({ serviceAccountId, githubAudience: AUDIENCE });
      await getToken(own, testContext({ env: env() }));
      expect(issuer.requests.at(-1)?.query).to.equal(`api-version=2.0&audience=${AUDIENCE}`);
    });

    it("is unavailable in a job that only could ask: every job with id-token has these variables", async () => {
      const row = await rowOf("workloadIdentity", config(), testContext({ env: issuer.actionsEnv }));
      expect(row?.outcome).to.equal("unavailable");
      expect(row?.reason).to.match(/may ask for OIDC tokens, but no service account/);
      expect(row?.remedy).to.equal("set workloadIdentity.serviceAccountId or YC_WIF_SA_ID");
    });

    it("says what GitHub's refusal means", async () => {
      const wrong = { ...env(), ACTIONS_ID_TOKEN_REQUEST_TOKEN: "an-expired-request-token" };
      const error = await refusalOf(config(), testContext({ env: wrong }));
      expect(error.code).to.equal("ERR_YCIAM_CREDENTIAL");
      expect(error.message).to.match(/GitHub gave no OIDC token.*HTTP 401.*permissions: id-token: write/);
      expect(error.message).not.to.include("an-expired-request-token");
    });

    it("sends the request token nowhere in clear", async () => {
      for (const url of ["http://actions.example/token", "not a url", "https://me:pw@actions.example/"]) {
        const wrong = { ...env(), ACTIONS_ID_TOKEN_REQUEST_URL: url };
        const error = await refusalOf(config(), testContext({ env: wrong }));
        expect(error.code).to.equal("ERR_YCIAM_OPTION");
        expect(error.message).to.match(/^ACTIONS_ID_TOKEN_REQUEST_URL /);
      }
    });

    it("stops when the reply is none", async () => {
      for (const [body, says] of [
        [{ count: 1 }, /^GitHub's reply to the request for an OIDC token has no value/],
        [{ value: "no JWT" }, /no OIDC token: that is a JWT/],
      ] as const) {
        issuer.faults.inject({ route: "idToken", body });
        expect((await refusalOf(config(), testContext({ env: env() }))).message).to.match(says);
      }
    });
  });

  describe("refused", () => {
    it("shows what the token says of itself beside what is expected", async () => {
      const token = await sign({ sub: "system:serviceaccount:shop:other" });
      const error = await refusalOf(config({ serviceAccountId, token }), testContext());
      expect(error.code).to.equal("ERR_YCIAM_CREDENTIAL");
      expect(error.message).to.include(
        `The OIDC token says: issuer ${issuer.issuer}, subject system:serviceaccount:shop:other, audience ${AUDIENCE}.`,
      );
      expect(error.message).to.include(
        `bind exactly this subject to the service account ${serviceAccountId}`,
      );
      expect(error.message).not.to.include(token.split(".")[2]);
    });

    it("says that the token has expired, lists several audiences, and hints at the other installation", async () => {
      const serviceAccountId = "b2b0123456789abcdefg";
      const token = await sign({ exp: 1_700_000_000, aud: ["a", "b"] });
      const { message } = await refusalOf(config({ serviceAccountId, token }), testContext());
      expect(message)
        .to.match(/audience a, b, it has expired\./)
        .and.match(/installation kz, but installation is ru/);
    });

    it("does not blame the credential for an outage", async () => {
      emulator.current.faults.inject({ route: "oauthToken", status: 503 });
      const error = await refusalOf(config({ serviceAccountId, token: await sign() }), testContext());
      expect(error.code).to.equal("ERR_YCIAM_SERVICE");
    });

    it("wants an address for the exchange where none is known", async () => {
      const asked = config({ serviceAccountId, token: await sign() }, { authEndpoint: undefined });
      const error = await refusalOf({ ...asked, installation: "kz" }, testContext());
      expect(error).to.include({ code: "ERR_YCIAM_OPTION", option: "authEndpoint" });
      expect(error.message).to.equal(
        "no address is known for exchanging OIDC tokens in this installation: set authEndpoint.",
      );
    });
  });

  it("looks at the file for an explanation", async () => {
    const path = await tokenFile();
    const asked = config({ serviceAccountId, tokenFile: path });
    expect((await rowOf("workloadIdentity", asked, testContext()))?.outcome).to.equal("used");
    writeFileSync(path, "no token");
    const row = await rowOf("workloadIdentity", asked, testContext());
    expect(row?.outcome).to.equal("failed");
    expect(row?.reason).to.include(`(${path}) holds no OIDC token`);
  });
});
