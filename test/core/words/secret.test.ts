import { expect } from "chai";
import fc from "fast-check";
import { format, inspect } from "node:util";
import {
  hideTokens,
  redact,
  REDACTED,
  Secret,
  shownName,
  shownPath,
} from "../../../provider/core/words/secret";
import { everyText } from "../../support/every-text";

const CANARY = "CANARY-of-a-secret-value";

describe("core/secret", () => {
  const secret = new Secret(CANARY);

  it("prints as [secret], whatever prints it, and gives its value to whoever asks by name", () => {
    const printed = [
      String(secret),
      `${secret as unknown as string}`,
      inspect(secret),
      inspect({ deep: [{ secret }] }, { depth: 9 }),
      format("%s %o %j", secret, secret, secret),
      JSON.stringify({ secret }),
      JSON.stringify([secret]),
    ];
    for (const text of printed) expect(text).to.contain(REDACTED).and.not.contain(CANARY);
    expect(secret.reveal()).to.equal(CANARY);
  });

  it("holds its value where neither keys, nor spreading, nor hidden properties find it", () => {
    expect(Reflect.ownKeys(secret)).to.deep.equal([]);
    expect({ ...secret }).to.deep.equal({});
    expect(everyText(secret)).to.not.contain(CANARY);
    expect(() => structuredClone(secret)).to.not.throw();
    expect(everyText(structuredClone(secret))).to.not.contain(CANARY);
  });
});

describe("core/secret, redact", () => {
  it("takes every occurrence of every secret out of a text, but for short ones, which would blank common words", () => {
    const secrets = [new Secret("abcdef"), new Secret("ghijkl$&")];
    expect(redact("abcdef, abcdef and ghijkl$&!", secrets)).to.equal("[secret], [secret] and [secret]!");
    expect(redact("a short text", [new Secret("short")])).to.equal("a short text");
  });

  it("leaves no secret of six characters or more, whatever it is", () => {
    const text = fc.string({ minLength: 6 }).filter((value) => !REDACTED.includes(value));
    fc.assert(
      fc.property(text, fc.string(), fc.string(), (value, before, after) => {
        const clean = redact(before + value + after, [new Secret(value)]);
        return !clean.split(REDACTED).some((part) => part.includes(value));
      }),
    );
  });
});

describe("core/secret, hideTokens", () => {
  const tokens: readonly [string, string][] = [
    ["an IAM token", `t1.9euelZqVm5yVkJWLns3Hlp.${"a-B_9".repeat(17)}Q`],
    ["an assertion", "eyJhbGciOiJQUzI1NiJ9.eyJpc3MiOiJhIn0.c2ln-nature_x"],
    ["an assertion without its signature", "eyJhbGciOiJQUzI1NiJ9.eyJpc3MiOiJhIn0"],
    ["an OAuth token", `y0_${"A".repeat(55)}`],
    ["a private key", `-----BEGIN PRIVATE KEY-----\n${"MIIEvQ".repeat(8)}\n`],
  ];
  for (const [what, token] of tokens) {
    it(`hides ${what}`, () => {
      expect(hideTokens(`before ${token}`)).to.equal("before [secret]");
      expect(hideTokens(`"${token}"`)).to.not.contain(token.slice(0, 12));
    });
  }

  it("leaves ordinary words, ids and times", () => {
    const text = "Service account aje1234567890 at 2026-11-24T10:00:00Z: t1 is a version, y0 a variable";
    expect(hideTokens(text)).to.equal(text);
  });
});

describe("core/secret, what stands where a name or a path is meant", () => {
  it("is shown when it may be one", () => {
    const paths = [
      "key.json",
      "~/.config/yandex-cloud/config.yaml",
      "C:\\Users\\Alice\\Keys 2026\\key.json",
      "/home/ci/3f786850e387550fdab836ed7e6dc881de23001b/Secrets/key",
      "secrets/production/yandex-cloud/service-account-key",
      "/Users/Alice/Projects2/Infrastructure/Secrets/Production/sa-key",
    ];
    for (const path of paths) expect(shownPath(path)).to.equal(path);
    expect(shownName("ajeKey_1.x")).to.equal('"ajeKey_1.x"');
  });

  it("is not when it looks like a key or a token", () => {
    const base64 = Buffer.from(CANARY.repeat(4)).toString("base64");
    const texts = [base64, `/${base64}`, `~/${base64}`, base64.slice(0, 40), "x".repeat(301)];
    const unprintable = ["a\nb", "/a\x1b[2Jb", "/a\u202eb"];
    for (const text of [...texts, ...unprintable])
      expect(shownPath(text)).to.equal("something that is no path");
    for (const text of [base64, "a+b/c==", ""]) expect(shownName(text)).to.equal("something that is no name");
  });
});
