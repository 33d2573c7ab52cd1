import { expect } from "chai";
import { testContext } from "../support/context";
import { getToken, refusalOf } from "./support";

const NOON = Date.UTC(2026, 10, 24, 12);
const TOKEN = `t1.9euelZqVm5yVkJWLns3Hlp_.${"a".repeat(86)}`;
const context = (env: Record<string, string> = {}) => testContext({ env, now: () => NOON });

describe("resolver iamToken", () => {
  const variables: readonly [string, Record<string, string>, string][] = [
    ["YC_IAM_TOKEN", { YC_IAM_TOKEN: TOKEN }, TOKEN],
    ["YC_IAM_TOKEN with a newline at its end, as files have it", { YC_IAM_TOKEN: `${TOKEN}\n` }, TOKEN],
    ["YC_TOKEN of the shape of an IAM token", { YC_TOKEN: TOKEN }, TOKEN],
    [
      "YC_IAM_TOKEN of any shape before YC_TOKEN",
      { YC_IAM_TOKEN: "any-shape", YC_TOKEN: TOKEN },
      "any-shape",
    ],
  ];
  for (const [what, env, token] of variables) {
    it(`takes ${what}`, async () => {
      const result = await getToken({}, context(env));
      expect([result.resolver, result.token.reveal()]).to.deep.equal(["iamToken", token]);
    });
  }

  const EXPIRED = "the token of iamToken.token has expired (iamToken.expiresAt). Get a new one.";
  const NO_TIME = "iamToken.expiresAt is not a time such as 2026-11-24T18:30:00Z.";
  const SHAPE =
    "YC_TOKEN is set, but has the shape of neither an IAM token (t1....) nor an OAuth token (y0_...). If it is an IAM token, put it in YC_IAM_TOKEN.";
  const LONG = "the token of iamToken.token is longer than 4096 characters. Is it a token at all?";
  const refused: readonly [string, object | undefined, Record<string, string>, string][] = [
    ["an expiresAt of a second ago", { token: TOKEN, expiresAt: "2026-11-24T11:59:59Z" }, {}, EXPIRED],
    ["an expiresAt of just now", { token: TOKEN, expiresAt: "2026-11-24T12:00:00Z" }, {}, EXPIRED],
    ["an expiresAt without a zone", { token: TOKEN, expiresAt: "2026-11-24T18:00:00" }, {}, NO_TIME],
    ["what is too long to be a token", { token: "x".repeat(4097) }, {}, LONG],
    ["to guess what a YC_TOKEN of neither shape is", undefined, { YC_TOKEN: "CANARY" }, SHAPE],
  ];
  for (const [what, iamToken, env, message] of refused) {
    it(`refuses ${what}`, async () => {
      const error = await refusalOf({ iamToken }, context(env));
      expect([error.code, error.message]).to.deep.equal(["ERR_YCIAM_CREDENTIAL", message]);
    });
  }

  it("says when it dies, if that is given, for a token in a variable by a variable too, and for no other", async () => {
    const iamToken = { token: TOKEN, expiresAt: "2026-11-24T18:00:00.5+03:00" };
    const given = await getToken({ iamToken }, context());
    expect(given.expiresAt).to.equal("2026-11-24T15:00:00.500Z");
    expect(given).to.not.have.any.keys("issuedAt", "refreshAt", "subjectId");
    const env = { YC_IAM_TOKEN: TOKEN, YCIAM_IAM_TOKEN_EXPIRES_AT: "2026-11-24T15:00:00Z" };
    expect((await getToken({}, context(env))).expiresAt).to.equal("2026-11-24T15:00:00.000Z");
    const other = { iamToken: { token: `${TOKEN}b` } };
    expect((await getToken(other, context(env))).expiresAt).to.equal(undefined);
    const late = context({ ...env, YCIAM_IAM_TOKEN_EXPIRES_AT: "2026-11-24T11:00:00Z" });
    expect((await refusalOf({}, late)).message).to.equal(
      "the token of YC_IAM_TOKEN has expired (YCIAM_IAM_TOKEN_EXPIRES_AT). Get a new one.",
    );
  });
});
