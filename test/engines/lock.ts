import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { processName } from "./setting";

const POLL_MS = 250;
/** No build takes this long: a lock that is older was left by a machine that went away. */
const STALE_MS = 90 * 60_000;

function isAlive(holder: string): boolean {
  const [pid, host] = holder.split("@");
  if (host !== hostname()) return true;
  try {
    process.kill(Number(pid), 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Whether the lock's holder is gone: dead, or silent for longer than any build takes. */
function isStale(path: string, holder: string): boolean {
  // Empty is the instant between a holder's open and its write.
  return (holder !== "" && !isAlive(holder)) || Date.now() - statSync(path).mtimeMs > STALE_MS;
}

/** Takes the lock and answers undefined, or answers who holds it. */
function take(path: string): string | undefined {
  try {
    writeFileSync(path, processName, { flag: "wx" });
    return undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
  try {
    const holder = readFileSync(path, "utf8");
    if (!isStale(path, holder)) return holder;
    rmSync(path, { force: true });
  } catch {
    // It was given back in this very instant.
  }
  return take(path);
}

/**
 * Runs `work` while no other process on this cache folder does. Should the lock fail (two processes that find the
 * same dead holder in the same instant), the work is done twice: it must stand that, and does, by renaming.
 */
export async function withLock<T>(
  path: string,
  waiting: (holder: string) => void,
  work: () => Promise<T>,
): Promise<T> {
  mkdirSync(dirname(path), { recursive: true });
  let told = false;
  for (let holder = take(path); holder !== undefined; holder = take(path)) {
    if (!told && holder !== "") waiting(holder);
    told ||= holder !== "";
    await sleep(POLL_MS);
  }
  try {
    return await work();
  } finally {
    rmSync(path, { force: true });
  }
}
