import { randomBytes } from "node:crypto";
import { type FileHandle, link, open, readFile, rm, stat } from "node:fs/promises";
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
 * Takes a lock between processes: a name that only one of them can give to its own file. The lock of a dead process is
 * taken over: at once where its death can be seen (same host), else after it went untouched for three seconds of
 * watching. Nothing is judged by the times in a file system, whose clock may be another machine's. Undefined when the
 * wait ends without it.
 * @throws the signal's reason; Node's own errors when the folder cannot be written, or has no hard links
 */
export async function takeLock(path: string, { signal, waitMs }: StoreWait): Promise<Release | undefined> {
  const end = performance.now() + waitMs;
  const isStale = watcher(path);
  const claim = await openClaim(path);
  try {
    await claim.file.writeFile(claim.content);
    for (;;) {
      signal.throwIfAborted();
      if (await tryLink(claim.path, path)) return hold(path, claim);
      const stale = await isStale();
      if (stale !== undefined) await takeAway(path, stale, claim);
      if (performance.now() >= end) return await claim.file.close().then(() => undefined);
      await delay(POLL_MS * (0.5 + Math.random()), undefined, { signal }).catch(() => undefined);
    }
  } catch (error) {
    await claim.file.close();
    throw error;
  } finally {
    await rm(claim.path, { force: true });
  }
}

/** A file that says whose the lock will be; it is whole before it gets the lock's name. */
interface Claim {
  readonly path: string;
  readonly content: string;
  readonly file: FileHandle;
}

async function openClaim(path: string): Promise<Claim> {
  const id = randomBytes(8).toString("hex");
  const content = JSON.stringify([process.pid, hostname(), id]);
  const own = `${path}.${id}.tmp`;
  return { path: own, content, file: await open(own, "wx", 0o600) };
}

async function tryLink(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // Windows says EPERM while a deleted file is still open somewhere.
    if (code === "EEXIST" || (code === "EPERM" && process.platform === "win32")) return false;
    throw error;
  }
}

function hold(path: string, { file, content }: Claim): Release {
  // Through the handle, so that a lock which was taken away from us is not touched in its new holder's name.
  const touch = () => file.utimes(new Date(), new Date()).catch(() => undefined);
  const heartbeat = setInterval(() => void touch(), HEARTBEAT_MS).unref();
  return async () => {
    clearInterval(heartbeat);
    await file.close().catch(() => undefined);
    if ((await contentOf(path)) === content) await rm(path, { force: true }).catch(() => undefined);
  };
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

/**
 * Removes a dead process's lock, and only that. One at a time does it, under a lock of its own: else one that decided
 * a moment ago would remove what another has just taken.
 */
async function takeAway(path: string, stale: string, claim: Claim): Promise<void> {
  const guard = `${path}.takeover`;
  if (!(await tryLink(claim.path, guard))) {
    if (isDead((await contentOf(guard)) ?? "")) await rm(guard, { force: true });
    return;
  }
  try {
    if ((await contentOf(path)) === stale) await rm(path, { force: true });
  } finally {
    await rm(guard, { force: true });
  }
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
