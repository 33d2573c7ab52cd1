import { expect } from "chai";
import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { takeLock } from "../../provider/platform/process-lock";
import { folderForEach } from "../support/folders";
import { openStore, waitFor } from "../support/stores";
import { warningsOf } from "../resolvers/support";
import { startTrial, type Trial } from "./iam";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

describe("faults: an outage of IAM, with an old token at hand", () => {
  const folder = folderForEach();
  let now: number;
  let trial: Trial;
  beforeEach(async () => {
    now = Date.UTC(2026, 10, 24, 12);
    const { store } = openStore(folder.path, { now: () => now });
    trial = await startTrial({ now: () => now }, { now: () => now, store });
  });
  afterEach(() => trial.close());

  for (const [title, fault, cause] of [
    ["answers 503", { status: 503 }, /HTTP 503/],
    ["cuts connections", { reset: "before" }, /the connection was cut/],
    ["answers nonsense", { body: "<html>" }, /IAM's reply is not a JSON object/],
    ["refuses the key", { status: 401 }, /HTTP 401/],
    ["says nothing at all", { delayMs: 60_000 }, /no token came within|did not end within/],
  ] as const) {
    it(`serves the old one, with one warning, in good time: IAM ${title}`, async () => {
      const first = await trial.get();
      now += 2 * HOUR;
      trial.emulator.faults.inject({ ...fault, times: Infinity });
      const begin = performance.now();
      const second = await trial.get({ timeout: "6s", retries: 1 });
      // Half of the time is for the renewal; the bound is above that for slow machines, and far below the whole.
      expect(performance.now() - begin).to.be.below(0.7 * 6000);
      expect(second.fingerprint).to.equal(first.fingerprint);
      expect(warningsOf(trial.context)).to.have.length(1);
      expect(warningsOf(trial.context)[0])
        .to.match(/^could not renew the IAM token; the old one is used, 10h are left of it: /)
        .and.match(cause);
      trial.assertSilent();
    });
  }

  it("serves the old one of the store in good time too: a new process, and IAM says nothing at all", async () => {
    const first = await trial.getInAnother();
    now += 2 * HOUR;
    trial.emulator.faults.inject({ delayMs: 60_000, times: Infinity });
    const begin = performance.now();
    expect((await trial.getInAnother({ timeout: "6s" })).fingerprint).to.equal(first.fingerprint);
    expect(performance.now() - begin).to.be.below(0.7 * 6000);
    expect(warningsOf(trial.context)).to.have.length(1);
  });

  it("waits no more than half of its time for a process that has the lock and comes to no end", async () => {
    await trial.getInAnother();
    const path = join(folder.path, readdirSync(folder.path)[0] as string);
    rmSync(path);
    const release = await takeLock(`${path}.lock`, waitFor(1000));
    expect((await trial.getInAnother({ timeout: "8s" })).fingerprint).to.match(/^[0-9a-f]{12}$/);
    await release?.();
    expect(trial.emulator.requests).to.have.length(2);
  });

  it("asks IAM again only after a pause, not at every call, and recovers by itself", async () => {
    const first = await trial.get();
    now += 2 * HOUR;
    trial.emulator.reset();
    trial.emulator.faults.inject({ status: 503, times: Infinity });
    for (let call = 0; call < 50; call += 1) await trial.get({ retries: 0 });
    expect(trial.emulator.requests).to.have.length(1);
    now += 20_000;
    await trial.get({ retries: 0 });
    expect(trial.emulator.requests).to.have.length(2);
    trial.emulator.faults.clear();
    now += 20_000;
    expect((await trial.get()).fingerprint).not.to.equal(first.fingerprint);
    expect(warningsOf(trial.context)).to.have.length(2);
  });

  it("says how long the old one lives when that is too short, and what failed", async () => {
    await trial.get();
    now += 12 * HOUR - 5 * MINUTE;
    trial.emulator.faults.inject({ status: 503, times: Infinity });
    const error = await trial.failure({ retries: 0 });
    expect(error.code).to.equal("ERR_YCIAM_VALIDITY");
    expect(error.message).to.match(
      /could not be renewed, and the old one lives only 5m more; minRemainingValidity asks for 10m\. The renewal failed: POST .*HTTP 503/,
    );
    expect((await trial.get({ minRemainingValidity: "1m", retries: 0 })).expiresAt).to.equal(
      new Date(now + 5 * MINUTE).toISOString(),
    );
  });

  it("says what failed, and nothing of the old one, when that is dead", async () => {
    await trial.get();
    now += 13 * HOUR;
    trial.emulator.faults.inject({ status: 503, times: Infinity });
    const error = await trial.failure({ retries: 0, minRemainingValidity: "1m" });
    expect(error.code).to.equal("ERR_YCIAM_SERVICE");
    expect(error.message)
      .to.match(/^POST .*HTTP 503/)
      .and.not.include("old one");
  });
});
