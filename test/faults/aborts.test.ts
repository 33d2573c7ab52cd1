import { expect } from "chai";
import { readdirSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import type { Fault, RouteName } from "../../emulator";
import { failureOf } from "../support/failure";
import { folderForEach } from "../support/folders";
import { openStore } from "../support/stores";
import { startTrial, type Trial } from "./iam";

const REASON = new Error("the user pressed Ctrl-C");

describe("faults: an abort", () => {
  const folder = folderForEach();
  let trial: Trial;
  beforeEach(async () => {
    trial = await startTrial({}, { store: openStore(folder.path).store });
  });
  afterEach(() => trial.close());

  /** Aborts a call after so many milliseconds; answers with how it ended, and how long after the abort. */
  async function abortAfter(ms: number): Promise<{ end: unknown; lateMs: number }> {
    const controller = new AbortController();
    const end = trial
      .get({ refreshAfter: "0s" }, controller.signal)
      .then<unknown>(() => "a token")
      .catch((error: unknown) => error);
    await delay(ms);
    const abortedAt = performance.now();
    controller.abort(REASON);
    return { end: await end, lateMs: performance.now() - abortedAt };
  }

  const moments: readonly [string, Fault<RouteName>][] = [
    ["before the headers", { headersDelayMs: 60_000, times: Infinity }],
    ["in the body", { bodyDelayMs: 60_000, times: Infinity }],
    ["between two attempts", { status: 429, retryAfter: 20, times: Infinity }],
  ];
  for (const [when, fault] of moments) {
    it(`ends the call at once, with its own reason: ${when}`, async () => {
      trial.emulator.faults.inject(fault);
      const { end, lateMs } = await abortAfter(300);
      expect(end).to.equal(REASON);
      // What it waits for takes 20 s and more.
      expect(lateMs).to.be.below(3000);
      trial.emulator.faults.clear();
      await trial.get();
      trial.assertSilent();
    });
  }

  it("at any moment leaves nothing behind: the next call works, no socket and no lock stays", async function () {
    this.timeout(60_000);
    const ends = { aborted: 0, done: 0 };
    for (let round = 0; round < 60; round += 1) {
      trial.emulator.faults.inject({ headersDelayMs: 20, bodyDelayMs: 20 });
      const { end, lateMs } = await abortAfter(2 * (round % 30) + Math.random());
      expect(end === REASON || end === "a token", String(end)).to.equal(true);
      expect(lateMs).to.be.below(3000);
      ends[end === REASON ? "aborted" : "done"] += 1;
      trial.emulator.faults.clear();
    }
    expect(ends.aborted, JSON.stringify(ends)).to.be.above(5);
    const begin = performance.now();
    await trial.get({ refreshAfter: "0s" });
    expect(performance.now() - begin).to.be.below(5000);
    expect(trial.emulator.openSockets()).to.be.at.most(2);
    expect(readdirSync(folder.path)).to.have.length(1);
  });

  it("before the call begins asks nothing", async () => {
    expect(await failureOf(trial.get({}, AbortSignal.abort(REASON)))).to.equal(REASON);
    expect(trial.emulator.requests).to.deep.equal([]);
  });
});
