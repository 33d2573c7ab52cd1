import { expect } from "chai";
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { type Release, takeLock } from "../../provider/platform/process-lock";
import { folderForEach } from "../support/folders";
import { waitFor } from "../support/stores";

const temporary = folderForEach();
const path = () => join(temporary.path, "entry.lock");
const take = async (waitMs = 5000): Promise<Release> => {
  const release = await takeLock(path(), waitFor(waitMs));
  if (release === undefined) throw new Error("the lock was not to be had");
  return release;
};

/** The id of a process that has ended: it was ours, and has been waited for. */
function deadPid(): number {
  return spawnSync(process.execPath, ["--version"]).pid;
}

describe("the lock between processes", () => {
  it("lets one in at a time, and all in the end", async () => {
    let inside = 0;
    let most = 0;
    const visit = async () => {
      const release = await take();
      most = Math.max(most, (inside += 1));
      await delay(5);
      inside -= 1;
      await release();
    };
    await Promise.all(Array.from({ length: 20 }, visit));
    expect(most).to.equal(1);
    expect(readdirSync(temporary.path)).to.deep.equal([]);
  });

  it("gives up when the wait is over", async () => {
    const release = await take();
    expect(await takeLock(path(), waitFor(50))).to.equal(undefined);
    await release();
    expect(existsSync(path())).to.equal(false);
  });

  it("ends the wait with the reason of an abort", async () => {
    const release = await take();
    const controller = new AbortController();
    const waiting = takeLock(path(), waitFor(60_000, controller.signal));
    await delay(30);
    controller.abort(new Error("the user pressed Ctrl-C"));
    const error = await waiting.catch((reason: unknown) => reason);
    expect(error).to.have.property("message", "the user pressed Ctrl-C");
    await release();
  });

  it("takes over at once from a process of this host that is dead", async () => {
    writeFileSync(path(), JSON.stringify([deadPid(), hostname(), "00"]));
    const start = performance.now();
    await (
      await take()
    )();
    expect(performance.now() - start).to.be.below(1000);
    expect(readdirSync(temporary.path)).to.deep.equal([]);
  });

  for (const [title, content] of [
    ["another host's process", JSON.stringify([1, "another-host", "00"])],
    ["a process that died before it wrote its name", ""],
    ["whoever wrote nonsense", "\u0000{]"],
  ] as const) {
    it(`takes over from ${title} once the lock goes untouched`, async () => {
      writeFileSync(path(), content);
      const start = performance.now();
      await (
        await take(10_000)
      )();
      expect(performance.now() - start)
        .to.be.above(2500)
        .and.below(6000);
    });
  }

  it("does not take over from a living holder, however long it works", async () => {
    const release = await take();
    // Another host's name: only the touches can then tell that the holder lives.
    writeFileSync(path(), JSON.stringify([process.pid, "another-host", "00"]));
    expect(await takeLock(path(), waitFor(4500))).to.equal(undefined);
    await release();
  });

  it("does not remove, when given back late, the lock that another has taken over", async () => {
    const late = await take();
    writeFileSync(path(), JSON.stringify([deadPid(), hostname(), "00"]));
    const release = await take();
    const content = readFileSync(path(), "utf8");
    await late();
    expect(readFileSync(path(), "utf8")).to.equal(content);
    await release();
    expect(existsSync(path())).to.equal(false);
  });

  it("is fought over by many when its holder is dead, and one gets it", async () => {
    for (let round = 0; round < 20; round += 1) {
      writeFileSync(path(), JSON.stringify([deadPid(), hostname(), "00"]));
      let inside = 0;
      let most = 0;
      const visit = async () => {
        const release = await take();
        most = Math.max(most, (inside += 1));
        await delay(1);
        inside -= 1;
        await release();
      };
      await Promise.all(Array.from({ length: 8 }, visit));
      expect(most, `round ${round}`).to.equal(1);
    }
    expect(readdirSync(temporary.path)).to.deep.equal([]);
  });

  it("survives a process that died while it took the lock over", async () => {
    const dead = JSON.stringify([deadPid(), hostname(), "00"]);
    writeFileSync(path(), dead);
    writeFileSync(`${path()}.takeover`, dead);
    await (
      await take()
    )();
    expect(readdirSync(temporary.path)).to.deep.equal([]);
  });

  it("says why when no lock can be made at all", async () => {
    const error = await takeLock(join(temporary.path, "no", "such.lock"), waitFor(1000)).catch(
      (reason: unknown) => reason,
    );
    expect(error).to.have.property("code", "ENOENT");
  });
});
