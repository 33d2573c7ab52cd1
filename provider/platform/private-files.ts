import { randomBytes } from "node:crypto";
import { constants, promises as fs } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { dirname } from "node:path";

/** A file or folder not to be relied on: not ours, not private, or damaged. `message` says so, and how to mend it. */
export class UnusableFileError extends Error {}

/** Whose files are trusted: a user id, or undefined where the system has none (Windows). */
export type Owner = number | undefined;

// Neither flag exists on Windows. Without NONBLOCK, opening a pipe waits for its other end.
const READ_FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

interface Stats {
  readonly uid: number;
  readonly mode: number;
}

/**
 * Makes the folder, with mode 0700, or checks the one that is there.
 * @throws UnusableFileError for a link, another user's folder or one that others may enter; Node's own errors
 */
export async function ensurePrivateFolder(folder: string, owner: Owner): Promise<void> {
  await makeFolder(folder);
  const stats = await fs.lstat(folder);
  if (!stats.isDirectory())
    throw new UnusableFileError("it is a link or a file; put a folder of your own in its place");
  assertPrivate(stats, owner, "chmod 700");
}

/**
 * Makes the folder, and those above it, with mode 0700 whatever the umask. What has the name already is left alone.
 * Node's own recursive mkdir does not set the mode, and never ends where a file system, such as /proc, says of every new
 * folder that the one above it is missing.
 * @throws Node's own errors
 */
export async function makeFolder(folder: string): Promise<void> {
  // A second time, once the folder above is made, and no third.
  for (let isLast = false; ; isLast = true) {
    try {
      await fs.mkdir(folder, { mode: 0o700 });
      return await fs.chmod(folder, 0o700);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      const above = dirname(folder);
      if (code === "EEXIST") return;
      if (isLast || code !== "ENOENT" || above === folder) throw error;
      await makeFolder(above);
    }
  }
}

/**
 * The whole file, or undefined when there is none.
 * @param limit in bytes; a longer file is not read
 * @throws UnusableFileError for a link, a pipe, another user's file, one that others may read, or one over the limit
 */
export async function readPrivate(path: string, owner: Owner, limit: number): Promise<Buffer | undefined> {
  const file = await openPlain(path);
  if (file === undefined) return undefined;
  try {
    const stats = await file.stat();
    if (!stats.isFile()) throw new UnusableFileError("an entry in it is no plain file; remove that");
    if (stats.size > limit)
      throw new UnusableFileError("an entry in it is too large to be ours; remove that");
    assertPrivate(stats, owner, "chmod 600");
    return await file.readFile();
  } finally {
    await file.close();
  }
}

async function openPlain(path: string): Promise<FileHandle | undefined> {
  try {
    return await fs.open(path, READ_FLAGS);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return undefined;
    if (code === "ELOOP" || code === "EMLINK")
      throw new UnusableFileError("an entry in it is a link; remove that");
    throw error;
  }
}

function assertPrivate({ uid, mode }: Stats, owner: Owner, remedy: string): void {
  if (owner === undefined) return;
  if (uid !== owner) throw new UnusableFileError("it belongs to another user; remove it");
  if ((mode & 0o077) !== 0)
    throw new UnusableFileError(`others may read it; run ${remedy} on it or remove it`);
}

/**
 * Puts a new file, with mode 0600, in the place of whatever had the name: readers see the old one or the new one, and
 * never a part. The library write-file-atomic does not fit: it takes over an old file's mode and owner.
 * @param time modification time, in milliseconds since the epoch
 */
export async function replacePrivate(path: string, content: Buffer, time: number): Promise<void> {
  const temporary = `${path}.${randomBytes(8).toString("hex")}.tmp`;
  try {
    const file = await fs.open(temporary, "wx", 0o600);
    try {
      await file.chmod(0o600);
      await file.writeFile(content);
      await file.utimes(time / 1000, time / 1000);
      await file.sync();
    } finally {
      await file.close();
    }
    await fs.rename(temporary, path);
  } catch (error) {
    await fs.rm(temporary, { force: true }).catch(() => undefined);
    throw error;
  }
}
