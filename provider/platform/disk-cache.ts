import { existsSync, lstatSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Log, StoreSlot, StoreWait, TokenStore } from "../core/context";
import type { Release } from "../core/token/store";
import { MAX_TOKEN_LIFE_MS } from "../core/token/token";
import type { Secret } from "../core/words/secret";
import { entryName, isMarkedWith, seal, unseal } from "./disk-cache-seal";
import {
  ensurePrivateFolder,
  UnusableFileError,
  type Owner,
  readPrivate,
  replacePrivate,
} from "./private-files";
import { takeLock } from "./process-lock";

/** A token has at most 4096 characters (iam-facts 1.2), and little stands beside it. In bytes. */
const MAX_ENTRY_BYTES = 16 * 1024;
const MAX_ENTRIES = 100;
/**
 * Locks and half-written files are in use for seconds; older ones were left by processes that were killed. The time of a
 * lock may be by the clock of another machine, which has the disk.
 */
const LEFTOVER_MS = 24 * 3_600_000;

/** Where the store is, and what it needs. */
export interface DiskStoreParts {
  readonly folder: string;
  /** The host's clock, in milliseconds since the epoch. */
  readonly now: () => number;
  readonly log: Log;
  /** The user whose files are trusted; default this process's own. */
  readonly owner?: Owner;
}

/**
 * Tokens on disk, each encrypted under a key made from its own credential. Whatever goes wrong is a miss: the first
 * problem is logged as a warning, once for each process, and nothing is ever thrown but an abort.
 */
export class DiskStore implements TokenStore {
  /** The first problem is told, and no other. */
  private isTold = false;

  private readonly owner: Owner;

  /** A name is derived from the credential, which costs more than to read the file; one renewal asks for it four times. */
  private readonly paths = new WeakMap<StoreSlot, string>();

  constructor(private readonly parts: DiskStoreParts) {
    this.owner = "owner" in parts ? parts.owner : process.geteuid?.();
  }

  async load(slot: StoreSlot): Promise<string | undefined> {
    const { folder } = this.parts;
    try {
      const file = readPrivate(this.#pathOf(slot), this.owner, MAX_ENTRY_BYTES);
      if (file === undefined) return undefined;
      ensurePrivateFolder(folder, this.owner);
      const text = unseal(slot, file);
      if (text !== undefined) return text;
      throw new UnusableFileError("an entry in it is damaged; it will be written anew");
    } catch (error) {
      return this.#tell(error, slot.log);
    }
  }

  async save(slot: StoreSlot, entry: string, token: Secret): Promise<void> {
    try {
      ensurePrivateFolder(this.parts.folder, this.owner);
      replacePrivate(this.#pathOf(slot), seal(slot, entry, token), this.parts.now());
      sweep(this.parts);
    } catch (error) {
      this.#tell(error, slot.log);
    }
  }

  async forget(token: Secret): Promise<void> {
    try {
      forget(token, this.parts, this.owner);
    } catch (error) {
      this.#tell(error);
    }
  }

  async lock(slot: StoreSlot, wait: StoreWait): Promise<Release | undefined> {
    try {
      ensurePrivateFolder(this.parts.folder, this.owner);
      return await takeLock(`${this.#pathOf(slot)}.lock`, wait);
    } catch (error) {
      wait.signal.throwIfAborted();
      return this.#tell(error, slot.log);
    }
  }

  #pathOf(slot: StoreSlot): string {
    const path = this.paths.get(slot) ?? join(this.parts.folder, entryName(slot));
    this.paths.set(slot, path);
    return path;
  }

  #tell(error: unknown, log = this.parts.log): undefined {
    if (this.isTold) return;
    this.isTold = true;
    log.warn(
      `the token cache in ${this.parts.folder} is not used as it should be: ${reasonOf(error)}. Tokens are got anew where it cannot help; to do without it, set the option cache, or YCIAM_CACHE, to memory.`,
    );
  }
}

/** Removes the entries that hold the token. Entries that cannot be read, or have another format, are left to the sweep. */
function forget(token: Secret, { folder, now }: DiskStoreParts, owner: Owner): void {
  for (const { path } of list(folder, now()).filter(({ isEntry }) => isEntry)) {
    const file = unlessFailed(() => readPrivate(path, owner, MAX_ENTRY_BYTES));
    // Another process may replace the entry at this moment. The new one is then removed too, which costs one exchange.
    if (file !== undefined && isMarkedWith(token, file)) rmSync(path, { force: true });
  }
}

function unlessFailed<T>(act: () => T): T | undefined {
  try {
    return act();
  } catch {
    return undefined;
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof UnusableFileError) return error.message;
  return (error as NodeJS.ErrnoException).code ?? "unknown error";
}

interface Listed {
  readonly path: string;
  readonly isEntry: boolean;
  /** Milliseconds since it was written; negative for a time in the future. */
  readonly age: number;
}

/** Removes entries that can hold no living token, the oldest above the limit, and what killed processes left. */
function sweep({ folder, now }: DiskStoreParts): void {
  const files = list(folder, now());
  const isOld = ({ isEntry, age }: Listed) => Math.abs(age) > (isEntry ? MAX_TOKEN_LIFE_MS : LEFTOVER_MS);
  const spare = files
    .filter((file) => file.isEntry && !isOld(file))
    .sort((a, b) => a.age - b.age)
    .slice(MAX_ENTRIES);
  for (const { path } of [...files.filter(isOld), ...spare]) rmSync(path, { recursive: true, force: true });
}

function list(folder: string, now: number): readonly Listed[] {
  const names = existsSync(folder) ? readdirSync(folder) : [];
  return names
    .filter((name) => /^[0-9a-f]{32}(?:\.[0-9a-z.]+)?$/.test(name))
    .flatMap((name) => {
      const path = join(folder, name);
      const isEntry = name.length === 32;
      const stats = unlessFailed(() => lstatSync(path));
      // Locks are folders.
      if (stats === undefined || !(stats.isFile() || (stats.isDirectory() && !isEntry))) return [];
      return [{ path, isEntry, age: now - stats.mtimeMs }];
    });
}
