import { expect } from "chai";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEmulator } from "../emulator/index";
import { createApp } from "../provider/app";
import { YciamError } from "../provider/core/words/errors";
import { resolvers } from "../provider/resolvers/index";
import { CASES, type Fixture, type Given } from "./bad-input/cases";
import { testContext } from "./support/context";
import { everyText } from "./support/every-text";
import { failureOf } from "./support/failure";

let f: Fixture;

/** The error that a call of the app ends with; the app is made inside, since options are checked there. */
async function failure({ env = {}, ...given }: Given, isUnprivileged = false): Promise<YciamError> {
  const context = testContext({ env, home: f.folder });
  const run = async () => createApp({ iamEndpoint: f.emulator.url, ...given }, context).getIamToken();
  const error = await failureOf(isUnprivileged ? unprivileged(run) : run());
  expect(error, error.stack).to.be.instanceOf(YciamError);
  return error;
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
    const [key, otherKey] = await Promise.all([emulator.createKey(), emulator.createKey()]);
    f = { emulator, folder, path: (name) => join(folder, name), key, otherKey };
  });
  beforeEach(() => writeFileSync(f.path("key.json"), JSON.stringify(f.key), { mode: 0o600 }));
  after(async () => {
    rmSync(f.folder, { recursive: true });
    await f.emulator.close();
  });

  for (const [code, cases] of Object.entries(CASES)) {
    for (const [what, given, message] of cases) {
      it(`says what to do about ${what}, and shows no secret in it`, async () => {
        const error = await failure(given(f), what.includes("may not read"));
        const expected = typeof message === "string" ? message : message(f);
        expect([error.code, generalised(error.message)]).to.deep.equal([code, expected]);
        const texts = everyText(error);
        expect(texts).to.not.contain("CANARY").and.not.contain("PRIVATE KEY");
        expect(texts).to.not.match(/y0_|eyJ/);
        for (const line of f.key.private_key.split("\n").slice(2, -2)) expect(texts).to.not.contain(line);
      });
    }
  }

  it("lists every resolver of the default chain, in its order, when none has a credential", async () => {
    const [heading, ...rows] = (await failure({})).message.split("\n");
    expect(heading).to.equal("No credential was found. Tried, in this order:");
    const tried = resolvers.filter(({ onlyWhenNamed }) => onlyWhenNamed !== true).map(({ name }) => name);
    expect(rows.map((row) => /^ {2}(\w+): .+\. To use it: .+\.$/.exec(row)?.[1])).to.deep.equal(tried);
  });
});
