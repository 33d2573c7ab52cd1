import { randomBytes } from "node:crypto";
import {
  chmodSync,
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  futimesSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname } from "node:path";

// Each call takes microseconds, and there are two dozen of them around one token. To hand each to another thread would
// take longer than the token's request does.

/** A file or folder not to be relied on: not ours, not private, or damaged. `message` says so, and how to mend it. */
export class UnusableFileError extends Error {}

/** Whose files are trusted: a user id, or undefined where the system has none (Windows). */
export type Owner = number | undefined;

// Neither flag exists on Windows. Without NONBLOCK, opening a pipe waits for its other end.
const { O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants;
const READ_FLAGS = O_RDONLY | O_NOFOLLOW | O_NONBLOCK;

interface Stats {
  readonly uid: number;
  readonly mode: number;
}

/**
 * Makes the folder, with mode 0700, or checks the one that is there.
 * @throws UnusableFileError for a link, another user's folder or one that others may enter; Node's own errors
 */
export function ensurePrivateFolder(folder: string, owner: Owner): void {
  makeFolder(folder);
  const stats = lstatSync(folder);
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
export function makeFolder(folder: string): void {
  // A second time, once the folder above is made, and no third.
  for (let isLast = false; ; isLast = true) {
    try {
      mkdirSync(folder, { mode: 0o700 });
      return chmodSync(folder, 0o700);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      const above = dirname(folder);
      if (code === "EEXIST") return;
      if (isLast || code !== "ENOENT" || above === folder) throw error;
      makeFolder(above);
    }
  }
}

/**
 * The whole file, or undefined when there is none.
 * @param limit in bytes; a longer file is not read
 * @throws UnusableFileError for a link, a pipe, another user's file, one that others may read, or one over the limit
 */
export function readPrivate(path: string, owner: Owner, limit: number): Buffer | undefined {
  const file = openPlain(path);
  if (file === undefined) return undefined;
  try {
    const stats = fstatSync(file);
    if (!stats.isFile()) throw new UnusableFileError("an entry in it is no plain file; remove that");
    if (stats.size > limit)
      throw new UnusableFileError("an entry in it is too large to be ours; remove that");
    assertPrivate(stats, owner, "chmod 600");
    return readFileSync(file);
  } finally {
    closeSync(file);
  }
}

function openPlain(path: string): number | undefined {
  try {
    return openSync(path, READ_FLAGS);
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
export function replacePrivate(path: string, content: Buffer, time: number): void {
  const temporary = `${path}.${randomBytes(8).toString("hex")}.tmp`;
  try {
    const file = openSync(temporary, "wx", 0o600);
    try {
      fchmodSync(file, 0o600);
      writeFileSync(file, content);
      futimesSync(file, time / 1000, time / 1000);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}
