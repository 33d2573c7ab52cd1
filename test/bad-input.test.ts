import { expect } from "chai";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEmulator } from "../emulator/index";
import { createApp } from "../provider/app";
import { YciamError } from "../provider/core/words/errors";
import { resolvers } from "../provider/resolvers/index";
import { type BadInput, CASES, type Fixture } from "./bad-input/cases";
import { testContext } from "./support/context";
import { everyText } from "./support/every-text";

let f: Fixture;

/** The error that a call of the app ends with; the app is made inside, since options are checked there. */
async function failure(bad: BadInput): Promise<YciamError> {
  const config = { iamEndpoint: f.emulator.url, ...bad.config?.(f) };
  const context = testContext({ env: bad.env?.(f) ?? {}, home: f.folder });
  const run = async () => createApp(config, context).getIamToken();
  const error: unknown = await (bad.unprivileged ? unprivileged(run) : run()).catch(
    (caught: unknown) => caught,
  );
  expect(error).to.be.instanceOf(YciamError);
  return error as YciamError;
}

/** Runs with the rights of nobody in particular: root may read any file, whatever its mode. */
async function unprivileged<T>(work: () => Promise<T>): Promise<T> {
  if (process.geteuid?.() !== 0) return work();
  process.seteuid?.(65534);
  try {
    return await work();
  } finally {
    process.seteuid?.(0);
  }
}

function generalised(message: string): string {
  return message
    .replaceAll(new URL(f.emulator.url).host, "HOST")
    .replace(/request id [-\w]+/, "request id ID");
}

describe("bad input", () => {
  before(async () => {
    const emulator = await startEmulator();
    const folder = mkdtempSync(join(tmpdir(), "yciam-bad-input-"));
    const [key, otherKey, ecKey] = await Promise.all([
      emulator.createKey(),
      emulator.createKey(),
      emulator.createKey({ algorithm: "EC_P256" }),
    ]);
    f = { emulator, folder, path: (name) => join(folder, name), key, otherKey, ecKey };
  });
  beforeEach(() => writeFileSync(f.path("key.json"), JSON.stringify(f.key), { mode: 0o600 }));
  after(async () => {
    rmSync(f.folder, { recursive: true });
    await f.emulator.close();
  });

  for (const bad of CASES) {
    it(`says what to do about ${bad.what}`, async () => {
      const error = await failure(bad);
      expect(error.code).to.equal(bad.code);
      expect(generalised(error.message)).to.equal(bad.message(f));
    });

    it(`shows no secret in ${bad.what}`, async () => {
      const texts = everyText(await failure(bad));
      expect(texts).to.not.contain("CANARY");
      expect(texts).to.not.contain("PRIVATE KEY");
      expect(texts).to.not.match(/y0_|eyJ/);
      for (const line of f.key.private_key.split("\n").slice(2, -2)) expect(texts).to.not.contain(line);
    });
  }

  it("says which names there are when one is unknown", async () => {
    const known = resolvers.map(({ name }) => name).join(", ");
    const code = "ERR_YCIAM_OPTION" as const;
    const config = () => ({ resolvers: ["iamToken", "awsKey"] });
    const byOption = await failure({ what: "", code, config, message: () => "" });
    expect([byOption.code, byOption.message]).to.deep.equal([
      code,
      `resolvers names "awsKey", which is none of: ${known}.`,
    ]);
    const byVariable = await failure({
      what: "",
      code,
      env: () => ({ YCIAM_RESOLVERS: "awsKey" }),
      message: () => "",
    });
    expect(byVariable.message).to.equal(`YCIAM_RESOLVERS names "awsKey", which is none of: ${known}.`);
  });

  it("lists every resolver of the default chain, in its order, when none has a credential", async () => {
    const error = await failure({ what: "", code: "ERR_YCIAM_NO_CREDENTIAL", message: () => "" });
    const [heading, ...rows] = error.message.split("\n");
    expect(heading).to.equal("No credential was found. Tried, in this order:");
    const tried = resolvers.filter(({ onlyWhenNamed }) => onlyWhenNamed !== true).map(({ name }) => name);
    expect(rows.map((row) => /^ {2}(\w+): .+\. To use it: .+\.$/.exec(row)?.[1])).to.deep.equal(tried);
  });
});
