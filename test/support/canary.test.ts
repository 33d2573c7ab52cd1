import { expect } from "chai";
import { findCanaries } from "./canary";

describe("the search for canaries", () => {
  const pem = `-----BEGIN PRIVATE KEY-----\n${"abcdefghijklmnopqrstuvwxyz012345\n".repeat(3)}-----END PRIVATE KEY-----\n`;
  const jwt = "eyJhbGciOiJQUzI1NiJ9.eyJpc3MiOiJhamUifQ.c2lnbmF0dXJlLXNpZ25hdHVyZQ";
  const token = "t1.9euelZqVm5yVkJWLns3Hlp.sIgNaTuRe-sIgNaTuRe";

  for (const [shape, text] of Object.entries({
    "as it is": `a token: ${token}.`,
    "in JSON": JSON.stringify({ token }),
    "in a URL": `?t=${encodeURIComponent(token)}`,
    "in base64": Buffer.from(`Bearer ${token}; more`).toString("base64"),
    "in base64 after one more letter": Buffer.from(`xBearer ${token}; more`).toString("base64"),
    "in base64 after two more letters": Buffer.from(`xyBearer ${token}; more`).toString("base64"),
  })) {
    it(`finds a token ${shape}`, () => {
      const found = findCanaries([{ name: "token", value: token }], [{ where: "there", text }]);
      expect(found).to.deep.equal(["token in there"]);
    });
  }

  it("finds a single line of a private key, and the key escaped", () => {
    const canary = [{ name: "key", value: pem }];
    expect(findCanaries(canary, [{ where: "a", text: "abcdefghijklmnopqrstuvwxyz012345" }])).to.have.length(
      1,
    );
    expect(findCanaries(canary, [{ where: "a", text: JSON.stringify({ pem }) }])).to.have.length(1);
  });

  it("finds an assertion by its signature alone", () => {
    const text = "sig=c2lnbmF0dXJlLXNpZ25hdHVyZQ";
    expect(findCanaries([{ name: "assertion", value: jwt }], [{ where: "log", text }])).to.have.length(1);
  });

  it("finds nothing where there is nothing", () => {
    const canaries = [pem, jwt, token].map((value) => ({ name: "x", value }));
    expect(
      findCanaries(canaries, [{ where: "log", text: "-----BEGIN PRIVATE KEY-----, t1., Bearer [secret]" }]),
    ).to.be.empty;
  });
});
