import { randomBytes } from "node:crypto";
import { type FileHandle, link, open, readFile, rename, rm, stat } from "node:fs/promises";
import { hostname } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import type { StoreWait } from "../core/context";

/** The holder touches its lock this often. Milliseconds. */
const HEARTBEAT_MS = 500;
/** A lock that nobody touched while a waiter watched it for this long belongs to nobody. Milliseconds. */
const STALE_MS = 3000;
const POLL_MS = 10;

/** Gives a lock back; never rejects. */
export type Release = () => Promise<void>;

/**
 * Takes a lock between processes: a file that only one of them can create. The lock of a dead process is taken over:
 * at once where its death can be seen (same host), else after it went untouched for three seconds of watching. Nothing
 * is judged by the times in a file system, whose clock may be another machine's. Undefined when the wait ends without
 * it.
 * @throws the signal's reason; Node's own errors when the folder cannot be written
 */
export async function takeLock(path: string, { signal, waitMs }: StoreWait): Promise<Release | undefined> {
  const end = performance.now() + waitMs;
  const isStale = watcher(path);
  for (;;) {
    signal.throwIfAborted();
    const release = await tryTake(path);
    if (release !== undefined) return release;
    const stale = await isStale();
    if (stale !== undefined) await takeAway(path, stale);
    else if (performance.now() >= end) return undefined;
    else await delay(POLL_MS * (0.5 + Math.random()), undefined, { signal }).catch(() => undefined);
  }
}

async function tryTake(path: string): Promise<Release | undefined> {
  const file = await createNew(path);
  if (file === undefined) return undefined;
  const content = JSON.stringify([process.pid, hostname(), randomBytes(8).toString("hex")]);
  // Through the handle, so that a lock which was taken away from us is not touched in its new holder's name.
  const touch = () => file.utimes(new Date(), new Date()).catch(() => undefined);
  const heartbeat = setInterval(() => void touch(), HEARTBEAT_MS).unref();
  const release = async () => {
    clearInterval(heartbeat);
    await file.close().catch(() => undefined);
    if ((await contentOf(path)) === content) await rm(path, { force: true }).catch(() => undefined);
  };
  await file.writeFile(content).catch(async (error: unknown) => {
    clearInterval(heartbeat);
    await file.close();
    await rm(path, { force: true });
    throw error;
  });
  return release;
}

async function createNew(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, "wx", 0o600);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // Windows says EPERM while a deleted file is still open somewhere.
    if (code === "EEXIST" || (code === "EPERM" && process.platform === "win32")) return undefined;
    throw error;
  }
}

/** Answers with the content of the lock once that is known to be a dead process's. */
function watcher(path: string): () => Promise<string | undefined> {
  let last = "";
  let since = performance.now();
  return async () => {
    const content = await contentOf(path);
    if (content === undefined) return undefined;
    if (isDead(content)) return content;
    const seen = `${content} ${await touchedAt(path)}`;
    if (seen !== last) since = performance.now();
    last = seen;
    return performance.now() - since >= STALE_MS ? content : undefined;
  };
}

function isDead(content: string): boolean {
  const [pid, host] = parse(content);
  if (typeof pid !== "number" || host !== hostname()) return false;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
}

function parse(content: string): readonly unknown[] {
  try {
    const parsed: unknown = JSON.parse(content);
    return Array.isArray(parsed) ? parsed : [];
  } catch {
    return [];
  }
}

/** Removes a dead process's lock, and only that: one that was newly taken in the meantime is put back. */
async function takeAway(path: string, stale: string): Promise<void> {
  const aside = `${path}.${randomBytes(8).toString("hex")}.tmp`;
  try {
    await rename(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
    throw error;
  }
  if ((await contentOf(aside)) !== stale) await link(aside, path).catch(() => undefined);
  await rm(aside, { force: true });
}

async function contentOf(path: string): Promise<string | undefined> {
  return readFile(path, "utf8").catch(() => undefined);
}

async function touchedAt(path: string): Promise<number> {
  return stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
}
