import { expect } from "chai";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { testContext } from "../support/context";
import { folderForEach } from "../support/folders";
import { callsOf, noting, writeProgram } from "./programs";
import { getToken, refusalOf } from "./support";

const TOKEN = "t1.tokenofacommand.signature";

describe("command", () => {
  const folder = folderForEach();
  const context = (parts = {}) => testContext({ env: { PATH: process.env["PATH"] }, ...parts });
  const printing = (output: unknown) => {
    const text = typeof output === "string" ? output : JSON.stringify(output);
    return writeProgram(folder.path, "helper", noting(folder.path, `cat <<'END'\n${text}\nEND`));
  };

  it("takes what a program prints, and promises no life that it does not", async () => {
    const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
    const argv = [printing({ token: TOKEN, expiresAt, version: 1 })];
    const result = await getToken({ command: { argv } }, context());
    expect(result.token.reveal()).to.equal(TOKEN);
    expect(result).to.include({ resolver: "command", expiresAt });
    const endless = await getToken({ command: { argv: [printing({ token: TOKEN })] } }, context());
    expect(endless.expiresAt).to.equal(undefined);
  });

  it("uses no shell: every argument arrives as it is", async () => {
    const marker = join(folder.path, "made-by-a-shell");
    const argv = [printing({ token: TOKEN }), `; touch ${marker}`, "$(id)", "a b", "*"];
    await getToken({ command: { argv } }, context());
    expect(callsOf(folder.path)).to.deep.equal([`; touch ${marker} $(id) a b *`]);
    expect(existsSync(marker)).to.equal(false);
  });

  for (const [what, said, secret] of [
    ["its own arguments", "unknown flag: --password=hunter2secret", "hunter2secret"],
    ["a session of yc", "session yctk.AAAAAAAAAAAAAAAAAAAAAAAA bad", "AAAAAAAAAAAA"],
    ["a token in a URL", "GET /?token%3Dt1.9euelZqVm5yVkJWL.sigsigsigsig failed", "9euelZqVm5yVkJWL"],
    ["a token with what is not seen in it", "t1.9euel\u200bVm5yVkJWL.sig\u202esigsigsig bad", "Vm5yVkJWL"],
    ["a bearer", "Authorization: Bearer 0123456789abcdef0123", "0123456789abcdef"],
    ["a token of Vault", "hvs.CAESIJ1234567890 is no good", "CAESIJ1234567890"],
  ] as const) {
    it(`shows what a program says, but not ${what}`, async () => {
      const body = `echo 'error: ${said}' >&2; exit 3`;
      const argv = [writeProgram(folder.path, "helper", body), "--password=hunter2secret"];
      const error = await refusalOf({ command: { argv } }, context());
      expect(error.message).to.include("failed with exit code 3: error: ");
      expect(error.message).to.include("[secret]").and.not.include(secret);
    });
  }

  it("names the first word alone of a command line in one piece", async () => {
    const argv = [`${join(folder.path, "none")} --token hvs.SECRETSECRET`];
    const error = await refusalOf({ command: { argv } }, context());
    expect(error.message).to.match(/^command\.argv names "[^ ]+\/none", but there is no such program/);
    expect(error.message).to.include("each argument is a word of its own").and.not.include("SECRET");
  });

  const secret = "not-a-token-but-secret";
  const wrong: readonly [string, unknown, RegExp][] = [
    ["no JSON", `${secret} ${secret}`, /printed no JSON object \(46 characters\)/],
    ["a bare token", TOKEN, /printed no JSON object/],
    ["no token", { access_token: secret }, /printed an object without a text `token`/],
    ["a token that is an object", { token: { secret } }, /without a text `token`/],
    ["a token with a space", { token: `${secret} ${secret}` }, /has a line break, a space/],
    ["a local time", { token: TOKEN, expiresAt: "2026-11-24 18:30" }, /expiresAt that is not an RFC 3339/],
    ["the past", { token: TOKEN, expiresAt: "2020-01-01T00:00:00Z" }, /has an expiresAt that is in the past/],
  ];
  for (const [name, output, message] of wrong) {
    it(`refuses a program that prints ${name}`, async () => {
      const error = await refusalOf({ command: { argv: [printing(output)] } }, context());
      expect(error.code).to.equal("ERR_YCIAM_CREDENTIAL");
      expect(error.message).to.match(message).and.not.include(secret).and.not.include(TOKEN);
    });
  }
});
