import { expect } from "chai";
import { Session } from "../../provider/core/token/session";
import { Secret } from "../../provider/core/words/secret";
import { testContext } from "../support/context";
import { getToken, refusalOf, rowOf } from "./support";

const TOKEN = "t1.functiontoken.signature";
const HOUR = 3_600_000;

/** What a function gets, as the platform's own types describe it. */
const contextToken = (life: number = 43_200) => ({
  access_token: TOKEN,
  expires_in: life,
  token_type: "Bearer",
});

/** A process whose wall clock the test moves. */
function frozenProcess() {
  const clock = { now: Date.UTC(2026, 10, 1) };
  const session = new Session();
  const call = () => testContext({ session, now: () => clock.now });
  return { clock, call };
}

describe("functionContext", () => {
  const forms: readonly [string, unknown][] = [
    ["context.token", contextToken()],
    ["its JSON", JSON.stringify(contextToken())],
    ["its JSON as a secret", new Secret(JSON.stringify(contextToken()))],
    ["the whole context", { functionName: "f", requestId: "r", getPayload: () => 1, token: contextToken() }],
    ["the whole context as JSON", JSON.stringify({ requestId: "r", token: contextToken() })],
  ];
  for (const [name, token] of forms) {
    it(`takes ${name}`, async () => {
      const { clock, call } = frozenProcess();
      const result = await getToken({ functionContext: { token } }, call());
      expect(result.token.reveal()).to.equal(TOKEN);
      expect(result.resolver).to.equal("functionContext");
      expect(Date.parse(result.expiresAt ?? "")).to.equal(clock.now + 12 * HOUR);
      expect(result.issuedAt).to.equal(undefined);
    });
  }

  it("counts the life of an object from when it was first seen; that it is over is said in an explanation too", async () => {
    const { clock, call } = frozenProcess();
    const config = { functionContext: { token: contextToken() } };
    const first = await getToken(config, call());
    clock.now += 5 * HOUR;
    expect((await getToken(config, call())).expiresAt).to.equal(first.expiresAt);
    clock.now += 7 * HOUR + 60_000;
    const error = await refusalOf(config, call());
    expect(error.code).to.equal("ERR_YCIAM_CREDENTIAL");
    expect(error.message).to.match(
      /^the token in functionContext\.token died 1m ago\. A context belongs to one invocation.*instanceMetadata\.$/,
    );
    expect(await rowOf("functionContext", config, call())).to.include({ outcome: "failed" });
  });

  it("believes a later object that says less of the same token, and no later one that says more", async () => {
    const { clock, call } = frozenProcess();
    const expiry = async (life: number) =>
      (await getToken({ cache: "none", functionContext: { token: contextToken(life) } }, call())).expiresAt;
    const first = await expiry(43_200);
    clock.now += HOUR;
    expect(await expiry(43_200)).to.equal(first);
    expect(await expiry(7200)).to.equal(new Date(clock.now + 2 * HOUR).toISOString());
  });

  const wrong: readonly [string, unknown, RegExp][] = [
    ["a bare token", TOKEN, /is not the object.*A bare token belongs in iamToken\.token/],
    ["a context without a service account", { functionName: "f" }, /is a service account attached/],
    ["a token without a life", { access_token: TOKEN }, /has no expires_in/],
    ["L2: a life that is no number", { access_token: TOKEN, expires_in: "43200" }, /not a number of seconds/],
    [
      "L2: a life that is over",
      { access_token: TOKEN, expires_in: -60 },
      /not a number of seconds above zero/,
    ],
    ["two tokens in one", { access_token: `${TOKEN}\n${TOKEN}`, expires_in: 60 }, /line break/],
  ];
  for (const [name, token, message] of wrong) {
    it(`refuses ${name}`, async () => {
      const error = await refusalOf({ functionContext: { token } }, testContext());
      expect(error.message)
        .to.match(message)
        .and.to.match(/functionContext\.token/);
      expect(error.message).not.to.include(TOKEN);
    });
  }
});
