import { expect } from "chai";
import { getEventListeners } from "node:events";
import { rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { type AppConfig, createApp } from "../../provider/app";
import type { KeyFile } from "../../emulator";
import { Secret } from "../../provider/core/words/secret";
import { defineResolver } from "../../sdk/nodejs/resolvers";
import { at, emulatorForAll, keyForAll } from "../resolvers/support";
import { testContext } from "../support/context";
import { folderForEach } from "../support/folders";

/** Ways to a key that stands in a file: how it is written there, and the options that name the file. */
const WAYS: Readonly<Record<string, [(key: KeyFile) => string, (file: string) => AppConfig]>> = {
  "a key file": [JSON.stringify, (file) => ({ serviceAccountKey: { file } })],
  "a profile of yc": [
    (key) => stringify({ current: "a", profiles: { a: { "service-account-key": key } } }),
    (configFile) => ({ resolvers: ["ycProfile"], ycProfile: { configFile } }),
  ],
};

describe("app, a token that is held", () => {
  let now = Date.UTC(2026, 10, 24);
  const emulator = emulatorForAll({ now: () => now });
  const key = keyForAll(emulator);
  const other = keyForAll(emulator);
  const folder = folderForEach();

  /** An app that has answered once, and what it did with its file since. */
  const start = async (way = "a key file", more: AppConfig = {}) => {
    const [write, config] = WAYS[way] as (typeof WAYS)[string];
    const file = join(folder.path, "credential");
    const put = (key: KeyFile) => writeFileSync(file, write(key));
    put(key.current);
    const seen = { reads: 0, looks: 0 };
    const { files } = testContext();
    const context = testContext({
      now: () => now,
      files: {
        read: (path, limits) => ((seen.reads += 1), files.read(path, limits)),
        version: (path) => ((seen.looks += 1), files.version(path)),
      },
    });
    const app = createApp({ ...at(emulator.current), ...config(file), retries: 0, ...more }, context);
    const first = await app.getIamToken();
    await app.getIamToken();
    Object.assign(seen, { reads: 0, looks: 0 });
    const isFirst = async () => (await app.getIamToken()) === first;
    const warnings = () => context.logs.filter(({ level }) => level === "warn").map(({ message }) => message);
    return { file, put, app, first, isFirst, seen, warnings };
  };

  it("costs no read of its file, and one look a second, however many ask", async () => {
    const { isFirst, seen } = await start();
    let others = 0;
    for (let second = 0; second < 5; second += 1) {
      for (let call = 0; call < 2000; call += 1) others += (await isFirst()) ? 0 : 1;
      now += 1000;
    }
    expect({ others, ...seen }).to.deep.equal({ others: 0, reads: 0, looks: 4 });
  });

  for (const way of Object.keys(WAYS)) {
    it(`gives way within a second to the key that takes the place of its own in ${way}`, async () => {
      const { put, app, isFirst } = await start(way);
      put(other.current);
      now += 999;
      expect(await isFirst()).to.equal(true);
      now += 1;
      expect((await app.getIamToken()).subjectId).to.equal(other.current.service_account_id);
      expect(emulator.current.counts.exchanges).to.equal(2);
    });
  }

  it("stays where its file is written anew with the same key, or is gone", async () => {
    const { file, app, first, seen, warnings } = await start();
    utimesSync(file, 1, 1);
    now += 1000;
    expect((await app.getIamToken()).fingerprint).to.equal(first.fingerprint);
    rmSync(file);
    now += 1000;
    expect((await app.getIamToken()).fingerprint).to.equal(first.fingerprint);
    expect([seen.reads, warnings(), emulator.current.counts.exchanges]).to.deep.equal([1, [], 1]);
  });

  it("is handed out, with a warning, while the new key is damaged, is refused, or IAM is away; then gives way", async () => {
    const { file, put, app, first, seen, warnings } = await start();
    const troubles: readonly [() => void, RegExp][] = [
      [() => writeFileSync(file, "{"), /is not JSON/],
      [() => put({ ...other.current, id: "ajeunknown" }), /ajeunknown/],
      [() => (emulator.current.faults.inject({ route: "tokens", status: 503 }), put(other.current)), /503/],
    ];
    for (const [number, [make, text]] of troubles.entries()) {
      make();
      now += 16_000;
      expect((await app.getIamToken()).fingerprint).to.equal(first.fingerprint);
      expect(warnings()).to.have.length(number + 1);
      expect(warnings().at(-1)).to.match(/^could not renew the IAM token; the old one is used/);
      expect(warnings().at(-1)).to.match(text);
      now += 1000;
      await app.getIamToken();
      expect(seen.reads).to.equal(number + 1);
    }
    now += 16_000;
    expect((await app.getIamToken()).subjectId).to.equal(other.current.service_account_id);
  });

  it("gives way within a second to a key that mends a failed renewal, whether it is fresh or old by then", async () => {
    for (const age of [0, 2 * 3_600_000]) {
      const { file, put, app, first, seen } = await start();
      writeFileSync(file, "{");
      now += 1000 + age;
      expect((await app.getIamToken()).fingerprint).to.equal(first.fingerprint);
      put(other.current);
      now += 900;
      expect((await app.getIamToken()).fingerprint).to.equal(first.fingerprint);
      expect(seen.reads).to.equal(1);
      now += 100;
      expect((await app.getIamToken()).subjectId).to.equal(other.current.service_account_id);
    }
  });

  const later: readonly [string, number][] = [
    ["is fresh", 1000],
    ["is to be renewed", 2 * 3_600_000],
  ];
  for (const [what, ms] of later) {
    it(`is handed out in half of the time while it ${what} and IAM hangs over the new key, and at once after that`, async () => {
      const { put, app, first, warnings } = await start("a key file", { timeout: "600ms" });
      put(other.current);
      emulator.current.faults.inject({ route: "tokens", delayMs: 60_000, times: Infinity });
      now += ms;
      for (let call = 0; call < 3; call += 1)
        expect((await app.getIamToken()).fingerprint).to.equal(first.fingerprint);
      expect(warnings()).to.have.length(1);
      expect(emulator.current.requests).to.have.length(2);
    });
  }

  it("is handed out while a resolver of one's own does not come back from its file", async () => {
    const file = join(folder.path, "own");
    writeFileSync(file, "1");
    let asked = 0;
    const own = defineResolver({
      name: "own",
      summary: "O.",
      options: {},
      resolve: async ({ context }) => {
        await context.files.read(file);
        if ((asked += 1) > 1) await new Promise(() => undefined);
        return {
          id: "own",
          token: async () => ({ token: new Secret("t1.own"), expiresAt: now + 12 * 3_600_000 }),
        };
      },
    });
    const context = testContext({ now: () => now });
    const app = createApp({ resolvers: [own], timeout: "400ms" }, context);
    const first = await app.getIamToken();
    writeFileSync(file, "22");
    now += 1000;
    for (let call = 0; call < 3; call += 1)
      expect((await app.getIamToken()).fingerprint).to.equal(first.fingerprint);
    expect(asked).to.equal(2);
  });

  it("is waited for by a thousand at once with one exchange, one read, one listener and a few timers", async () => {
    const { app, put, seen } = await start();
    put(other.current);
    now += 2 * 3_600_000;
    const { signal } = new AbortController();
    const timers = () => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
    const before = timers();
    const answers = Array.from({ length: 1000 }, () => app.getIamToken(signal));
    expect(getEventListeners(signal, "abort")).to.have.length(1);
    expect(timers() - before).to.be.below(10);
    expect(new Set(await Promise.all(answers)).size).to.equal(1);
    expect(getEventListeners(signal, "abort")).to.have.length(0);
    expect([seen.reads, emulator.current.counts.exchanges]).to.deep.equal([1, 2]);
  });
});
