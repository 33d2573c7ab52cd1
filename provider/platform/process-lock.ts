import { randomBytes } from "node:crypto";
import {
  chmodSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  rmdirSync,
  statSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { StoreWait } from "../core/context";
import type { Release } from "../core/token/store";
import { processSpace } from "./process-space";
import { steadyNow } from "../core/token/clock";

/** The holder touches its lock this often. Milliseconds. */
const HEARTBEAT_MS = 500;
/** When a waiter has watched a lock for this long, and nobody touched it, the lock belongs to nobody. Milliseconds. */
const STALE_MS = 3000;
const POLL_MS = 10;

/**
 * Takes a lock between processes: a folder with one file in it, whose name says who holds it. A process makes its own
 * folder elsewhere and renames it to the lock's name, which works only while nothing, or an empty folder, has that
 * name. To give the lock back, or to take it from a dead process, is to remove the file with that holder's name. So a
 * late removal never hits another holder, and a process that is killed half-way leaves an empty folder, which is free.
 *
 * A dead holder is known at once by its process id, where ids can tell. Else it is known by three seconds in which the
 * waiter saw no touch. A file's time is compared only with its own earlier time: a file system may have another
 * machine's clock.
 * @returns undefined when the wait ends without the lock
 * @throws the signal's reason; Node's own errors when the folder cannot be written, or no folder has the lock's name
 */
export async function takeLock(path: string, { signal, waitMs }: StoreWait): Promise<Release | undefined> {
  const end = steadyNow() + waitMs;
  const id = randomBytes(8).toString("hex");
  const space = processSpace();
  const holder = `${process.pid}-${space}-${id}`;
  const own = `${path}.${id}.tmp`;
  let clear: (() => boolean) | undefined;
  let isTaken = false;
  try {
    mkdirSync(own);
    chmodSync(own, 0o700);
    writeFileSync(join(own, holder), "");
    for (;;) {
      signal.throwIfAborted();
      isTaken = tryRename(own, path);
      if (isTaken) return hold(path, holder);
      clear ??= clearer(path, space);
      if (clear()) continue;
      if (steadyNow() >= end) return undefined;
      await delay(POLL_MS * (0.5 + Math.random()), undefined, { signal }).catch(() => undefined);
    }
  } finally {
    if (!isTaken) rmSync(own, { recursive: true, force: true });
  }
}

function tryRename(from: string, to: string): boolean {
  try {
    renameSync(from, to);
    return true;
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    // Windows has other codes for it, and does not rename to an empty folder either.
    const taken = process.platform === "win32" ? ["EPERM", "EACCES", "EEXIST"] : ["ENOTEMPTY", "EEXIST"];
    if (taken.includes(code)) return false;
    throw error;
  }
}

function hold(path: string, holder: string): Release {
  const touch = () => succeeds(() => utimesSync(join(path, holder), new Date(), new Date()));
  const heartbeat = setInterval(touch, HEARTBEAT_MS).unref();
  return async () => {
    clearInterval(heartbeat);
    succeeds(() => free(path, holder));
  };
}

/** @throws Node's own errors when the holder's file cannot be removed */
function free(path: string, holder: string): void {
  try {
    unlinkSync(join(path, holder));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
  // Fails where another has taken the lock in between.
  succeeds(() => rmdirSync(path));
}

function succeeds(act: () => void): boolean {
  try {
    act();
    return true;
  } catch {
    return false;
  }
}

/** Frees the lock once its holder is known to be dead, and says whether it did; `space` is this process's own. */
function clearer(path: string, space: string): () => boolean {
  let last = "";
  let since = steadyNow();
  return () => {
    const holder = holderOf(path);
    // Only Windows needs this: there an empty folder keeps its name taken.
    if (holder === undefined) return succeeds(() => rmdirSync(path));
    const seen = `${holder} ${touchedAt(join(path, holder))}`;
    if (seen !== last) since = steadyNow();
    last = seen;
    if (!isDead(holder, space) && steadyNow() - since < STALE_MS) return false;
    free(path, holder);
    return true;
  };
}

function holderOf(path: string): string | undefined {
  try {
    return readdirSync(path)[0];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

function isDead(holder: string, ownSpace: string): boolean {
  const [pid, space] = holder.split("-");
  if (space !== ownSpace) return false;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
}

function touchedAt(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
