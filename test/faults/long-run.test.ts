import { expect } from "chai";
import { getEventListeners } from "node:events";
import { readdirSync } from "node:fs";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { folderForEach } from "../support/folders";
import { openStore } from "../support/stores";
import { startTrial, type Trial } from "./iam";

const HOUR = 3_600_000;

function collectGarbage(): void {
  const { Bun } = globalThis as { Bun?: { gc(isSynchronous: true): void } };
  if (Bun !== undefined) return Bun.gc(true);
  setFlagsFromString("--expose-gc");
  (runInNewContext("gc") as () => void)();
}

/** What a process holds that could leak: timers, sockets and the rest by kind, and the heap in bytes. */
function holdings(): { resources: number; heap: number } {
  collectGarbage();
  return { resources: process.getActiveResourcesInfo().length, heap: process.memoryUsage().heapUsed };
}

describe("faults: a long run", () => {
  const folder = folderForEach();
  let now: number;
  let trial: Trial;
  beforeEach(async () => {
    now = Date.UTC(2026, 10, 24, 12);
    const { store } = openStore(folder.path, { now: () => now });
    trial = await startTrial({ now: () => now, recordBodies: false }, { now: () => now, store });
  });
  afterEach(() => trial.close());

  it("of 1,000 renewals leaks no socket, timer, listener, file or memory", async function () {
    this.timeout(600_000);
    const { signal } = new AbortController();
    const renew = async (times: number) => {
      for (let count = 0; count < times; count += 1) {
        now += HOUR + 1;
        await trial.get({}, signal);
      }
    };
    await renew(200);
    const before = holdings();
    const issued = trial.emulator.issuedTokens.length;
    await renew(1000);
    const after = holdings();
    expect(trial.emulator.issuedTokens.length - issued).to.equal(1000);
    expect(after.resources).to.be.at.most(before.resources + 2);
    expect(getEventListeners(signal, "abort")).to.have.length(0);
    expect(trial.emulator.openSockets()).to.be.at.most(2);
    expect(readdirSync(folder.path)).to.have.length(1);
    // The emulator remembers a little of each token that it made.
    expect(after.heap - before.heap).to.be.below(6 * 1024 ** 2);
    trial.assertSilent();
  });
});
