import { expect } from "chai";
import { type App, createApp } from "../../provider/app";
import { Secret } from "../../provider/core/words/secret";
import { describeFailure } from "../../provider/cli/describe-failure";
import { type Answer, answering } from "../../provider/handout/answer";
import { containerPaths, containerVariables } from "../../provider/handout/container-server";
import { createDesk } from "../../provider/handout/desk";
import { healthPaths, metadataPaths } from "../../provider/handout/metadata-server";
import { startTrial, type Trial } from "../faults/iam";

const HOUR = 3_600_000;
const ACCOUNTS = "/computeMetadata/v1/instance/service-accounts/";
const TOKEN = `${ACCOUNTS}default/token`;
const FLAVOR = { "metadata-flavor": "Google", host: "127.0.0.1:80" };
const WORD = "canary-authorization";

describe("what servers beside a program answer", () => {
  let trial: Trial;
  /** The time of the host and of IAM. */
  let now = Date.now();
  let app: App;
  let seen: string[];
  let ask: (path: string, headers?: Record<string, string>, method?: string) => Promise<Answer>;
  beforeEach(async () => {
    trial = await startTrial({ now: () => now, reuseWhileMs: undefined }, { now: () => now });
    const { iamEndpoint } = trial.emulator;
    app = createApp({ serviceAccountKey: { json: trial.key }, iamEndpoint, retries: 0 }, trial.context);
    seen = [];
    const desk = createDesk(app, (secret) => seen.push(secret.reveal()), Date.now);
    const served = { desk, describe: describeFailure };
    const paths = { ...metadataPaths(served), ...containerPaths(served, new Secret(WORD)) };
    const server = answering(paths, healthPaths(desk));
    ask = (path, headers = FLAVOR, method = "GET") => server({ method, path, headers });
  });
  afterEach(() => trial.close());

  const issued = () => trial.emulator.issuedTokens.map(({ token }) => token);
  const tokenIn = ({ status, body }: Answer) => {
    expect(status, body).to.equal(200);
    return JSON.parse(body) as { access_token: string; expires_in: number };
  };

  it("is a token and the seconds that it lives by the server's clock, under the service's header", async () => {
    trial.emulator.clockOffsetMs = -HOUR;
    const { access_token, expires_in, ...rest } = tokenIn(await ask(TOKEN));
    expect([access_token, rest]).to.deep.equal([issued()[0], { token_type: "Bearer" }]);
    // A `Date` has whole seconds.
    expect(expires_in).to.be.closeTo(43_200, 2);
    now += 30 * 60_000;
    expect(tokenIn(await ask(TOKEN))).to.include({ access_token, expires_in: expires_in - 1800 });
    expect((await ask(TOKEN)).headers).to.include({
      "metadata-flavor": "Google",
      "cache-control": "no-store",
    });
  });

  it("is a living token in a run of any length, and each is known to be handed out", async () => {
    for (let hours = 0; hours <= 39; hours += 13, now += 13 * HOUR) {
      const { access_token, expires_in } = tokenIn(await ask(TOKEN));
      expect([access_token, expires_in]).to.deep.equal([issued().at(-1), 43_200]);
    }
    expect(seen).to.deep.equal(issued()).and.have.length(4);
  });

  it("is the old token while IAM hangs, which clients do not wait for", async () => {
    const { access_token } = tokenIn(await ask(TOKEN));
    now += 2 * HOUR;
    trial.emulator.faults.inject({ delayMs: 600_000 });
    expect(tokenIn(await ask(TOKEN)).access_token).to.equal(access_token);
    expect((await ask("/readyz")).status).to.equal(200);
  });

  it("is the old token in an outage while it lasts, and then why there is none", async () => {
    const { access_token } = tokenIn(await ask(TOKEN));
    trial.emulator.faults.inject({ status: 503, times: Infinity });
    now += 11 * HOUR;
    expect(tokenIn(await ask(TOKEN)).access_token).to.equal(access_token);
    now += HOUR;
    const { status, body } = await ask(TOKEN);
    const health = [await ask("/readyz"), await ask("/healthz")].map((answer) => answer.status);
    expect([status, ...health]).to.deep.equal([503, 503, 200]);
    expect(body).to.match(/HTTP 503/);
    trial.assertSilent(body);
  });

  it("is 500 for a credential that is refused, and says what to do about it", async () => {
    trial.emulator.deleteKey((JSON.parse(trial.key) as { id: string }).id);
    const { status, body } = await ask(TOKEN);
    expect(status).to.equal(500);
    expect(body).to.match(/HTTP 401/);
    trial.assertSilent(body);
  });

  it("is a minute's life for a token of which none is known", async () => {
    const ready = createApp({ iamToken: { token: "t1.ready.token" } }, trial.context);
    const desk = createDesk(ready, () => undefined, Date.now);
    const server = answering(metadataPaths({ desk, describe: describeFailure }));
    const answer = await server({ method: "GET", path: TOKEN, headers: FLAVOR });
    expect(tokenIn(answer).expires_in).to.equal(60);
  });

  it("is a key of Object Storage for AWS's clients that know the word, and its secrets are known to be out", async () => {
    const variables = containerVariables("127.0.0.1:80", new Secret(WORD));
    const { pathname } = new URL(variables.AWS_CONTAINER_CREDENTIALS_FULL_URI ?? "");
    const { host } = FLAVOR;
    for (const authorization of ["", `${WORD}x`])
      expect(await ask(pathname, { host, authorization })).to.include({ status: 403 });
    expect(trial.emulator.issuedAccessKeys).to.deep.equal([]);
    const { body } = await ask(pathname, {
      host,
      authorization: variables.AWS_CONTAINER_AUTHORIZATION_TOKEN ?? "",
    });
    const [{ accessKeyId, secret, sessionToken } = expect.fail("no key")] = trial.emulator.issuedAccessKeys;
    const key = { AccessKeyId: accessKeyId, SecretAccessKey: secret, Token: sessionToken };
    expect(JSON.parse(body)).to.include(key);
    expect(seen).to.include.members([secret, sessionToken]);
  });

  for (const [what, status, path, headers, method] of [
    ["the accounts", 200, ACCOUNTS, {}],
    ["the accounts without the last slash", 200, ACCOUNTS.slice(0, -1), {}],
    ["a name of this machine", 200, ACCOUNTS, { host: "localhost:80" }],
    ["a name in a network of containers", 200, ACCOUNTS, { host: "my_service:8080" }],
    ["any name, for what has no secret", 200, "/healthz", { host: "a.b.svc", "x-forwarded-for": "10.0.0.1" }],
    ["a load balancer's HEAD", 200, "/healthz", {}, "HEAD"],
    ["a HEAD for what is secret", 405, TOKEN, {}, "HEAD"],
    ["another path", 404, "/computeMetadata/v1/instance/id", {}],
    ["a name that every object has", 404, "toString", {}],
    ["another method", 405, TOKEN, {}, "POST"],
    ["a question of a browser before", 405, TOKEN, { origin: "https://evil.example" }, "OPTIONS"],
    ["a request without the header", 403, TOKEN, { "metadata-flavor": "" }],
    ["the accounts without it", 403, ACCOUNTS, { "metadata-flavor": "x" }],
    ["a page", 403, TOKEN, { origin: "http://127.0.0.1:80" }],
    ["a page of a name that leads here", 403, TOKEN, { host: "evil.example:80" }],
    ["a proxy", 403, TOKEN, { "x-forwarded-for": "10.0.0.1" }],
  ] as const) {
    it(`is ${status} for ${what}, and no token`, async () => {
      const answer = await ask(path, { ...FLAVOR, ...headers }, method);
      expect(answer).to.include({ status });
      expect(issued()).to.deep.equal([]);
    });
  }
});
