import { expect } from "chai";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { createApp } from "../../provider/app";
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

  it("takes what a program prints", async () => {
    const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
    const argv = [printing({ token: TOKEN, expiresAt, version: 1 })];
    const result = await getToken({ command: { argv } }, context());
    expect(result.token.reveal()).to.equal(TOKEN);
    expect(result).to.include({ resolver: "command", expiresAt });
  });

  it("promises no life that the program does not", async () => {
    const result = await getToken({ command: { argv: [printing({ token: TOKEN })] } }, context());
    expect(result.expiresAt).to.equal(undefined);
  });

  it("believes in no life of more than 12 hours", async () => {
    const argv = [printing({ token: TOKEN, expiresAt: "2999-01-01T00:00:00Z" })];
    const { expiresAt } = await getToken({ command: { argv } }, context());
    expect(Date.parse(expiresAt ?? "") - Date.now()).to.be.closeTo(12 * 3_600_000, 5000);
  });

  it("uses no shell: every argument arrives as it is", async () => {
    const marker = join(folder.path, "made-by-a-shell");
    const argv = [printing({ token: TOKEN }), `; touch ${marker}`, "$(id)", "a b", "*"];
    await getToken({ command: { argv } }, context());
    expect(callsOf(folder.path)).to.deep.equal([`; touch ${marker} $(id) a b *`]);
    expect(existsSync(marker)).to.equal(false);
  });

  for (const [what, said, secret] of [
    ["the token of its own output", "bad opaquetoken-abcdefghijkl", "opaquetoken-abcdefghijkl"],
    ["what its output holds escaped", "opaque/secret-tail is bad", "opaque/secret-tail"],
    ["its own arguments", "unknown flag: --password=hunter2secret", "hunter2secret"],
    ["a session of yc", "session yctk.AAAAAAAAAAAAAAAAAAAAAAAA bad", "AAAAAAAAAAAA"],
    ["a token in a URL", "GET /?token%3Dt1.9euelZqVm5yVkJWL.sigsigsigsig failed", "9euelZqVm5yVkJWL"],
    ["a token with what is not seen in it", "t1.9euel\u200bVm5yVkJWL.sig\u202esigsigsig bad", "Vm5yVkJWL"],
    ["a bearer", "Authorization: Bearer 0123456789abcdef0123", "0123456789abcdef"],
    ["a token of Vault", "hvs.CAESIJ1234567890 is no good", "CAESIJ1234567890"],
  ] as const) {
    it(`shows what a program says, but not ${what}`, async () => {
      const body = `echo '{"token": "opaquetoken-abcdefghijkl", "x": "opaque\\/secret\\u002dtail"}'; echo 'error: ${said}' >&2; exit 3`;
      const argv = [writeProgram(folder.path, "helper", body), "--password=hunter2secret"];
      const error = await refusalOf({ command: { argv } }, context());
      expect(error.message).to.include("failed with exit code 3: error: ");
      expect(error.message).to.include("[secret]").and.not.include(secret);
    });
  }

  it("names the first word alone of a command line in one piece", async () => {
    const argv = [`${join(folder.path, "none")} --token hvs.SECRETSECRET`];
    const error = await refusalOf({ command: { argv } }, context());
    expect(error.message)
      .to.include(JSON.stringify(join(folder.path, "none")))
      .and.not.include("SECRET");
    expect(error.message).to.include("each argument is a word of its own");
  });

  it("is in no chain that does not name it", async () => {
    const { resolvers } = await createApp({}, context({ home: folder.path })).explain();
    expect(resolvers.map(({ resolver }) => resolver)).not.to.include("command");
    const error = await refusalOf({ resolvers: ["command"] }, context());
    expect(error.message).to.match(/command: no command is given\. To use it: set command\.argv/);
  });

  it("is not run for an explanation", async () => {
    const app = createApp({ command: { argv: [printing({ token: TOKEN })] } }, context());
    expect((await app.explain()).chosen).to.equal("command");
    expect(existsSync(join(folder.path, "calls"))).to.equal(false);
    expect((await app.explain({ verify: true })).chosen).to.equal("command");
    expect(callsOf(folder.path)).to.have.length(1);
  });

  const secret = "not-a-token-but-secret";
  const wrong: readonly [string, unknown, RegExp][] = [
    ["no JSON", `${secret} ${secret}`, /printed no JSON object \(46 characters\)/],
    ["a bare token", TOKEN, /printed no JSON object/],
    ["a list", [TOKEN], /printed no JSON object/],
    ["nothing", "", /printed no JSON object/],
    ["no token", { access_token: secret }, /printed an object without a text `token`/],
    ["a token that is an object", { token: { secret } }, /without a text `token`/],
    ["an empty token", { token: " " }, /token of what the program printed is empty/],
    ["a token with a space", { token: `${secret} ${secret}` }, /has a line break, a space/],
    [
      "a local time",
      { token: TOKEN, expiresAt: "2026-11-24 18:30" },
      /has an expiresAt that is not an RFC 3339/,
    ],
    ["a number of seconds", { token: TOKEN, expiresAt: 1_800_000_000 }, /not an RFC 3339 time/],
    ["the past", { token: TOKEN, expiresAt: "2020-01-01T00:00:00Z" }, /has an expiresAt that is in the past/],
  ];
  for (const [name, output, message] of wrong) {
    it(`refuses a program that prints ${name}`, async () => {
      const error = await refusalOf({ command: { argv: [printing(output)] } }, context());
      expect(error.code).to.equal("ERR_YCIAM_CREDENTIAL");
      expect(error.message).to.match(message).and.not.include(secret).and.not.include(TOKEN);
    });
  }

  it("says why a program failed, without what it printed", async () => {
    const path = writeProgram(
      folder.path,
      "helper",
      `echo ${TOKEN}; echo "no login for ${TOKEN}" >&2; exit 7`,
    );
    const { message } = await refusalOf({ command: { argv: [path, "--password=hunter2"] } }, context());
    expect(message).to.equal("the program of command.argv failed with exit code 7: no login for [secret]");
  });

  it("names a program that is not there, and none of its arguments", async () => {
    const argv = ["/nowhere/helper", "--password=hunter2"];
    const { message } = await refusalOf({ command: { argv } }, context());
    expect(message).to.match(/^command\.argv names "\/nowhere\/helper", but there is no such program/);
    expect(message).not.to.include("hunter2");
  });

  it("holds it to the time allowed", async () => {
    const argv = [writeProgram(folder.path, "helper", "trap '' TERM; exec sleep 20")];
    const start = Date.now();
    expect((await refusalOf({ timeout: "300ms", command: { argv } }, context())).code).to.equal(
      "ERR_YCIAM_SERVICE",
    );
    expect(Date.now() - start).to.be.lessThan(5000);
  });
});
