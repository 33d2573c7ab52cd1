import { expect } from "chai";
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Release } from "../../provider/core/token/store";
import { takeLock } from "../../provider/platform/process-lock";
import { processSpace } from "../../provider/platform/process-space";
import { finish, startChild } from "../support/children";
import { folderForEach } from "../support/folders";
import { waitFor } from "../support/stores";

const temporary = folderForEach();
const path = () => join(temporary.path, "entry.lock");
const take = async (waitMs = 5000): Promise<Release> => {
  const release = await takeLock(path(), waitFor(waitMs));
  if (release === undefined) throw new Error("the lock was not to be had");
  return release;
};
/** Gives the lock back, and sees that nothing is left of it. */
const giveBack = async (release: Release) => {
  await release();
  expect(readdirSync(temporary.path).filter((name) => !name.endsWith(".00.tmp"))).to.deep.equal([]);
};

/** The id of a process that has ended: it was ours, and has been waited for. */
const deadPid = () => spawnSync(process.execPath, ["--version"]).pid;
const nameOf = (pid: number, space = processSpace()) => `${pid}-${space}-0123456789abcdef`;

/** A folder as a lock is made of, left by the holder of that name. */
function leave(folder: string, holder?: string): void {
  mkdirSync(folder, { mode: 0o700 });
  if (holder !== undefined) writeFileSync(join(folder, holder), "");
}

/** Many take the lock at once; says how many were inside at the same time at most. */
async function crowd(size: number, workMs: number): Promise<number> {
  let inside = 0;
  let most = 0;
  const visit = async () => {
    const release = await take(15_000);
    most = Math.max(most, (inside += 1));
    await delay(workMs);
    inside -= 1;
    await release();
  };
  await Promise.all(Array.from({ length: size }, visit));
  return most;
}

describe("the lock between processes", () => {
  it("does not let go of a living holder, however long it works; whoever waits gives up when the wait is over", async () => {
    const release = await take();
    expect(await takeLock(path(), waitFor(4500))).to.equal(undefined);
    await giveBack(release);
  });

  for (const [title, holder] of [
    ["another host or container, whose process ids tell nothing", () => nameOf(deadPid(), "f".repeat(16))],
    ["a dead process whose id a living one has got", () => nameOf(process.pid)],
    ["whoever wrote nonsense", () => "nonsense"],
  ] as const) {
    it(`takes over from ${title}, once the lock went untouched for three seconds`, async () => {
      leave(path(), holder());
      expect(await takeLock(path(), waitFor(1500))).to.equal(undefined);
      await giveBack(await take(8000));
    });
  }

  it("is fought over by many when its holder is dead, and one gets it at a time", async () => {
    for (let round = 0; round < 40; round += 1) {
      leave(path(), nameOf(deadPid()));
      expect(await crowd(8, 1), `round ${round}`).to.equal(1);
    }
    expect(readdirSync(temporary.path)).to.deep.equal([]);
  });

  for (const [title, died] of [
    ["before its name was in its folder", () => leave(`${path()}.00.tmp`)],
    ["before it had the lock", () => leave(`${path()}.00.tmp`, nameOf(deadPid()))],
    ["with the lock", () => leave(path(), nameOf(deadPid()))],
    ["while it gave the lock back, or took it from another", () => leave(path())],
  ] as const) {
    it(`is to be had at once after a process died ${title}`, async () => {
      died();
      await giveBack(await take(0));
    });
  }

  describe("held by a real process", () => {
    const bundles = folderForEach();

    it("is taken over when that is suspended, which on waking neither touches nor removes what is another's", async () => {
      const child = await startChild("lock", bundles.path, [path()]);
      child.kill("SIGSTOP");
      const release = await take(8000);
      const ours = readdirSync(path());
      child.kill("SIGCONT");
      // Time for a heartbeat.
      await delay(1000);
      expect(await finish(child)).to.deep.equal({ stdout: "done\n", stderr: "" });
      expect(readdirSync(path())).to.deep.equal(ours);
      await giveBack(release);
    });
  });
});
