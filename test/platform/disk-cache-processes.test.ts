import { expect } from "chai";
import type { ChildProcessWithoutNullStreams, SpawnOptions } from "node:child_process";
import { chmodSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { type Emulator, startEmulator } from "../../emulator";
import { entryName } from "../../provider/platform/disk-cache-seal";
import { finish, printed, startChild } from "../support/children";
import { folderForEach } from "../support/folders";
import { exclusively, openStore, slotFor, TOKEN, waitFor } from "../support/stores";

const FINGERPRINT = /^[0-9a-f]{12}$/;

describe("the disk store between processes", () => {
  const temporary = folderForEach();
  const bundles = folderForEach();
  const folder = () => join(temporary.path, "yciam", "tokens");

  describe("with an IAM", () => {
    let emulator: Emulator;
    let env: NodeJS.ProcessEnv;

    beforeEach(async () => {
      emulator = await startEmulator({ reuseWhileMs: Infinity });
      env = {
        XDG_CACHE_HOME: temporary.path,
        YC_SERVICE_ACCOUNT_KEY_FILE: JSON.stringify(await emulator.createKey()),
        YCIAM_IAM_ENDPOINT: emulator.iamEndpoint,
        YC_METADATA_ADDR: emulator.metadataAddress,
      };
    });
    afterEach(() => emulator.close());

    const start = (more: NodeJS.ProcessEnv = {}, options: SpawnOptions = {}) =>
      startChild("token", bundles.path, [], { env: { ...env, ...more }, ...options });
    const end = async (child: ChildProcessWithoutNullStreams) => {
      const { stdout, stderr } = await finish(child);
      return `${stderr}${stdout}`.trim();
    };
    const run = async (more?: NodeJS.ProcessEnv, options?: SpawnOptions) => end(await start(more, options));

    it("mints at most 2 tokens for 50 processes that start at once on an empty cache", async function () {
      this.timeout(120_000);
      const children: ChildProcessWithoutNullStreams[] = [];
      while (children.length < 50)
        children.push(...(await Promise.all(Array.from({ length: 5 }, () => start()))));
      const fingerprints = await Promise.all(children.map(end));
      for (const fingerprint of fingerprints) expect(fingerprint).to.match(FINGERPRINT);
      expect(emulator.counts.exchanges).to.be.within(1, 2);
      expect(new Set(fingerprints).size).to.be.within(1, 2);
    });

    it("gives the next process the same token, and asks IAM nothing", async () => {
      expect(await run()).to.equal(await run());
      expect(emulator.counts.exchanges).to.equal(1);
    });

    it("works for a user without a name and a home, as containers have; nothing is stored then, nor said", async () => {
      chmodSync(bundles.path, 0o755);
      // Another user can only be taken by root; for others, the home is at least without a variable.
      const isRoot = process.getuid?.() === 0;
      const home = isRoot ? { HOME: undefined } : { HOME: temporary.path };
      const user = isRoot ? { uid: 54_321, gid: 54_321 } : {};
      expect(await run({ XDG_CACHE_HOME: undefined, ...home }, user)).to.match(FINGERPRINT);
    });

    for (const nowhere of ["/dev/null", "/proc"]) {
      it(`shares nothing, and works, where the cache cannot be written, as in ${nowhere}; one warning says so`, async () => {
        const warning = /the token cache in \S+\/yciam\/tokens is not used as it should be: E[A-Z]+\./;
        for (const output of [
          await run({ XDG_CACHE_HOME: nowhere }),
          await run({ XDG_CACHE_HOME: nowhere }),
        ]) {
          expect(output.split("\n")).to.have.length(2);
          expect(output).to.match(warning).and.to.include(nowhere);
          expect(output).to.match(/^[0-9a-f]{12}$/m);
        }
        expect(emulator.counts.exchanges).to.equal(2);
      });
    }
  });

  it("is never broken by a process that is killed: 500 kills at random points, while another works", async function () {
    this.timeout(240_000);
    const slot = slotFor();
    const text = "x".repeat(1000);
    let entries = 0;
    const killOne = async () => {
      const child = await startChild("store", bundles.path, [folder()]);
      const output = printed(child);
      await delay(Math.random() * 20);
      child.kill("SIGKILL");
      expect(await output).to.deep.equal({ stdout: "", stderr: "" });
    };
    const check = async () => {
      const { store, warnings } = openStore(folder());
      const entry = await store.load(slot);
      if (entry !== undefined) entries += 1;
      expect(entry ?? text).to.equal(text);
      const begin = performance.now();
      await exclusively(store, slot, waitFor(10_000), () => store.save(slot, text, TOKEN));
      // The dead holder is seen at once; but the machine may be slow.
      expect(performance.now() - begin).to.be.below(6000);
      expect(warnings).to.deep.equal([]);
    };
    const kill250 = async () => {
      for (let count = 0; count < 250; count += 1) {
        await killOne();
        await check();
      }
    };
    await Promise.all([kill250(), kill250()]);
    expect(entries).to.be.above(450);
    const left = readdirSync(folder()).filter((name) => name !== entryName(slot));
    expect(left.filter((name) => name.endsWith(".lock"))).to.deep.equal([]);
  });
});
