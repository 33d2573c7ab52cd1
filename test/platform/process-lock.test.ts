import { expect } from "chai";
import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { type Release, takeLock } from "../../provider/platform/process-lock";
import { processSpace } from "../../provider/platform/process-space";
import { bundle } from "../support/bundle";
import { folderForEach } from "../support/folders";
import { waitFor } from "../support/stores";

const temporary = folderForEach();
const path = () => join(temporary.path, "entry.lock");
const take = async (waitMs = 5000): Promise<Release> => {
  const release = await takeLock(path(), waitFor(waitMs));
  if (release === undefined) throw new Error("the lock was not to be had");
  return release;
};
/** What a look at the lock without any wait comes to. */
const takeAtOnce = () => takeLock(path(), waitFor(0));

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
  it("lets one in at a time, and all in the end", async () => {
    expect(await crowd(20, 5)).to.equal(1);
    expect(readdirSync(temporary.path)).to.deep.equal([]);
  });

  it("gives up when the wait is over", async () => {
    const release = await take();
    expect(await takeLock(path(), waitFor(50))).to.equal(undefined);
    await release();
    expect(readdirSync(temporary.path)).to.deep.equal([]);
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
    expect(readdirSync(temporary.path)).to.deep.equal([]);
  });

  it("takes over at once from a process of this host that is dead", async () => {
    leave(path(), nameOf(deadPid()));
    const release = await takeAtOnce();
    expect(release).not.to.equal(undefined);
    await release?.();
    expect(readdirSync(temporary.path)).to.deep.equal([]);
  });

  for (const [title, holder] of [
    [
      "another host or container, whose process ids tell nothing here",
      () => nameOf(deadPid(), "f".repeat(16)),
    ],
    ["a dead process whose id a living one has got", () => nameOf(process.pid)],
    ["whoever wrote nonsense", () => "nonsense"],
  ] as const) {
    it(`takes over from ${title}, once the lock went untouched for three seconds`, async () => {
      leave(path(), holder());
      expect(await takeLock(path(), waitFor(1500))).to.equal(undefined);
      const release = await take(8000);
      await release();
      expect(readdirSync(temporary.path)).to.deep.equal([]);
    });
  }

  it("does not take over from a living holder, however long it works", async () => {
    const release = await take();
    expect(await takeLock(path(), waitFor(4500))).to.equal(undefined);
    await release();
  });

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
      const release = await takeAtOnce();
      expect(release).not.to.equal(undefined);
      await release?.();
      expect(existsSync(path())).to.equal(false);
    });
  }

  it("says why when no lock can be made at all", async () => {
    const error = await takeLock(join(temporary.path, "no", "such.lock"), waitFor(1000)).catch(
      (reason: unknown) => reason,
    );
    expect(error).to.have.property("code", "ENOENT");
  });

  it("says why when something else has its name", async () => {
    writeFileSync(path(), "");
    const error = await takeAtOnce().catch((reason: unknown) => reason);
    expect(error).to.have.property("code", "ENOTDIR");
    expect(readdirSync(temporary.path)).to.deep.equal(["entry.lock"]);
  });

  describe("held by a real process", () => {
    const bundles = folderForEach();
    const start = async (): Promise<ChildProcessWithoutNullStreams> => {
      const child = spawn(process.execPath, [bundle("test/platform/children/lock.ts", bundles.path), path()]);
      expect(await said(child)).to.equal("ready\n");
      return child;
    };

    it("is to be had at once when that is killed", async () => {
      const child = await start();
      expect(await takeAtOnce()).to.equal(undefined);
      child.kill("SIGKILL");
      await once(child, "close");
      const release = await takeAtOnce();
      expect(release).not.to.equal(undefined);
      await release?.();
    });

    it("is taken over when that is suspended, which on waking neither touches nor removes what is another's", async () => {
      const child = await start();
      child.kill("SIGSTOP");
      const release = await take(8000);
      const ours = readdirSync(path());
      child.kill("SIGCONT");
      // Time for a heartbeat.
      await delay(1000);
      child.stdin.write("go\n");
      expect(await said(child)).to.equal("done\n");
      expect(readdirSync(path())).to.deep.equal(ours);
      await release();
      expect(readdirSync(temporary.path)).to.deep.equal([]);
    });
  });

  it("that was taken over is not given back late, when yet another holds it", async () => {
    const late = await take();
    const [mine = ""] = readdirSync(path());
    renameSync(join(path(), mine), join(path(), nameOf(deadPid())));
    const release = await take();
    const ours = readdirSync(path());
    await late();
    expect(readdirSync(path())).to.deep.equal(ours);
    await release();
  });
});

async function said(child: ChildProcessWithoutNullStreams): Promise<string> {
  const [chunk] = (await once(child.stdout, "data")) as [Buffer];
  return chunk.toString();
}
