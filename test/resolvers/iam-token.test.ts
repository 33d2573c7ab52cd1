import { expect } from "chai";
import { testContext } from "../support/context";
import { emulatorForAll, at, getToken, refusalOf } from "./support";

const NOON = Date.UTC(2026, 10, 24, 12);
const TOKEN = `t1.9euelZqVm5yVkJWLns3Hlp_.${"a".repeat(86)}`;
const OAUTH = `y0_${"A".repeat(55)}`;
const context = (env: Record<string, string> = {}) => testContext({ env, now: () => NOON });

describe("resolver iamToken", () => {
  const emulator = emulatorForAll();

  it("hands out the token that is given, promises no life, and asks nobody", async () => {
    const result = await getToken({ iamToken: { token: TOKEN }, ...at(emulator.current) }, context());
    expect(result.token.reveal()).to.equal(TOKEN);
    expect(result.authorizationHeader.reveal()).to.equal(`Bearer ${TOKEN}`);
    expect(Object.keys(result).sort()).to.deep.equal([
      "authorizationHeader",
      "fingerprint",
      "resolver",
      "token",
    ]);
    expect(emulator.current.requests).to.deep.equal([]);
  });

  it("says when it dies, if that is given", async () => {
    const result = await getToken(
      { iamToken: { token: TOKEN, expiresAt: "2026-11-24T18:00:00.5+03:00" } },
      context(),
    );
    expect(result.expiresAt).to.equal("2026-11-24T15:00:00.500Z");
    expect(result).to.not.have.any.keys("issuedAt", "refreshAt", "subjectId");
  });

  const variables: readonly [string, Record<string, string>, string][] = [
    ["YC_IAM_TOKEN", { YC_IAM_TOKEN: TOKEN }, TOKEN],
    ["YC_IAM_TOKEN with a newline at its end, as files have it", { YC_IAM_TOKEN: `${TOKEN}\n` }, TOKEN],
    ["YC_TOKEN of the shape of an IAM token", { YC_TOKEN: TOKEN }, TOKEN],
    [
      "YC_IAM_TOKEN before YC_TOKEN",
      { YC_IAM_TOKEN: "any-shape-will-do", YC_TOKEN: TOKEN },
      "any-shape-will-do",
    ],
  ];
  for (const [what, env, token] of variables) {
    it(`takes ${what}`, async () => {
      const result = await getToken({}, context(env));
      expect([result.resolver, result.token.reveal()]).to.deep.equal(["iamToken", token]);
    });
  }

  it("leaves a YC_TOKEN of the shape of an OAuth token to the other resolver", async () => {
    const error = await refusalOf({ resolvers: ["iamToken"] }, context({ YC_TOKEN: OAUTH }));
    expect(error.code).to.equal("ERR_YCIAM_NO_CREDENTIAL");
  });

  it("does not guess what a YC_TOKEN of neither shape is", async () => {
    const error = await refusalOf({}, context({ YC_TOKEN: "CANARY" }));
    expect(error.message).to.equal(
      "YC_TOKEN is set, but has the shape of neither an IAM token (t1....) nor an OAuth token (y0_...). If it is an IAM token, put it in YC_IAM_TOKEN.",
    );
  });

  const expiries: readonly [string, string][] = [
    ["2026-11-24T11:59:59Z", "the token of iamToken.token has expired (iamToken.expiresAt). Get a new one."],
    ["2026-11-24T12:00:00Z", "the token of iamToken.token has expired (iamToken.expiresAt). Get a new one."],
    ["tomorrow", "iamToken.expiresAt is not a time such as 2026-11-24T18:30:00Z."],
    ["2026-11-24T18:00:00", "iamToken.expiresAt is not a time such as 2026-11-24T18:30:00Z."],
  ];
  for (const [expiresAt, message] of expiries) {
    it(`refuses an expiresAt of ${expiresAt}`, async () => {
      const error = await refusalOf({ iamToken: { token: TOKEN, expiresAt } }, context());
      expect([error.code, error.message]).to.deep.equal(["ERR_YCIAM_CREDENTIAL", message]);
    });
  }

  it("takes the time of a token in a variable from a variable too, and of no other token", async () => {
    const env = { YC_IAM_TOKEN: TOKEN, YCIAM_IAM_TOKEN_EXPIRES_AT: "2026-11-24T15:00:00Z" };
    expect((await getToken({}, context(env))).expiresAt).to.equal("2026-11-24T15:00:00.000Z");
    const other = { iamToken: { token: `${TOKEN}b` } };
    expect((await getToken(other, context(env))).expiresAt).to.equal(undefined);
    const late = context({ ...env, YCIAM_IAM_TOKEN_EXPIRES_AT: "2026-11-24T11:00:00Z" });
    expect((await refusalOf({}, late)).message).to.equal(
      "the token of YC_IAM_TOKEN has expired (YCIAM_IAM_TOKEN_EXPIRES_AT). Get a new one.",
    );
  });

  it("does not hand out one that dies sooner than asked", async () => {
    const config = { iamToken: { token: TOKEN, expiresAt: "2026-11-24T12:05:00Z" } };
    expect((await refusalOf(config, context())).code).to.equal("ERR_YCIAM_VALIDITY");
    expect((await getToken({ ...config, minRemainingValidity: "5m" }, context())).resolver).to.equal(
      "iamToken",
    );
  });

  it("refuses what is too long to be a token", async () => {
    const error = await refusalOf({ iamToken: { token: "x".repeat(4097) } }, context());
    expect(error.message).to.equal(
      "the token of iamToken.token is longer than 4096 characters. Is it a token at all?",
    );
  });
});
