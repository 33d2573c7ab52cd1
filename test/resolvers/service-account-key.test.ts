import { expect } from "chai";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import type { KeyFile } from "../../emulator/index";
import { createFiles } from "../../provider/platform/files";
import { testContext } from "../support/context";
import { at, emulatorForAll, getToken, refusalOf } from "./support";

describe("resolver serviceAccountKey", () => {
  const emulator = emulatorForAll();
  let home: string;
  let key: KeyFile;
  before(async () => {
    home = mkdtempSync(join(tmpdir(), "yciam-key-"));
    key = await emulator.current.createKey();
    mkdirSync(join(home, "keys"));
    writeFileSync(join(home, "keys/sa key.json"), JSON.stringify(key, undefined, 2));
    writeFileSync(join(home, "keys/key.yaml"), stringify(key));
  });
  after(() => rmSync(home, { recursive: true }));

  const context = (env: Record<string, string> = {}) => testContext({ env, home, files: createFiles(home) });

  const ways: readonly [string, () => object, () => Record<string, string>][] = [
    ["a path", () => ({ file: join(home, "keys/sa key.json") }), () => ({})],
    ["a path of a key in YAML", () => ({ file: "~/keys/key.yaml" }), () => ({})],
    ["a path from the home folder", () => ({ file: "~/keys/sa key.json" }), () => ({})],
    ["the JSON in place of a path", () => ({ file: JSON.stringify(key) }), () => ({})],
    ["the JSON", () => ({ json: JSON.stringify(key) }), () => ({})],
    [
      "the JSON with a byte order mark of none and space around it",
      () => ({ json: `\n ${JSON.stringify(key)}\n` }),
      () => ({}),
    ],
    ["the object itself", () => ({ json: key }), () => ({})],
    ["a path in the variable", () => ({}), () => ({ YC_SERVICE_ACCOUNT_KEY_FILE: "~/keys/sa key.json" })],
    ["the JSON in the variable", () => ({}), () => ({ YC_SERVICE_ACCOUNT_KEY_FILE: JSON.stringify(key) })],
    [
      "JSON that is given before a path in the variable",
      () => ({ json: key }),
      () => ({ YC_SERVICE_ACCOUNT_KEY_FILE: "/no/such/file" }),
    ],
  ];
  for (const [what, options, env] of ways) {
    it(`takes ${what}`, async () => {
      const result = await getToken(
        { ...at(emulator.current), resolvers: ["serviceAccountKey"], serviceAccountKey: options() },
        context(env()),
      );
      expect([result.resolver, result.subjectId]).to.deep.equal([
        "serviceAccountKey",
        key.service_account_id,
      ]);
    });
  }

  it("says of a pipe that nobody writes to what it is, once the time is up", async () => {
    const file = join(home, "keys/pipe");
    execFileSync("mkfifo", [file]);
    const error = await refusalOf({ serviceAccountKey: { file }, timeout: "1s" }, context());
    expect(error.message).to.equal(
      `serviceAccountKey.file names ${file}, but it is a pipe, and no program wrote to it and closed it in the time allowed.`,
    );
  });

  it("shows nothing of a key that stands in the place of a path, in Base64 or cut in any way", async () => {
    const base64 = Buffer.from(JSON.stringify(key)).toString("base64");
    const pem = key.private_key.replaceAll("\n", "");
    for (const file of [
      base64,
      base64.slice(0, 250),
      base64.slice(40, 90),
      pem.slice(-200, -40),
      `~/${base64}`,
    ]) {
      const { message } = await refusalOf({ serviceAccountKey: { file } }, context());
      expect(message).to.match(
        /^serviceAccountKey\.file names something that is no path, but (it|there is) /,
      );
    }
  });

  it("shows nothing of YAML that is broken", async () => {
    const file = join(home, "keys/broken.yaml");
    writeFileSync(file, "private_key: [CANARY\n  id: : x");
    const error = await refusalOf({ serviceAccountKey: { file } }, context());
    expect(error.message).to.include("is not JSON.").and.not.include("CANARY");
  });

  it("does not take two, since either may be the wrong one", async () => {
    const error = await refusalOf({ serviceAccountKey: { file: "a", json: "b" } }, context());
    expect(error.message).to.equal("give serviceAccountKey.file or serviceAccountKey.json, not both.");
  });

  it("names the variable when what it holds is wrong", async () => {
    const rest = { ...key, private_key: undefined };
    const error = await refusalOf(
      at(emulator.current),
      context({ YC_SERVICE_ACCOUNT_KEY_FILE: JSON.stringify(rest) }),
    );
    expect(error.message).to.match(/^YC_SERVICE_ACCOUNT_KEY_FILE: the field `private_key` is missing/);
  });

  it("names variable and path when the file is wrong", async () => {
    writeFileSync(join(home, "bad.json"), "{");
    const error = await refusalOf(
      at(emulator.current),
      context({ YC_SERVICE_ACCOUNT_KEY_FILE: "~/bad.json" }),
    );
    expect(error.message).to.match(/^YC_SERVICE_ACCOUNT_KEY_FILE \(~\/bad\.json\) is not JSON\./);
  });

  it("does not show a private key that was put where the path belongs", async () => {
    const error = await refusalOf(
      at(emulator.current),
      context({ YC_SERVICE_ACCOUNT_KEY_FILE: key.private_key }),
    );
    expect(error.message).to.match(/^YC_SERVICE_ACCOUNT_KEY_FILE names something that is no path, but /);
  });

  it("does not read a file that is larger than any key", async () => {
    writeFileSync(join(home, "large.json"), " ".repeat(1024 * 1024 + 1));
    const error = await refusalOf({ serviceAccountKey: { file: "~/large.json" } }, context());
    expect(error.message).to.match(/larger than 1 MiB, so it is no credential\.$/);
  });

  it("does not send the private key anywhere, and asks once for two calls", async () => {
    const one = context();
    const config = { ...at(emulator.current), serviceAccountKey: { json: key } };
    const [first, second] = [await getToken(config, one), await getToken(config, one)];
    expect(first.fingerprint).to.equal(second.fingerprint);
    expect(emulator.current.counts.exchanges).to.equal(1);
  });
});
