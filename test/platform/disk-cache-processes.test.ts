import { expect } from "chai";
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { type Emulator, startEmulator } from "../../emulator";
import { entryName } from "../../provider/platform/disk-cache-seal";
import { bundle } from "../support/bundle";
import { folderForEach } from "../support/folders";
import { openStore, slotFor, waitFor } from "../support/stores";

describe("the disk store between processes", () => {
  const temporary = folderForEach();
  const folder = () => join(temporary.path, "yciam", "tokens");
  let bundles: string;

  before(() => {
    bundles = mkdtempSync(join(tmpdir(), "yciam-test-"));
  });
  after(() => rmSync(bundles, { recursive: true, force: true }));

  describe("with an IAM", () => {
    let emulator: Emulator;
    let env: NodeJS.ProcessEnv;
    let program: string;

    before(() => {
      program = bundle("test/platform/children/token.ts", bundles);
    });
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

    const start = async (more: NodeJS.ProcessEnv = {}) => {
      const child = spawn(process.execPath, [program], {
        env: { ...env, ...more },
        timeout: 100_000,
        killSignal: "SIGKILL",
      });
      await ready(child);
      return child;
    };
    const finish = async (child: ChildProcessWithoutNullStreams) => {
      const output: string[] = [];
      child.stdout.on("data", (chunk: Buffer) => output.push(chunk.toString()));
      child.stderr.on("data", (chunk: Buffer) => output.push(chunk.toString()));
      child.stdin.write("go\n");
      await once(child, "close");
      return output.join("").trim();
    };

    it("mints at most 2 tokens for 50 processes that start at once on an empty cache", async function () {
      this.timeout(120_000);
      const children: ChildProcessWithoutNullStreams[] = [];
      while (children.length < 50) {
        children.push(...(await Promise.all(Array.from({ length: 5 }, () => start()))));
      }
      const fingerprints = await Promise.all(children.map(finish));
      for (const fingerprint of fingerprints) expect(fingerprint).to.match(/^[0-9a-f]{12}$/);
      expect(emulator.counts.exchanges).to.be.within(1, 2);
      expect(new Set(fingerprints).size).to.be.within(1, 2);
    });

    it("gives the next process the same token, and asks IAM nothing", async () => {
      const first = await finish(await start());
      expect(await finish(await start())).to.equal(first);
      expect(emulator.counts.exchanges).to.equal(1);
    });

    it("keeps apart what differs: another key, another endpoint, an impersonated account, and no disk", async () => {
      const other = await emulator.createKey();
      const target = emulator.addServiceAccount();
      const own = JSON.parse(env["YC_SERVICE_ACCOUNT_KEY_FILE"] as string) as { service_account_id: string };
      emulator.grantTokenCreator(own.service_account_id, target.id);
      const changes: NodeJS.ProcessEnv[] = [
        {},
        { YC_SERVICE_ACCOUNT_KEY_FILE: JSON.stringify(other) },
        { YCIAM_IAM_ENDPOINT: emulator.iamEndpoint.replace("127.0.0.1", "localhost") },
        { YCIAM_IMPERSONATE_SERVICE_ACCOUNT_ID: target.id },
        { YCIAM_CACHE: "memory" },
        { YCIAM_CACHE: "none" },
      ];
      const fingerprints: string[] = [];
      for (const change of changes) fingerprints.push(await finish(await start(change)));
      for (const fingerprint of fingerprints) expect(fingerprint).to.match(/^[0-9a-f]{12}$/);
      expect(new Set(fingerprints).size).to.equal(changes.length);
    });

    it("works for a user without a name and a home, as containers have; nothing is stored then, nor said", async function () {
      if (process.getuid?.() !== 0) {
        // Another user can only be taken by root; for others, the home is at least without a variable.
        const output = await finish(await start({ XDG_CACHE_HOME: undefined, HOME: temporary.path }));
        expect(output).to.match(/^[0-9a-f]{12}$/);
        return;
      }
      chmodSync(bundles, 0o755);
      const child = spawn(process.execPath, [program], {
        env: { ...env, XDG_CACHE_HOME: undefined },
        uid: 54_321,
        gid: 54_321,
      });
      await ready(child);
      expect(await finish(child)).to.match(/^[0-9a-f]{12}$/);
    });

    for (const nowhere of ["/dev/null", "/proc"]) {
      it(`shares nothing, and works, where the cache cannot be written, as in ${nowhere}; one warning says so`, async () => {
        const change = { XDG_CACHE_HOME: nowhere };
        for (const output of [await finish(await start(change)), await finish(await start(change))]) {
          const lines = output.split("\n");
          expect(lines).to.have.length(2);
          expect(output).to.match(
            /the token cache in \S+\/yciam\/tokens is not used as it should be: E[A-Z]+\./,
          );
          expect(output)
            .to.include(nowhere)
            .and.match(/^[0-9a-f]{12}$/m);
        }
        expect(emulator.counts.exchanges).to.equal(2);
      });
    }
  });

  it("is never broken by a process that is killed: 500 kills at random points, while another works", async function () {
    this.timeout(240_000);
    const program = bundle("test/platform/children/store.ts", bundles);
    const slot = slotFor();
    let entries = 0;
    const killOne = async () => {
      const child = spawn(process.execPath, [program, folder()]);
      await ready(child);
      const output: string[] = [];
      child.stdout.on("data", (chunk: Buffer) => output.push(chunk.toString()));
      await delay(Math.random() * 20);
      child.kill("SIGKILL");
      await once(child, "close");
      expect(output.join("")).to.equal("");
    };
    const check = async () => {
      const { store, warnings } = openStore(folder());
      const entry = await store.load(slot);
      if (entry !== undefined) entries += 1;
      expect(entry ?? "x".repeat(1000)).to.equal("x".repeat(1000));
      const begin = performance.now();
      await store.exclusively(slot, waitFor(10_000), async () => store.save(slot, "x".repeat(1000)));
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

/** Resolves once the child has said so. */
async function ready(child: ChildProcessWithoutNullStreams): Promise<void> {
  const [chunk] = (await once(child.stdout, "data")) as [Buffer];
  expect(chunk.toString()).to.equal("ready\n");
}
