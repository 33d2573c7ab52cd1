import { expect } from "chai";
import { looksLikeIamToken, looksLikeOauthToken } from "../../../provider/core/token/token";

const IAM = `t1.9euelZqVm5yVkJWLns3Hlp_.${"a".repeat(86)}`;

describe("core/token", () => {
  const shapes: readonly [string, string, boolean, boolean][] = [
    ["an IAM token", IAM, true, false],
    ["an IAM token with padding", `t1.9euelZqVm5yV==.${"a".repeat(86)}==`, true, false],
    ["an IAM token of the next version", `t2.9euelZqVm5yV.${"a".repeat(86)}`, true, false],
    ["an OAuth token of today", `y0_${"A".repeat(55)}`, false, true],
    ["a later OAuth token", `y3_${"A".repeat(55)}`, false, true],
    ["an old OAuth token", `AQAAAAA${"B".repeat(32)}`, false, true],
    ["the oldest OAuth token", `AgAAAAA${"B".repeat(32)}`, false, true],
    ["a JWT", "eyJhbGciOiJQUzI1NiJ9.eyJpc3MiOiJhIn0.c2ln", false, false],
    ["a word", "token", false, false],
    ["nothing", "", false, false],
    ["an IAM token and more", `${IAM} x`, false, false],
  ];
  for (const [what, text, iam, oauth] of shapes) {
    it(`tells ${what} by its shape`, () => {
      expect([looksLikeIamToken(text), looksLikeOauthToken(text)]).to.deep.equal([iam, oauth]);
    });
  }
});
