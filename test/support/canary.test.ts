import { expect } from "chai";
import { findCanaries } from "./canary";

describe("the search for canaries", () => {
  const pem = `-----BEGIN PRIVATE KEY-----\n${"abcdefghijklmnopqrstuvwxyz012345\n".repeat(3)}-----END PRIVATE KEY-----\n`;
  const jwt = "eyJhbGciOiJQUzI1NiJ9.eyJpc3MiOiJhamUifQ.c2lnbmF0dXJlLXNpZ25hdHVyZQ";
  const token = "t1.9euelZqVm5yVkJWLns3Hlp.sIgNaTuRe-sIgNaTuRe";
  const base64 = (text: string) => Buffer.from(text).toString("base64");

  for (const [what, value, text] of [
    ["a token as it is", token, `a token: ${token}.`],
    ["a token in JSON", token, JSON.stringify({ token })],
    ["a token in a URL", token, `?t=${encodeURIComponent(token)}`],
    ["a token in base64", token, base64(`Bearer ${token}; more`)],
    ["a token in base64 after one more letter", token, base64(`xBearer ${token}; more`)],
    ["a token in base64 after two more letters", token, base64(`xyBearer ${token}; more`)],
    ["a single line of a private key", pem, "abcdefghijklmnopqrstuvwxyz012345"],
    ["a private key in JSON", pem, JSON.stringify({ pem })],
    ["an assertion by its signature alone", jwt, "sig=c2lnbmF0dXJlLXNpZ25hdHVyZQ"],
  ] as const) {
    it(`finds ${what}`, () => {
      expect(findCanaries([{ name: "it", value }], [{ where: "there", text }])).to.deep.equal([
        "it in there",
      ]);
    });
  }

  it("finds nothing where there is nothing", () => {
    const canaries = [pem, jwt, token].map((value) => ({ name: "x", value }));
    const text = "-----BEGIN PRIVATE KEY-----, t1., Bearer [secret]";
    expect(findCanaries(canaries, [{ where: "log", text }])).to.be.empty;
  });
});
